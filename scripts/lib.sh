# shellcheck shell=sh
# What the scripts beside this one share. Sourced with POSIX sh: a fresh machine may have no bash.
CDPATH='' cd -- "$(dirname "$0")/.." || exit

die() {
  printf 'madang: %s\n' "$*" >&2
  exit 1
}

uses_mysql() {
  case "${DATABASE_URL:-${DATABASE_HOST:+mysql}}" in
    mysql*) return 0 ;;
    *) return 1 ;;
  esac
}

uses_s3() {
  [ -n "${MEDIA_S3_BUCKET:-}${EXPORT_S3_BUCKET:-}" ]
}

# Prints the interpreter that .venv is made with: $PYTHON, else the newest on the PATH that serves.
find_python() {
  if [ -n "${PYTHON:-}" ]; then
    set -- "$PYTHON"
    found="$PYTHON isn't one"
  else
    set -- python3.14 python3.13 python3.12 python3.11 python3 python
    found='none was found'
  fi
  without_venv=
  for candidate in "$@"; do
    version=$("$candidate" --version 2>&1) || continue
    if ! "$candidate" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 14))'; then
      found="$candidate is $version"
    elif ! "$candidate" -c 'import ensurepip, venv' 2>/dev/null; then
      without_venv=$candidate
    else
      echo "$candidate"
      return
    fi
  done
  [ -z "$without_venv" ] ||
    die "$without_venv has no venv module. Debian or Ubuntu: apt-get install python3-venv"
  die "Python 3.11 to 3.14 is needed; $found. Install one, or name it: PYTHON=python3.12 make ..."
}

venv_works() {
  [ ! -e .venv/.unfinished ] && .venv/bin/python -c 'import pip' 2>/dev/null || return 1
  [ -z "${PYTHON:-}" ] || [ "$("$PYTHON" --version 2>&1)" = "$(.venv/bin/python --version)" ]
}
