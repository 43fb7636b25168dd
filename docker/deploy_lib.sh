# What docker/deploy.sh is made of. Sourced by bash, in the folder of docker-compose.prod.yml.
# shellcheck shell=bash disable=SC2154 # deploy.sh sets image, new and log

say() { printf 'madang: %s\n' "$*"; }
die() {
  say "$*" >&2
  exit 1
}

compose() { IMAGE=$image docker/compose.sh "$@"; }

logged() { # logged NAME COMMAND…: what it says is kept, for `fail`
  step=$1
  "${@:2}" >"$log" 2>&1
}
once() { logged "$1" compose run --rm --no-deps -T "${@:2}"; } # once NAME ARGUMENT…: a container for one command

# image_of N: the image of the Nth release from the end; the same one twice in a row is one release.
image_of() { tac releases | cut -d ' ' -f 2 | uniq | sed -n "$1p"; }

# --- Which of the two serves ---------------------------------------------------------------------------
serving() { if [ -e live/green ]; then echo green; else echo blue; fi; }
other() { if [ "$1" = green ]; then echo blue; else echo green; fi; }
switch_to() { if [ "$1" = green ]; then touch live/green; else rm -f live/green; fi; }

fetch() { # fetch IMAGE|FILE: prints the name of the image, which is here afterwards
  if [ -f "$1" ]; then
    docker load --quiet --input "$1" | sed -n 's/^Loaded image: //p' | tail -n 1
  else
    docker image inspect "$1" >/dev/null 2>&1 || docker pull --quiet "$1" >/dev/null || die "there is no image $1."
    echo "$1"
  fi
}

wait_until_ready() { # wait_until_ready SERVICE
  local id state restarts health
  id=$(compose ps --all --quiet "$1")
  for ((waited = 0; waited < ${WAIT:-120}; waited++)); do
    read -r state restarts health <<<"$(docker inspect --format \
      '{{.State.Status}} {{.RestartCount}} {{with .State.Health}}{{.Status}}{{end}}' "$id")"
    if [ "$state $health" = 'running healthy' ]; then return 0; fi
    if [ "$state" = exited ] || [ "$restarts" -ge 3 ]; then return 1; fi
    sleep 1
  done
  return 1
}

# In a container of its own, with the environment and the files that nginx will have: the one that serves goes on.
test_nginx() { once 'the test of nginx' --entrypoint '/bin/sh /etc/nginx/madang/start.sh test' nginx; }

# nginx is started or made anew only where it must be; changed files alone are read by a reload. Both were tested.
refresh_nginx() {
  nginx_refreshed=1
  logged 'the start of nginx' compose up --detach --no-deps nginx || return 1
  if [ -n "$nginx_changed" ]; then
    for ((tries = 0; tries < 20; tries++)); do
      if in_nginx test -s /tmp/nginx.pid 2>/dev/null; then break; fi
      sleep 0.5
    done
    in_nginx sh /etc/nginx/madang/start.sh configure || return 1
    compose kill --signal HUP nginx >/dev/null 2>&1 || return 1
  fi
}
in_nginx() { compose exec -T nginx "$@"; }

# Through nginx, from its own side.
answers() {
  for ((tries = 0; tries < 5; tries++)); do
    if in_nginx curl -fs -o /dev/null http://127.0.0.1/readyz; then return 0; fi
    sleep 1
  done
  return 1
}

# --- Settings, and nginx's files ---------------------------------------------------------------------------
# .env.prod         in force: what containers are started with
# .env.prod.new     of the next release: laid down by remote.sh, or by hand
# .env.prod.kept    in force until this release, which is under way
# .env.prod.before  of the release before
# live/nginx/       docker/nginx as the last release had it; remote.sh has written the next one's over it
nginx_changed='' nginx_refreshed=''

put_settings_in_force() {
  # A release that was cut short left them.
  [ ! -f .env.prod.kept ] || mv .env.prod.kept .env.prod
  [ ! -f .env.prod ] || cp -p .env.prod .env.prod.kept
  if [ -f .env.prod.new ]; then
    chmod 600 .env.prod.new
    mv .env.prod.new .env.prod
  fi
  nginx_changed=$(diff -rq docker/nginx live/nginx 2>&1 || true)
}

keep_settings() {
  [ ! -f .env.prod.kept ] || mv .env.prod.kept .env.prod.before
  rm -rf live/nginx
  cp -R docker/nginx live/nginx
}

