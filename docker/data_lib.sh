# What backup.sh and restore.sh share. Sourced by bash, in the folder of docker-compose.prod.yml or of a checkout.
# shellcheck shell=bash
umask 077

say() { printf 'madang: %s\n' "$*"; }
die() {
  say "$*" >&2
  exit 1
}

# Where there is a .venv the application runs without Docker, and its settings are in the environment.
if [ -x .venv/bin/python ]; then plain=1; else plain=; fi

app() { # app COMMAND…: in the application's environment, with its folders
  if [ -n "$plain" ]; then
    PATH=$PWD/.venv/bin:$PATH MEDIA_ROOT=${MEDIA_ROOT:-$PWD/media} "$@"
  else
    docker/compose.sh run --rm --no-deps -T housekeeping "$@"
  fi
}
manage() { app python manage.py "$@"; }

# The client's option file holds the password: it is nobody else's to read, and is gone at the end.
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
options=$scratch/options
manage client_options >"$options" || die 'the settings name no MySQL or MariaDB.'

client() { # client mysql|mysqldump ARGUMENT…
  local name=$1 other=${1/mysql/mariadb}
  shift
  if [ "$other" = mariadbdump ]; then other=mariadb-dump; fi
  for found in "$other" "$name"; do
    if command -v "$found" >/dev/null; then
      "$found" --defaults-extra-file="$options" "$@"
      return
    fi
  done
  [ -z "$plain" ] || die "there is no $name: apt-get install mariadb-client"
  docker run --rm --interactive --network "${NETWORK:-madang_default}" --volume "$options:/options:ro" \
    "${CLIENT_IMAGE:-mysql:8.4}" "$name" --defaults-extra-file=/options "$@"
}
sql() { client mysql --batch --skip-column-names "$@"; }
