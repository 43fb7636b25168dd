#!/bin/sh
# What a container of the image does: web, worker, housekeeping, release, or any command of manage.py.
set -eu

# What a server needs now and then (docs/guides/running.md). A failure is in the log, and the next round tries again.
keep_house() {
  trap exit TERM
  today=
  while :; do
    python manage.py retry_tasks || true
    if [ "$(date +%F)" != "$today" ]; then
      today=$(date +%F)
      python manage.py prune || true
      python manage.py prune_db_task_results --min-age-days 1 --failed-min-age-days 14 || true
      python manage.py sweep_media || true
      python manage.py reconcile_counters || true
    fi
    sleep 300 &
    wait $!
  done
}

case ${1:-web} in
  web)
    exec gunicorn --config config/gunicorn.py config.wsgi
    ;;
  worker)
    exec python manage.py db_worker --no-reload
    ;;
  housekeeping)
    keep_house
    ;;
  release)
    # Static files first: their names hold their hashes, so those of the version that still serves stay.
    cp -R staticfiles/. /srv/static/
    python manage.py check_database
    python manage.py migrate --no-input
    # Makes the table of CACHE_URL=dbcache://…, and does nothing where the cache is another.
    exec python manage.py createcachetable
    ;;
  gunicorn | python | sh)
    exec "$@"
    ;;
  *)
    exec python manage.py "$@"
    ;;
esac