bring_settings_back() {
  if [ -f .env.prod.kept ] && ! cmp -s .env.prod.kept .env.prod; then say 'the settings from before are in force again.'; fi
  [ ! -f .env.prod.kept ] || mv .env.prod.kept .env.prod
  if [ -n "$nginx_changed" ] && [ -d live/nginx ]; then
    # Inside the folder, which is mounted.
    rm -f docker/nginx/*
    cp live/nginx/* docker/nginx/
  fi
  [ -z "$nginx_refreshed" ] || refresh_nginx || say 'WARNING: nginx did not go back. See docker/compose.sh logs nginx'
}

go_back_to_settings_before() {
  rm -f .env.prod.new
  [ -f .env.prod.before ] || return 0
  cmp -s .env.prod.before .env.prod || say 'the settings go back too: .env.prod and .env.prod.before change places.'
  cp -p .env.prod.before .env.prod.new
}

# --- Ending the old one ----------------------------------------------------------------------------------
# Waits until nobody is connected to it, for as long as nginx waits for an answer.
drain() { # drain SERVICE
  local id connections
  id=$(compose ps --quiet "$1" 2>/dev/null) || return 0
  [ -n "$id" ] || return 0
  sleep 1 # for requests that looked who serves just before the switch
  for ((waited = 0; waited < 55; waited++)); do
    # Open ones (01) to port 8000. The health check comes from the container itself.
    connections=$(docker exec "$id" cat /proc/net/tcp |
      awk '$2 ~ /:1F40$/ && $2 != "0100007F:1F40" && $4 == "01"') || return 0
    [ -n "$connections" ] || return 0
    sleep 1
  done
  say "WARNING: $1 still has connections; gunicorn gives them 30 s more."
}

# Where the profile is in use, its container runs.
renew_metrics() {
  [ -z "$(compose --profile metrics ps --quiet metrics)" ] ||
    compose --profile metrics up --detach --no-deps metrics >/dev/null 2>&1
}

remove_service() { compose rm --force --stop "$1" >/dev/null 2>&1 || true; }

# Keeps the three images that were released last.
forget_old_images() {
  tac releases | cut -d ' ' -f 2 | awk '!seen[$0]++' | tail -n +4 | while read -r name; do
    docker image rm "$name" >/dev/null 2>&1 || true
  done
  tail -n 50 releases >releases.new
  mv releases.new releases
}

# --- When it fails ---------------------------------------------------------------------------------------
fail() {
  say "FAILED: $*"
  say "$image does not serve. What served before still does."
  {
    echo "--- ${step:-nothing ran}"
    tail -n 20 "$log"
    echo "--- web-$new"
    compose logs --no-log-prefix --tail 30 "web-$new" 2>&1
    echo '--- nginx'
    compose logs --no-log-prefix --tail 10 nginx 2>&1
  } | mask
  remove_service "web-$new"
  exit 1
} >&2

# Takes every value of the settings that is or holds a secret out of what is printed, and passwords out of URLs.
mask() {
  LC_ALL=C awk '
    function hide(secret) { if (length(secret) >= 4) secrets[++count] = secret }
    function hex(digit) { return index("0123456789abcdef", tolower(digit)) - 1 }
    # A password stands percent-encoded in a URL, and decoded in what programs say.
    function decoded(text,    out) {
      while (match(text, /%[0-9A-Fa-f][0-9A-Fa-f]/)) {
        out = out substr(text, 1, RSTART - 1) \
          sprintf("%c", 16 * hex(substr(text, RSTART + 1, 1)) + hex(substr(text, RSTART + 2, 1)))
        text = substr(text, RSTART + 3)
      }
      return out text
    }
    !printing {
      if ($0 !~ /^[A-Z0-9_]*(KEY|SECRET|PASSWORD|TOKEN|DSN|URL)[A-Z0-9_]*=/) next
      value = substr($0, index($0, "=") + 1)
      gsub(/^["'\'']|["'\'']$/, "", value)
      hide(value)
      parts = split(value, part, / *, */)
      for (i = 1; i <= parts; i++) hide(part[i])
      if (match(value, /:\/\/[^@]*@/)) {
        login = substr(value, RSTART + 3, RLENGTH - 4)
        password = substr(login, index(login, ":") + 1)
        hide(password)
        hide(decoded(password))
      }
      next
    }
    !sorted {
      # The longest first: one may be a part of another.
      for (i = 2; i <= count; i++)
        for (j = i; j > 1 && length(secrets[j - 1]) < length(secrets[j]); j--) {
          longer = secrets[j]; secrets[j] = secrets[j - 1]; secrets[j - 1] = longer
        }
      sorted = 1
    }
    {
      # A byte stands for what is hidden, so that no secret is looked for in the word that says so.
      for (i = 1; i <= count; i++)
        while (at = index($0, secrets[i]))
          $0 = substr($0, 1, at - 1) "\1" substr($0, at + length(secrets[i]))
      gsub("\1", "[secret]")
      print
    }' <(cat .env.prod*) printing=1 - | sed -E 's#://[^/@ ]*@#://[secret]@#g'
}
