#!/usr/bin/env bash
# `make compose-test`: proves both stacks from a fresh clone of what is committed. Needs docker, git, openssl, python3.
#   DATABASE_IMAGE=mariadb:10.11 make compose-test    on MariaDB in place of MySQL 8.4
#   KEEP=1 make compose-test                          leaves the containers for a look
set -euo pipefail
cd "$(dirname "$0")/.."
scratch=$(mktemp -d)
export COMPOSE_ANSI=never COMPOSE_PROGRESS=plain

free_port() { python3 -c 'import socket; print(socket.create_server(("127.0.0.1", 0)).getsockname()[1])'; }
title() { printf '\n=== %s (%d s)\n' "$*" "$SECONDS"; }
probe() { python3 docker/tests/probe.py "$@"; }
quietly() { "$@" >"$scratch/last.log" 2>&1 || { tail -n 60 "$scratch/last.log"; return 1; }; }
random() { python3 -c 'import secrets; print(secrets.token_urlsafe(50))'; }

cleanup() {
  status=$?
  if [ -z "${KEEP:-}" ]; then
    cd "$scratch/madang" 2>/dev/null && {
      COMPOSE_PROJECT_NAME=madang-dev-test docker compose down --volumes --timeout 5
      COMPOSE_PROJECT_NAME=madang-prod-test docker/compose.sh down --volumes --timeout 5
      docker image rm "$image" "$image-next"
    } >/dev/null 2>&1 || true
    rm -rf "$scratch"
  fi
  exit "$status"
}
trap cleanup EXIT

title 'A fresh clone'
git clone --quiet --no-hardlinks . "$scratch/madang"
cd "$scratch/madang"
image=madang:test-$(git rev-parse --short HEAD)

title 'Development: docker compose up'
PORT=$(free_port)
export PORT SITE=http://localhost:$PORT COMPOSE_PROJECT_NAME=madang-dev-test
quietly docker compose up --build --detach
until curl -fs -o "$scratch/readyz" "$SITE/readyz"; do sleep 0.5; done
probe the_first_conversation_is_held the_worker_tells_of_a_comment a_request_id_goes_through
echo '# changed' >>api/views.py
for _ in {1..40}; do
  if grep -q 'reloading: .*/api/views.py' <<<"$(docker compose logs web 2>/dev/null)"; then break; fi
  sleep 0.5
done
grep -o -m 1 'reloading: .*/api/views.py' <<<"$(docker compose logs web)"
git checkout --quiet api/views.py

title 'The database answers on this machine when asked to'
DATABASE_PUBLISHED_PORT=$(free_port)
export DATABASE_PUBLISHED_PORT
quietly docker compose -f docker-compose.yml -f docker/compose.database.yml up --detach --wait db
(: <>"/dev/tcp/127.0.0.1/$DATABASE_PUBLISHED_PORT")
quietly docker compose down --volumes --timeout 10

title 'The image'
quietly docker build -f docker/Dockerfile --build-arg COMMIT="$(git rev-parse HEAD)" -t "$image" .
size=$(docker image inspect -f '{{.Size}}' "$image")
base=$(docker image inspect -f '{{.Size}}' python:3.13-slim-bookworm)
echo "$(((size - base) / 1000000)) MB above its base"
[ $((size - base)) -lt 300000000 ]
[ "$(docker image inspect -f '{{index .Config.Labels "org.opencontainers.image.revision"}}' "$image")" = "$(git rev-parse HEAD)" ]
docker run --rm --entrypoint sh "$image" -c '[ "$(id -u)" != 0 ] && [ ! -e .git ] && ! ls -A | grep -q "^\.env"'

