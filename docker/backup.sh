#!/usr/bin/env bash
# Writes the database and the pictures into FOLDER/TIME/: docker/backup.sh FOLDER. The last KEEP (14) stay.
# AGE_RECIPIENT=age1… encrypts them, so that who finds them can't read them: age, from Debian's packages.
set -euo pipefail
cd "$(dirname "$0")/.."
[ $# = 1 ] || { echo 'usage: docker/backup.sh FOLDER' >&2; exit 1; }
mkdir -p "$1"
folder=$(cd "$1" && pwd)
. docker/data_lib.sh

seal() { if [ -n "${AGE_RECIPIENT:-}" ]; then age --encrypt --recipient "$AGE_RECIPIENT"; else cat; fi; }
suffix=${AGE_RECIPIENT:+.age}

# Under another name until it is whole, so that half a backup is never taken for one.
name=$(date -u +%Y%m%dT%H%M%SZ)
making=$folder/.$name
mkdir "$making"
trap 'rm -rf "$scratch" "$making"' EXIT

# One moment of all tables, without keeping anybody from writing. The queue's and sessions' rows come along.
dump | gzip | seal >"$making/database.sql.gz$suffix"

# After the database: each row's picture is there, or was deleted meanwhile.
if [ -n "${MEDIA_S3_BUCKET:-}" ] || grep -qs '^MEDIA_S3_BUCKET=.' .env.prod; then
  say 'the pictures are in a bucket, which keeps old versions itself: they are not copied.'
else
  # shellcheck disable=SC2016 # expanded where the folder is
  app sh -c 'mkdir -p "$MEDIA_ROOT" && exec tar -C "$MEDIA_ROOT" -cf - .' | seal >"$making/media.tar$suffix"
fi

tail -n 1 releases 2>/dev/null >"$making/release" || git rev-parse HEAD >"$making/release" 2>/dev/null || true
(cd "$making" && sha256sum -- * >SHA256SUMS)
mv "$making" "$folder/$name"
find "$folder" -mindepth 1 -maxdepth 1 -type d -name '2*Z' | sort -r | tail -n "+$((${KEEP:-14} + 1))" | xargs -r rm -rf
say "wrote $folder/$name ($(du -sh "$folder/$name" | cut -f 1))"
