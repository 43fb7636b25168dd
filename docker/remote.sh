#!/usr/bin/env bash
# What `make deploy` and its like do: docker/remote.sh COMMAND HOST [IMAGE], from a checkout, over SSH.
#   new HOST             readies a plain Debian or Ubuntu host: Docker, a firewall, start at boot
#   deploy HOST IMAGE    copies what the server needs, and releases IMAGE; ENV_FILE=… becomes its .env.prod,
#                        LOAD=1 sends an image of this machine in place of pulling it there
#   rollback HOST        goes back to the release before, and to its settings
#   logs HOST            follows the logs
#   createsuperuser HOST asks for an operator's account
# HOST is what ssh takes: user@name. Its key must be known already, in KNOWN_HOSTS (~/.ssh/known_hosts): nothing is
# accepted at first sight. SSH_OPTIONS are further options for ssh.
set -euo pipefail
cd "$(dirname "$0")/.."

folder=${FOLDER:-/srv/madang}
command=${1:?which command}
host=${2:-}
image=${3:-}
[ -n "$host" ] || { echo 'madang: which host? HOST=user@name' >&2; exit 1; }

options=(-o StrictHostKeyChecking=yes -o ConnectTimeout=10 -o ServerAliveInterval=15)
[ -z "${KNOWN_HOSTS:-}" ] || options+=(-o "UserKnownHostsFile=$KNOWN_HOSTS")
# shellcheck disable=SC2206 # several words
options+=(${SSH_OPTIONS:-})
# shellcheck disable=SC2029 # the names are ours, and meant to be put in here
remote() { ssh "${options[@]}" "$host" "$@"; }

case $command in
  new)
    remote "FOLDER='$folder' sh -s" <docker/server_new.sh
    ;;
  deploy)
    [ -n "$image" ] || { echo 'madang: which image? IMAGE=…' >&2; exit 1; }
    # Settings that an earlier try left are not this release's.
    tar -cf - --exclude=docker/tests docker-compose.prod.yml .env.prod.example docker |
      remote "mkdir -p '$folder' && cd '$folder' && rm -f .env.prod.new && tar -xf -"
    if [ -n "${LOAD:-}" ]; then docker save "$image" | gzip -1 | remote 'gunzip | docker load --quiet'; fi
    if [ -n "${ENV_FILE:-}" ]; then
      # By its standard input: a command line can be read by everybody on the host. deploy.sh puts it in force.
      remote "umask 077 && cat >'$folder/.env.prod.new'" <"$ENV_FILE"
    fi
    remote "cd '$folder' && WAIT='${WAIT:-120}' docker/deploy.sh '$image'"
    ;;
  rollback)
    remote "cd '$folder' && docker/deploy.sh --rollback"
    ;;
  logs)
    remote "cd '$folder' && docker/compose.sh logs --tail 100 --follow"
    ;;
  createsuperuser)
    remote -t "cd '$folder' && docker/compose.sh run --rm --no-deps migrate createsuperuser"
    ;;
  *)
    echo "madang: what is $command?" >&2
    exit 1
    ;;
esac