title 'Production, nginx ends TLS'
mkdir -p tls
new_certificate() {
  openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=localhost -addext subjectAltName=DNS:localhost \
    -keyout tls/privkey.pem -out tls/fullchain.pem 2>/dev/null
}
new_certificate
HTTP_PORT=$(free_port) HTTPS_PORT=$(free_port) BALANCER_PORT=$(free_port) TEST_DATABASE_PASSWORD=$(random)
export HTTP_PORT HTTPS_PORT BALANCER_PORT TEST_DATABASE_PASSWORD
export COMPOSE_PROJECT_NAME=madang-prod-test COMPOSE_FILE=docker-compose.prod.yml:docker/tests/compose.yml
cat >.env.prod <<END
DJANGO_SECRET_KEY=$(random)
JWT_SIGNING_KEY=$(random)
ADDRESS_HASH_KEY=$(random)
DJANGO_ALLOWED_HOSTS=localhost
DATABASE_HOST=db
DATABASE_NAME=madang
DATABASE_USER=madang
DATABASE_PASSWORD=$TEST_DATABASE_PASSWORD
CACHE_URL=rediscache://redis:6379/0
REQUIRE_SCHOOL_VERIFICATION=off
SECURE_HSTS_SECONDS=60
THROTTLE_LOGIN=1000/min
WEB_CONCURRENCY=2
END
chmod 600 .env.prod
export ADMIN=operator ADMIN_PASSWORD=correct-horse-7 HSTS=60
export TLS=here SITE=https://localhost:$HTTPS_PORT HTTP_SITE=http://localhost:$HTTP_PORT CERTIFICATE=tls/fullchain.pem
IMAGE=$image quietly docker/compose.sh up --detach --wait db redis
docker/deploy.sh "$image"
quietly docker/compose.sh run --rm migrate import_schools
quietly docker/compose.sh run --rm -e DJANGO_SUPERUSER_PASSWORD=$ADMIN_PASSWORD migrate createsuperuser --no-input \
  --username $ADMIN --email operator@example.com --nickname keeper7
# Who calls a published port of this machine comes from the gateway of the containers' network.
ADDRESS=$(docker network inspect -f '{{(index .IPAM.Config 0).Gateway}}' ${COMPOSE_PROJECT_NAME}_default)
export ADDRESS
probe the_admin_is_signed_in_to_and_saved_in pictures_are_taken_up_to_the_limit_and_served a_request_id_goes_through \
  static_files_are_hashed_cached_and_compressed health_is_answered_over_http_under_any_host \
  everything_else_is_sent_to_https nobody_untrusted_is_believed the_clients_address_is_seen_and_none_that_it_claims \
  the_api_and_nginx_tell_browsers_the_same http_where_https_is_spoken_is_told_in_the_errors_shape \
  containers_may_do_no_more_than_they_must
touch live/maintenance
probe maintenance_is_told_in_the_errors_shape
rm live/maintenance

title 'A certificate, renewed'
CHALLENGE=$(random)
export CHALLENGE
mkdir -p acme/.well-known/acme-challenge
printf %s "$CHALLENGE" >"acme/.well-known/acme-challenge/$CHALLENGE"
probe lets_encrypt_finds_its_answer_over_http
new_certificate
docker/compose.sh kill --signal HUP nginx >/dev/null 2>&1
sleep 1
# The new one is the only one that it trusts.
probe answers_come_without_failure

title 'Releases that fail leave the settings and nginx as they were'
cp -p .env.prod "$scratch/settings"
fails() { # fails WORDS…: a release that must not succeed, must say so, and must change nothing
  if docker/deploy.sh "$image" >"$scratch/last.log" 2>&1; then exit 1; fi
  grep -F 'FAILED' "$scratch/last.log"
  for words in "$@"; do grep -qF "$words" "$scratch/last.log" || { cat "$scratch/last.log"; exit 1; }; done
  cmp .env.prod "$scratch/settings"
  [ ! -e .env.prod.kept ]
  git diff --exit-code docker/nginx
  curl -fsS -o /dev/null --cacert "$CERTIFICATE" "$SITE/readyz"
}
mv tls/fullchain.pem "$scratch/"
CERTIFICATE=$scratch/fullchain.pem fails 'nginx would not start' '/etc/nginx/tls/fullchain.pem'
mv "$scratch/fullchain.pem" tls/
TRUSTED_PROXIES=balancer.example fails 'nginx would not start' balancer.example
sed 's/^DATABASE_PASSWORD=.*/DATABASE_PASSWORD=wrong-horse-7/' .env.prod >.env.prod.new
echo '# changed' >>docker/nginx/maps.conf
fails 'the migrations failed' 'the settings from before are in force again'
if grep -F wrong-horse-7 "$scratch/last.log"; then exit 1; fi

