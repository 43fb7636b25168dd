#!/bin/sh
# Django's check of the settings of a server, with keys of this moment: scripts/check_deployment.sh
set -eu
cd "$(dirname "$0")/.."
random_key() { .venv/bin/python -c 'import secrets; print(secrets.token_urlsafe(50))'; }
DJANGO_SETTINGS_MODULE=config.settings.production \
  DJANGO_SECRET_KEY=$(random_key) JWT_SIGNING_KEY=$(random_key) ADDRESS_HASH_KEY=$(random_key) \
  DJANGO_ALLOWED_HOSTS=api.example.com DATABASE_URL=mysql://nobody@127.0.0.1/madang CACHE_URL=dbcache://cache \
  .venv/bin/python manage.py check --deploy --fail-level WARNING
