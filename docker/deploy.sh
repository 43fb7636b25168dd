#!/usr/bin/env bash
# On the server. Brings up a release beside the one that serves, and switches when it is ready.
#   docker/deploy.sh IMAGE       a name to pull, one that is here already, or a file that `docker save` wrote
#   docker/deploy.sh --rollback  the release before this one; the database stays as it is
# What does not become ready changes nothing that users see. WAIT (120): seconds for it to become ready.
# .env.prod.new, where it is there, becomes .env.prod with the release. Those before it stay as .env.prod.before.
set -euo pipefail
cd "$(dirname "$0")/.."
. docker/deploy_lib.sh

exec 9>.deploying
flock --nonblock 9 || die 'another release is under way.'
[ $# = 1 ] || die 'usage: docker/deploy.sh IMAGE | --rollback'
[ -f .env.prod ] || [ -f .env.prod.new ] || die 'there is no .env.prod here: copy .env.prod.example.'
mkdir -p live tls acme
touch releases

began=$SECONDS
previous=$(image_of 1)
old=$(serving)
new=$(other "$old")

if [ "$1" = --rollback ]; then
  image=$(image_of 2)
  [ -n "$image" ] || die 'there is no release before this one.'
  docker image inspect "$image" >/dev/null 2>&1 || docker pull --quiet "$image" >/dev/null
  go_back_to_settings_before
else
  image=$(fetch "$1")
fi

log=$(mktemp)
released=
trap '[ -n "$released" ] || bring_settings_back; rm -f "$log"' EXIT
put_settings_in_force
test_nginx || fail 'nginx would not start with these settings (TLS, TRUSTED_PROXIES), tls/ and docker/nginx/.'
if [ "$1" != --rollback ]; then
  say "$image: migrating"
  # Once, before anything of the new version runs. The version that serves must bear it.
  once migrate migrate || fail 'the migrations failed.'
fi

say "$image: starting web-$new beside web-$old"
logged "the start of web-$new" compose up --detach --no-deps --force-recreate "web-$new" ||
  fail "web-$new can't be started."
wait_until_ready "web-$new" || fail "web-$new did not become ready in ${WAIT:-120} s."
refresh_nginx || fail "nginx can't be started."

switch_to "$new"
if ! answers; then
  switch_to "$old"
  fail 'nginx could not reach the new version.'
fi
released=1
echo "$(date -u +%FT%TZ) $image" >>releases
keep_settings
say "web-$new serves"

compose up --detach --no-deps worker housekeeping >/dev/null 2>&1 ||
  say 'WARNING: the worker could not be started. See docker/compose.sh logs worker'
renew_metrics || say 'WARNING: metrics could not be started. See docker/compose.sh --profile metrics logs metrics'
drain "web-$old"
remove_service "web-$old"
forget_old_images
say "released $image in $((SECONDS - began)) s; before it: ${previous:-nothing}"
