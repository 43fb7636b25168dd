#!/usr/bin/env bash
# Ten releases, a rollback and three broken releases over SSH, under a load that never stops: nobody must notice.
#   RELEASES=2 docker/tests/releases.sh …  fewer of them
#   docker/tests/releases.sh user@host     a host that ssh takes without a question, with its key known (KNOWN_HOSTS),
#                                          that has Docker and is this machine: FOLDER (a new one) is made on it
set -euo pipefail
cd "$(dirname "$0")/../.."
HOST=$1 last=${RELEASES:-10}
scratch=$(mktemp -d)
free_port() { python3 -c 'import socket; print(socket.create_server(("127.0.0.1", 0)).getsockname()[1])'; }
random() { python3 -c 'import secrets; print(secrets.token_urlsafe(50))'; }
HTTP_PORT=$(free_port) HTTPS_PORT=$(free_port) TEST_DATABASE_PASSWORD=$(random)
export HOST HTTP_PORT HTTPS_PORT TEST_DATABASE_PASSWORD FOLDER=$scratch/host LOAD='' ENV_FILE=''
load=

on_host() { (cd "$FOLDER" && COMPOSE_PROJECT_NAME=madang COMPOSE_FILE=$files docker/compose.sh "$@"); }
files=docker-compose.prod.yml:docker/tests/compose.yml
cleanup() {
  [ -z "$load" ] || kill -9 "$load" 2>/dev/null || true
  on_host down --volumes --timeout 5 >/dev/null 2>&1 || true
  docker image ls --quiet --filter reference='madang-release:*' | xargs -r docker image rm --force >/dev/null 2>&1 || true
  rm -rf "$scratch"
}
trap cleanup EXIT

for number in $(seq 0 "$last"); do
  docker build -q -f docker/Dockerfile --build-arg COMMIT="release-$number" -t "madang-release:$number" . >/dev/null
done
broken() { # broken NAME LINE...: an image of the last release, changed for the worse
  printf '%s\n' "FROM madang-release:$last" 'USER root' "${@:2}" 'USER madang' | docker build -q -t "madang-release:$1" - >/dev/null
}
broken tells-secrets "RUN echo 'import os; raise RuntimeError(os.environ[\"DATABASE_PASSWORD\"])' >config/wsgi.py"
broken does-not-migrate "RUN echo 'raise SystemExit(\"this migration fails\")' >board/migrations/9999_broken.py"
broken never-ready 'ENV PORT=8001' 'HEALTHCHECK --interval=1s --retries=100 CMD ["false"]'

mkdir -p "$FOLDER/tls"
openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=localhost -addext subjectAltName=DNS:localhost \
  -keyout "$FOLDER/tls/privkey.pem" -out "$FOLDER/tls/fullchain.pem" 2>/dev/null
cat >"$scratch/env" <<END
DJANGO_SECRET_KEY=$(random)
JWT_SIGNING_KEY=$(random)
ADDRESS_HASH_KEY=$(random)
DJANGO_ALLOWED_HOSTS=localhost
DATABASE_HOST=db
DATABASE_USER=madang
DATABASE_PASSWORD=$TEST_DATABASE_PASSWORD
CACHE_URL=rediscache://redis:6379/0
REQUIRE_SCHOOL_VERIFICATION=off
THROTTLE_LOGIN=1000/min
WEB_CONCURRENCY=2
TLS=here
HTTP_PORT=$HTTP_PORT
HTTPS_PORT=$HTTPS_PORT
END
if KNOWN_HOSTS=/dev/null make deploy IMAGE=madang-release:0 >"$scratch/log" 2>&1; then
  echo 'a host whose key is unknown was released on' >&2
  exit 1
fi
grep -q 'Host key verification failed' "$scratch/log"
[ ! -e "$FOLDER/releases" ]

# The database and Redis are there before the first release, in the project's network.
cp -R docker-compose.prod.yml docker "$FOLDER/"
cp "$scratch/env" "$FOLDER/.env.prod"
chmod 644 "$FOLDER/.env.prod"
IMAGE=madang-release:0 on_host up --detach --wait db redis >/dev/null 2>&1

ENV_FILE=$scratch/env make deploy IMAGE=madang-release:0
[ "$(stat -c %a "$FOLDER/.env.prod")" = 600 ]
on_host run --rm --no-deps housekeeping load_demo --force >/dev/null 2>&1
SITE=https://localhost:$HTTPS_PORT CERTIFICATE=$FOLDER/tls/fullchain.pem \
  python3 docker/tests/load.py "$scratch/report.json" &
load=$!
sleep 5

for number in $(seq "$last"); do make deploy IMAGE="madang-release:$number"; done
make rollback
before=madang-release:$((last - 1))
serving() { docker inspect -f '{{.Config.Image}}' "$(on_host ps --quiet web-blue web-green)"; }
[ "$(serving)" = "$before" ]
for name in tells-secrets does-not-migrate never-ready; do
  # The first gives up by itself: it starts, and falls, three times.
  if WAIT=60 make deploy IMAGE="madang-release:$name" >"$scratch/$name.log" 2>&1; then
    echo "the broken release $name was released" >&2
    exit 1
  fi
  cat "$scratch/$name.log"
  if grep -qF "$TEST_DATABASE_PASSWORD" "$scratch/$name.log"; then exit 1; fi
  [ "$(serving)" = "$before" ]
done
sleep 3
kill "$load"
wait "$load" || true
load=
cat "$scratch/report.json"
# Nobody saw a failure, and each of the eight kept asking.
python3 - "$scratch/report.json" "$((10 * last))" <<'END'
import json, sys
report = json.load(open(sys.argv[1]))
assert report["failed"] == 0, report
assert report["of_the_idlest"] > int(sys.argv[2]), report
END
grep -qF '[secret]' "$scratch/tells-secrets.log"
[ "$(docker image ls --quiet --filter reference='madang-release:[0-9]*' | wc -l)" = 3 ]
