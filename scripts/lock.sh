#!/bin/sh
# Resolves pyproject.toml into requirements/*.txt for every system and Python. Pins move only with UPGRADE=1.
set -eu
. "$(dirname "$0")/lib.sh"

scripts/install.sh
.venv/bin/python -m pip install --disable-pip-version-check --quiet uv

lock() { # lock NAME OPTION...
  name=$1
  shift
  .venv/bin/python -m uv pip compile pyproject.toml "$@" ${UPGRADE:+--upgrade} --quiet --universal \
    --python-version 3.11 --generate-hashes --no-emit-index-url --no-annotate \
    --custom-compile-command 'make lock' --output-file "requirements/$name.txt"
}
lock base
# Under the pins of base, all of them can be installed into one .venv.
lock mysql --extra mysql --constraint requirements/base.txt
lock s3 --extra s3 --constraint requirements/base.txt
lock dev --extra dev --constraint requirements/base.txt
