#!/bin/sh
# What a container of the image does: web, worker, release, or any command of manage.py.
set -eu

case ${1:-web} in
  web)
    exec gunicorn --config config/gunicorn.py config.wsgi
    ;;
  worker)
    exec python manage.py db_worker --no-reload
    ;;
  release)
    # Static files first: their names hold their hashes, so those of the version that still serves stay.
    cp -R staticfiles/. /srv/static/
    python manage.py check_database
    exec python manage.py migrate --no-input
    ;;
  gunicorn | python | sh)
    exec "$@"
    ;;
  *)
    exec python manage.py "$@"
    ;;
esac
