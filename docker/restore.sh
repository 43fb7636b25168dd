#!/usr/bin/env bash
# Brings a backup back: docker/restore.sh FOLDER/TIME [--replace]. Nobody may be served meanwhile.
# The database must be empty; --replace empties it. AGE_IDENTITY=FILE opens what was encrypted.
set -euo pipefail
cd "$(dirname "$0")/.."
[ -d "${1:-}" ] || { echo 'usage: docker/restore.sh FOLDER/TIME [--replace]' >&2; exit 1; }
folder=$(cd "$1" && pwd)
. docker/data_lib.sh

(cd "$folder" && sha256sum --check --quiet SHA256SUMS) || die "$folder is damaged. Nothing was changed."
unseal() { # unseal NAME
  if [ -f "$folder/$1" ]; then cat "$folder/$1"; else age --decrypt --identity "${AGE_IDENTITY:?names the key}" "$folder/$1.age"; fi
}

kept=$scratch/departures.sql
tables=$(sql --execute "SELECT table_name FROM information_schema.tables WHERE table_schema = DATABASE()")
if [ -n "$tables" ]; then
  [ "${2:-}" = --replace ] || die 'the database is not empty. Nothing was changed; --replace empties it.'
  # Who has left since the backup shall not be back.
  if grep -qx accounts_departure <<<"$tables"; then
    dump accounts_departure --no-create-info --insert-ignore >"$kept"
  fi
  {
    echo 'SET FOREIGN_KEY_CHECKS = 0;'
    while read -r table; do echo "DROP TABLE \`$table\`;"; done <<<"$tables"
  } | sql
fi

say 'the database'
unseal database.sql.gz | gunzip | sql
[ ! -s "$kept" ] || sql <"$kept"
if [ -f "$folder/media.tar" ] || [ -f "$folder/media.tar.age" ]; then
  say 'the pictures'
  # shellcheck disable=SC2016 # expanded where the folder is
  unseal media.tar | app sh -c 'mkdir -p "$MEDIA_ROOT" && exec tar -C "$MEDIA_ROOT" -xf -'
fi

manage migrate --no-input --verbosity 0
manage leave_again
# Those that were ended since would be open again.
manage end_sessions --all || true
manage reconcile_counters
say "restored what $(cat "$folder/release") wrote. Look with manage.py doctor, then serve again."
