#!/usr/bin/env bash
# On the server. Brings up a release beside the one that serves, and switches when it is ready.
#   docker/deploy.sh IMAGE       a name to pull, one that is here already, or a file that `docker save` wrote
#   docker/deploy.sh --rollback  the release before this one; the database stays as it is
# What does not become ready changes nothing that users see. WAIT (120): seconds for it to become ready.
set -euo pipefail
cd "$(dirname "$0")/.."
. docker/deploy_lib.sh

exec 9>.deploying
flock --nonblock 9 || die 'another release is under way.'
[ -f .env.prod ] || die 'there is no .env.prod here: copy .env.prod.example.'
[ $# = 1 ] || die 'usage: docker/deploy.sh IMAGE | --rollback'
mkdir -p live tls acme
touch releases

began=$SECONDS
previous=$(image_of 1)
old=$(serving)
new=$(other "$old")
migrate_log=$(mktemp)
trap 'rm -f "$migrate_log"' EXIT

if [ "$1" = --rollback ]; then
  image=$(image_of 2)
  [ -n "$image" ] || die 'there is no release before this one.'
  docker image inspect "$image" >/dev/null 2>&1 || docker pull --quiet "$image" >/dev/null
else
  image=$(fetch "$1")
  say "$image: migrating"
  # Once, before anything of the new version runs. The version that serves must bear it.
  compose run --rm -T --no-deps migrate >"$migrate_log" 2>&1 || fail 'the migrations failed.'
fi

say "$image: starting web-$new beside web-$old"
compose up --detach --no-deps --force-recreate "web-$new" >/dev/null 2>&1 || fail "web-$new can't be started."
wait_until_ready "web-$new" || fail "web-$new did not become ready in ${WAIT:-120} s."
refresh_nginx || fail 'nginx does not accept its configuration.'

switch_to "$new"
if ! answers; then
  switch_to "$old"
  fail 'nginx could not reach the new version; the old one serves again.'
fi
echo "$(date -u +%FT%TZ) $image" >>releases
say "web-$new serves"

compose up --detach --no-deps worker housekeeping >/dev/null 2>&1 ||
  say 'WARNING: the worker could not be started. See docker/compose.sh logs worker'
drain "web-$old"
remove_service "web-$old"
forget_old_images
say "released $image in $((SECONDS - began)) s; before it: ${previous:-nothing}"
