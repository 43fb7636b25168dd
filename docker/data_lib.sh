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
manage client_options >"$options"
is_mariadb() { grep -qx '# MariaDB' "$options"; }

client() { # client mysql|mysqldump ARGUMENT…
  local name=$1
  shift
  if [ -z "$plain" ]; then
    docker run --rm --interactive --network "${NETWORK:-madang_default}" --volume "$options:/options:ro" \
      "${CLIENT_IMAGE:-mysql:8.4}" "$name" --defaults-extra-file=/options "$@"
    return
  fi
  # MariaDB's own names come first where it serves: under the old ones its programs warn.
  local own
  own=$(sed 's/^mysql$/mariadb/; s/^mysqldump$/mariadb-dump/' <<<"$name")
  local names=("$name" "$own")
  if is_mariadb; then names=("$own" "$name"); fi
  for found in "${names[@]}"; do
    if command -v "$found" >/dev/null; then
      "$found" --defaults-extra-file="$options" "$@"
      return
    fi
  done
  die "there is no $name: install the client of the server's own kind, mariadb-client or mysql-client."
}
sql() { client mysql --batch --skip-column-names "$@"; }

# dump [TABLE] [OPTION…]: SQL of one moment, without keeping anybody from writing.
dump() {
  local flags=(--single-transaction --quick --hex-blob --no-tablespaces --skip-comments --skip-add-locks) help
  # MariaDB's client writes down what is in generated columns, and MySQL takes that from nobody.
  case $(is_mariadb || client mysqldump --version) in
    *MariaDB*) die 'the server is MySQL and the client MariaDB, whose dumps MySQL does not take: install mysql-client.' ;;
  esac
  # What the clients of MySQL write by themselves, and an administrator alone could restore.
  help=$(client mysqldump --help)
  case $help in *--set-gtid-purged*) flags+=(--set-gtid-purged=OFF) ;; esac
  case $help in *--masking-policies*) flags+=(--skip-masking-policies) ;; esac
  client mysqldump "${flags[@]}" "$(sql --execute 'SELECT DATABASE()')" "$@"
}
