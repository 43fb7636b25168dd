#!/usr/bin/env bash
# On GitHub's runners: a database server from IMAGE on port 3306, root without a password, for tests alone.
set -euo pipefail
docker run --detach --name database --publish 127.0.0.1:3306:3306 --tmpfs /var/lib/mysql \
  --env MYSQL_ALLOW_EMPTY_PASSWORD=yes --env MYSQL_DATABASE=madang "$1" --character-set-server=utf8mb4
# While it lays itself out it answers on its socket alone, so ask over TCP.
for _ in {1..120}; do
  if docker exec database sh -c '$(command -v mysqladmin mariadb-admin | head -n 1) --protocol=tcp --host=127.0.0.1 ping' \
    >/dev/null 2>&1; then exit 0; fi
  sleep 1
done
docker logs --tail 50 database >&2
exit 1
