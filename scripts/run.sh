#!/bin/sh
# What `make run` does: from a bare checkout to a served API with demo data. Safe to run again.
set -eu
. "$(dirname "$0")/lib.sh"
export HOST="${HOST:-127.0.0.1}" PORT="${PORT:-8000}" DJANGO_SETTINGS_MODULE=config.settings.local

if venv_works; then python=.venv/bin/python; else python=$(find_python); fi
"$python" scripts/check_port.py
scripts/install.sh base

python=.venv/bin/python
$python scripts/create_database.py
$python manage.py migrate --no-input --verbosity 0
$python manage.py load_demo

case $HOST in
  0.0.0.0 | ::) site="http://127.0.0.1:$PORT" ;;
  *:*) site="http://[$HOST]:$PORT" ;;
  *) site="http://$HOST:$PORT" ;;
esac
cat <<END

Docs:   $site/docs/
HTTPie: http $site/api/v1/auth/login/ username=hongik_1 password=madang-demo-1
curl:   curl $site/api/v1/auth/login/ -H 'Content-Type: application/json' -d '{"username": "hongik_1", "password": "madang-demo-1"}'
Stop:   Ctrl+C. The data stays.

END
# Several processes need a cache they share; SQLite takes one writer at a time anyway.
if uses_mysql && [ -n "${CACHE_URL:-}" ]; then export WEB_CONCURRENCY="${WEB_CONCURRENCY:-2}"; fi
exec $python -m gunicorn --config config/gunicorn.py config.wsgi
