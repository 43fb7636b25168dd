#!/bin/sh
# Readies a plain host of any cloud: Debian 13 or newer, Ubuntu 22.04 or newer. Safe to run again. Run by docker/remote.sh.
set -eu

folder=${FOLDER:-/srv/madang}
as_root() { if [ "$(id -u)" = 0 ]; then "$@"; else sudo "$@"; fi; }
offers() { apt-cache show "$1" >/dev/null 2>&1; }

# A host that has just booted updates itself at the same time. The option waits for that to install, and not for it to
# read the lists of packages.
apt_get() { as_root env DEBIAN_FRONTEND=noninteractive apt-get -o DPkg::Lock::Timeout=300 -qq "$@"; }
tries=0
until apt_get update; do
  tries=$((tries + 1))
  [ $tries -lt 30 ] || exit 1
  sleep 10
done
# Debian calls Compose v2 docker-compose, Ubuntu docker-compose-v2.
compose=docker-compose
if offers docker-compose-v2; then compose=docker-compose-v2; fi
cli=
if offers docker-cli; then cli=docker-cli; fi
apt_get install -y --no-install-recommends \
  docker.io $cli $compose ca-certificates curl iptables ufw unattended-upgrades
docker compose version

# Docker writes its own rules, before ufw's: what nginx publishes is open, and nothing else is published.
for port in 22 80 443; do as_root ufw allow $port/tcp >/dev/null; done
as_root ufw --force enable >/dev/null

if [ -d /run/systemd/system ]; then as_root systemctl enable --now docker unattended-upgrades; fi
if [ "$(id -u)" != 0 ]; then as_root usermod -aG docker "$(id -un)"; fi
as_root install -d -m 750 -o "$(id -un)" "$folder"
echo "madang: $(hostname) is ready. Put .env.prod into $folder, or name it: make deploy ENV_FILE=…"
