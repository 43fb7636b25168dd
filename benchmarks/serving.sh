#!/usr/bin/env bash
# What gunicorn's worker class, count, threads and max_requests are worth: benchmarks/serving.sh, with Docker and wrk.
# Loads the demo into MySQL, and serves it with each set of options: requests a second, latency, and memory.
set -euo pipefail
cd "$(dirname "$0")/.."
seconds=${SECONDS_EACH:-10}
network=madang-serving

remove() { docker rm --force --volumes "$@" >/dev/null 2>&1 || true; }
cleanup() {
  remove $network-web $network-db $network-redis
  docker network rm $network >/dev/null 2>&1 || true
}
trap cleanup EXIT
cleanup

docker build -q -f docker/Dockerfile -t madang:serving . >/dev/null
docker network create $network >/dev/null
docker run -d --name $network-db --network $network -v "$PWD/docker/mysql:/etc/mysql/conf.d:ro" \
  -e MYSQL_ROOT_PASSWORD=x -e MYSQL_DATABASE=madang "${DATABASE_IMAGE:-mysql:8.4}" >/dev/null
docker run -d --name $network-redis --network $network redis:7 >/dev/null
app=(--network "$network" --read-only --tmpfs /tmp -e MEDIA_ROOT=/tmp/media -e DJANGO_SETTINGS_MODULE=config.settings.local -e DEBUG=off
  -e "DJANGO_ALLOWED_HOSTS=*" -e "DATABASE_URL=mysql://root:x@$network-db/madang"
  -e "CACHE_URL=rediscache://$network-redis:6379/0" -e TASKS_BACKEND=database)
until docker exec $network-db bash -c 'exec 3<>/dev/tcp/127.0.0.1/3306' 2>/dev/null; do sleep 1; done
docker run --rm "${app[@]}" madang:serving migrate --verbosity 0
docker run --rm "${app[@]}" madang:serving load_demo --force >/dev/null

serve() { # serve PROCESSES THREADS OPTION...
  remove $network-web
  docker run -d --name $network-web "${app[@]}" -e WEB_CONCURRENCY="$1" -e WEB_THREADS="$2" madang:serving \
    gunicorn --config config/gunicorn.py "${@:3}" config.wsgi >/dev/null
  site=http://$(docker inspect -f '{{range .NetworkSettings.Networks}}{{.IPAddress}}{{end}}' $network-web):8000
  until curl -fs -o /dev/null "$site/readyz"; do sleep 0.5; done
}

load() { # load CONNECTIONS: prints requests a second, median and 99th percentile, and what failed
  wrk -t 2 -c "$1" -d "${seconds}s" --latency -H "Authorization: Bearer $token" -H 'Connection: close' \
    "$site/api/v1/posts/" | awk '/50%/ {half = $2} /99%/ {most = $2} /Requests\/sec/ {rate = $2}
      /Socket errors|Non-2xx/ {sub(/^ +/, ""); failed = failed "; " $0} END {printf "%6.0f/s %9s %9s%s", rate, half, most, failed}'
}

echo '                                     16 connections                 64 connections              memory'
while read -r title processes threads options; do
  # shellcheck disable=SC2086 # options are several words
  serve "$processes" "$threads" $options
  token=$(curl -fs "$site/api/v1/auth/login/" -H 'Content-Type: application/json' \
    -d '{"username": "hongik_1", "password": "madang-demo-1"}' | python3 -c 'import json, sys; print(json.load(sys.stdin)["access"])')
  seconds=2 load 16 >/dev/null
  printf '%-34s %s   %s   %s\n' "$title" "$(load 16)" "$(load 64)" \
    "$(docker stats --no-stream --format '{{.MemUsage}}' $network-web | cut -d / -f 1)"
done <<'END'
sync,2_processes 2 1 --worker-class=sync
sync,5_processes 5 1 --worker-class=sync
gthread,1_process_of_8 1 8
gthread,2_processes_of_4 2 4
gthread,2_processes_of_8 2 8
gthread,2_processes_of_16 2 16
gthread,3_processes_of_8 3 8
gthread,5_processes_of_4 5 4
gthread,2_of_8,max_requests=200 2 8 --max-requests=200 --max-requests-jitter=50
END