title 'Settings of a release, and back'
docker tag "$image" "$image-next"
quietly docker/compose.sh --profile metrics up --detach --no-deps metrics
# The cache's table is not there yet: without it the new version would never be ready.
sed 's/^SECURE_HSTS_SECONDS=.*/SECURE_HSTS_SECONDS=61/; s|^CACHE_URL=.*|CACHE_URL=dbcache://cache|' .env.prod >.env.prod.new
docker/deploy.sh "$image-next"
[ "$(stat -c %a .env.prod)" = 600 ]
HSTS=61 probe the_api_and_nginx_tell_browsers_the_same
for service in worker metrics; do
  [ "$(docker inspect -f '{{.Config.Image}}' "$(docker/compose.sh --profile metrics ps -q $service)")" = "$image-next" ]
done
quietly docker/compose.sh --profile metrics rm --force --stop metrics
docker/deploy.sh --rollback
cmp .env.prod "$scratch/settings"
probe the_api_and_nginx_tell_browsers_the_same

title 'The web container, made anew'
before=$(docker inspect -f '{{range .NetworkSettings.Networks}}{{.IPAddress}}{{end}}' "$(docker/compose.sh ps -q web-green)")
quietly docker/compose.sh rm --force --stop web-green
sleep 2 # for nginx, which knows its address for a second
probe a_gone_web_is_told_in_the_errors_shape
# It gets another address: something else has taken the old one meanwhile.
docker run --detach --rm --name madang-squatter --network madang-prod-test_default redis:7 >/dev/null
quietly docker/compose.sh up --detach --no-deps --wait web-green
after=$(docker inspect -f '{{range .NetworkSettings.Networks}}{{.IPAddress}}{{end}}' "$(docker/compose.sh ps -q web-green)")
echo "its address was $before and is $after"
sleep 1
probe answers_come_without_failure
quietly docker rm --force madang-squatter
CONTAINER=$(docker/compose.sh ps -q web-green) probe a_stop_lets_requests_finish
quietly docker/compose.sh up --detach --no-deps --wait web-green

title 'A backup, and back'
export NETWORK=${COMPOSE_PROJECT_NAME}_default CLIENT_IMAGE=${DATABASE_IMAGE:-mysql:8.4}
docker/backup.sh "$scratch/backups"
touch live/maintenance
quietly docker/restore.sh "$scratch"/backups/2* --replace
rm live/maintenance
docker/compose.sh run --rm --no-deps -T housekeeping doctor
probe the_admin_is_signed_in_to_and_saved_in static_files_are_hashed_cached_and_compressed

title 'Production, a load balancer ends TLS'
export TLS=proxy SITE=https://localhost:$BALANCER_PORT
quietly docker/compose.sh up --detach --wait balancer
TRUSTED_PROXIES=$(docker inspect -f '{{range .NetworkSettings.Networks}}{{.IPAddress}}{{end}}' "$(docker/compose.sh ps -q balancer)")
export TRUSTED_PROXIES
quietly docker/compose.sh up --detach --no-deps --wait nginx
probe the_admin_is_signed_in_to_and_saved_in pictures_are_taken_up_to_the_limit_and_served a_request_id_goes_through \
  static_files_are_hashed_cached_and_compressed health_is_answered_over_http_under_any_host \
  everything_else_is_sent_to_https nobody_untrusted_is_believed the_clients_address_is_seen_and_none_that_it_claims \
  the_api_and_nginx_tell_browsers_the_same signing_in_is_limited

title 'The log tells nobody who'
log=$(docker/compose.sh logs --no-log-prefix nginx web-blue web-green worker)
python3 -c 'import json, sys; [json.loads(line) for line in sys.stdin if line.startswith("{")]' <<<"$log"
for line in '"upstream_seconds":' '"logger":"madang.requests"'; do grep -qF "$line" <<<"$log"; done
if grep -iE 'bearer|search=|eyJ|correct-horse|client: |request: "' <<<"$log"; then exit 1; fi
# No id in a path.
if grep -E '"path":"/api/[^"]*/[0-9]' <<<"$log"; then exit 1; fi

printf '\n=== All held, in %d s\n' $SECONDS
