#!/bin/sh
# Usage: scripts/install.sh base [dev]
# Makes .venv and installs the lock files named; mysql too when the environment names a MySQL server, and s3 when
# it names a bucket.
# Each lock file is copied into .venv once installed; while the two are the same there is nothing to do.
set -eu
. "$(dirname "$0")/lib.sh"
trap 'exit 130' INT

log=.venv/pip.log

explain_pip_failure() {
  if grep -Eq 'Failed (to build|building wheel).*mysqlclient|MYSQLCLIENT_CFLAGS' $log; then
    die "the MySQL driver can't be built without a C compiler and headers." \
      "Debian or Ubuntu: apt-get install gcc pkg-config libmariadb-dev python3-dev." \
      'macOS: brew install mysql-client pkgconf;' \
      'export PKG_CONFIG_PATH="$(brew --prefix mysql-client)/lib/pkgconfig"'
  elif grep -Eq 'NewConnectionError|NameResolutionError|ConnectTimeout|ReadTimeout|ProxyError|SSLError' $log; then
    die "can't reach the package index: check the network or the proxy, then try again. (Details: $log)"
  fi
  die "pip failed: $(grep '^ERROR' $log | tail -n 1) (Details: $log)"
}

if ! venv_works; then
  python=$(find_python)
  echo "Making .venv with $("$python" --version)"
  rm -rf .venv
  mkdir .venv
  touch .venv/.unfinished # an interrupted run leaves it behind, and the next run starts afresh
  "$python" -m venv .venv
fi

if uses_mysql; then set -- "$@" mysql; fi
if uses_s3; then set -- "$@" s3; fi
changed='' files=''
for lock in "$@"; do
  if ! cmp -s "requirements/$lock.txt" ".venv/.installed-$lock"; then
    changed="$changed $lock"
    files="$files -r requirements/$lock.txt"
  fi
done

if [ -n "$changed" ]; then
  echo "Installing requirements:$changed"
  touch .venv/.unfinished
  # pip undoes what it began when it fails by itself, so only an interruption leaves the mark.
  .venv/bin/python -m pip install --disable-pip-version-check --no-input --require-hashes $files \
    >$log 2>&1 || { rm .venv/.unfinished && explain_pip_failure; }
  for lock in $changed; do cp "requirements/$lock.txt" ".venv/.installed-$lock"; done
fi
rm -f .venv/.unfinished
