#!/usr/bin/env bash
# Follows docs/guides/deploying-without-docker.md, block by block, on a host that is a container with systemd; then a
# release under load, a web that is killed, and a stop. Needs Docker, which must let a container be privileged.
set -euo pipefail
cd "$(dirname "$0")/../.."
guide=docs/guides/deploying-without-docker.md
host=madang-systemd-test
scratch=$(mktemp -d)
cleanup() {
  docker rm --force --volumes $host >/dev/null 2>&1 || true
  rm -rf "$scratch"
}
trap cleanup EXIT

say() { printf '\n=== %s (%d s)\n' "$1" $SECONDS; }
random() { python3 -c 'import secrets; print(secrets.token_urlsafe(50))'; }
on_host() { docker exec --interactive $host bash -euo pipefail "$@"; }
# A script from the standard input, which is whole before it runs: what asks for input gets none, and not its next lines.
script_on_host() { docker exec --interactive $host bash -c 'cat >/srv/script && exec bash -euo pipefail /srv/script </dev/null'; }
# block NUMBER: that block of commands of the guide, without its indentation
block() { awk -v wanted="$1" '/^ *```sh$/ { n++; inside = n == wanted; next } /^ *```$/ { inside = 0 } inside' $guide | sed 's/^   //'; }

say 'A host with systemd, a database and Redis'
docker build -q -t $host - >/dev/null <<'END'
FROM python:3.13-slim-bookworm
RUN apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -qq -y --no-install-recommends \
  systemd systemd-sysv dbus sudo curl openssl ca-certificates mariadb-server redis-server >/dev/null
STOPSIGNAL SIGRTMIN+3
CMD ["/sbin/init"]
END
docker rm --force --volumes $host >/dev/null 2>&1 || true
docker run --detach --name $host --privileged --tmpfs /run --tmpfs /run/lock --volume /sys/fs/cgroup:/sys/fs/cgroup:rw \
  $host >/dev/null
on_host -c 'for _ in {1..60}; do [[ $(systemctl is-system-running 2>&1) =~ running|degraded ]] && break; sleep 1; done'
on_host -c "systemctl start mariadb redis-server && mariadb -e \"CREATE DATABASE madang CHARACTER SET utf8mb4;
  CREATE USER madang@localhost IDENTIFIED BY 'database'; GRANT ALL ON madang.* TO madang@localhost\""
git clone -q --bare . "$scratch/madang.git"
docker cp -q "$scratch/madang.git" $host:/madang.git
on_host -c 'chmod -R a+rX /madang.git'

say 'Step 1: packages, a user, folders, a checkout'
{
  # A clone of what is committed here stands in for GitHub.
  echo 'apt-get install -qq -y git >/dev/null; git config --system safe.directory "*"'
  block 1 | sed 's|https://github.com/you/madang|file:///madang.git|; s/apt-get install/& -qq -y/'
} | script_on_host >/dev/null

say 'Steps 2 to 4: settings, units, a version, the start'
cat >"$scratch/env" <<END
DJANGO_SECRET_KEY=$(random)
JWT_SIGNING_KEY=$(random)
ADDRESS_HASH_KEY=$(random)
DJANGO_ALLOWED_HOSTS=localhost
DATABASE_HOST=localhost
DATABASE_NAME=madang
DATABASE_USER=madang
DATABASE_PASSWORD=database
CACHE_URL=rediscache://127.0.0.1:6379/0
REQUIRE_SCHOOL_VERIFICATION=off
WEB_CONCURRENCY=2
END
docker cp -q "$scratch/env" $host:/srv/.env.prod
{
  echo 'cd /srv'
  block 2
  echo 'openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=localhost -addext subjectAltName=DNS:localhost \
    -keyout /srv/tls/privkey.pem -out /srv/tls/fullchain.pem 2>/dev/null'
  # Nobody sits at a terminal here.
  block 3 | sed 's/--pty/--pipe --wait/'
  block 4 | sed 's/ && manage createsuperuser//'
} | script_on_host >"$scratch/log" 2>&1 || { tail -n 40 "$scratch/log" >&2; exit 1; }

# site PATH [OPTION…]: what nginx answers, over TLS
site() { on_host -c 'curl -fsS --cacert /srv/tls/fullchain.pem "https://localhost$0" "${@:1}"' "$@"; }
until_ready() {
  for _ in {1..60}; do
    if site /readyz >/dev/null 2>&1; then return; fi
    sleep 1
  done
  on_host -c 'systemctl status --no-pager "madang*"; journalctl --no-pager -n 60; tail -n 20 /var/log/madang/nginx.log' >&2
  exit 1
}
until_ready

say 'It serves the API, its files and its tasks'
[ "$(on_host -c 'curl -s -o /dev/null -w "%{http_code}" http://localhost/api/v1/schools/')" = 301 ]
school=$(site '/api/v1/schools/?page_size=1' | python3 -c 'import json, sys; print(json.load(sys.stdin)["results"][0]["id"])')
site /api/v1/auth/signup/ -H 'Content-Type: application/json' -d "{\"username\": \"minji\", \"email\": \"minji@example.com\",
  \"password\": \"maroon-battery-9\", \"nickname\": \"민지\", \"school\": $school, \"admission_year\": 2026}" >/dev/null
page=$(site /admin/login/)
stylesheet=$(grep -o -m 1 '/static/[^"]*\.css' <<<"$page")
site "$stylesheet" >/dev/null
for unit in web worker housekeeping; do on_host -c "systemctl is-active --quiet madang@$unit"; done
on_host -c 'systemctl is-active --quiet madang-nginx'
on_host -c 'systemctl is-enabled --quiet madang@web madang@worker madang@housekeeping madang-nginx'

say 'A release: nobody is refused'
# What curl can't ask is 000.
on_host -c 'until [ -e /tmp/stop ]; do
  curl -s --cacert /srv/tls/fullchain.pem -o /dev/null -w "%{http_code}\n" https://localhost/api/v1/schools/ || true
done' >"$scratch/answers" &
load=$!
{
  block 3 | sed 's/--pty/--pipe --wait/'
  block 5
} | script_on_host >"$scratch/log" 2>&1 || { tail -n 40 "$scratch/log" >&2; exit 1; }
sleep 10
on_host -c 'touch /tmp/stop'
wait $load
[ "$(grep -c '^200$' "$scratch/answers")" -gt 50 ] && [ "$(grep -vc '^200$' "$scratch/answers")" = 0 ] || {
  sort "$scratch/answers" | uniq -c >&2
  exit 1
}
echo "$(wc -l <"$scratch/answers") requests, all answered"

say 'A web that is killed comes back by itself'
on_host -c 'systemctl kill --signal=KILL madang@web'
sleep 1
until_ready

say 'After the host starts anew, so does it'
docker restart --time 30 $host >/dev/null
until_ready

say 'Maintenance, and a stop'
on_host -c 'touch /srv/live/maintenance'
[ "$(on_host -c 'curl -s --cacert /srv/tls/fullchain.pem -o /dev/null -w "%{http_code}" https://localhost/api/v1/schools/')" = 503 ]
on_host -c "timeout 20 systemctl stop 'madang*'"
say 'All held'
