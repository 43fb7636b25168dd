#!/bin/sh
# docker compose on a server, with its settings and the image that serves: docker/compose.sh ps, logs -f, exec nginx sh.
# A command of manage.py: docker/compose.sh run --rm migrate createsuperuser
set -eu
CDPATH='' cd -- "$(dirname "$0")/.."

IMAGE=${IMAGE:-$(tail -n 1 releases 2>/dev/null | cut -d ' ' -f 2)}
COMPOSE_FILE=${COMPOSE_FILE:-docker-compose.prod.yml}
COMPOSE_PROFILES=green
export IMAGE COMPOSE_FILE COMPOSE_PROFILES
exec docker compose --env-file .env.prod "$@"
