#!/usr/bin/env bash
# Lets HOST fetch images from GHCR as USER: docker/registry_login.sh HOST USER <TOKEN. The token is read from the
# standard input, here and there. KNOWN_HOSTS and SSH_OPTIONS are those of docker/remote.sh.
set -euo pipefail
host=${1:?which host} user=${2:?which user}
[[ $user =~ ^[A-Za-z0-9_.-]+(\[bot\])?$ ]] || { echo "madang: what user is $user?" >&2; exit 1; }

options=(-o StrictHostKeyChecking=yes -o ConnectTimeout=10)
[ -z "${KNOWN_HOSTS:-}" ] || options+=(-o "UserKnownHostsFile=$KNOWN_HOSTS")
# shellcheck disable=SC2206 # several words
options+=(${SSH_OPTIONS:-})
# shellcheck disable=SC2029 # the name is checked above, and meant to be put in here
ssh "${options[@]}" "$host" "docker login ghcr.io --username '$user' --password-stdin"
