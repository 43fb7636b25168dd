#!/bin/sh
# Writes what depends on the environment into /tmp/site, then serves. `start.sh configure` only writes,
# `start.sh test` says then whether nginx would take it.
#   TLS             off      HTTP, for development
#                   proxy    a load balancer ends TLS, and says so in X-Forwarded-Proto
#                   here     nginx ends TLS, with /etc/nginx/tls/fullchain.pem and privkey.pem
#   WEB             where gunicorn is, at port 8000: web-blue, or 127.0.0.1 without Docker
#   SECURE_HSTS_SECONDS  as the API has it
#   TRUSTED_PROXIES addresses or networks, separated by commas, whose X-Forwarded-For and -Proto are believed
# shellcheck disable=SC2016 # nginx expands its variables, not the shell
set -eu

site=/tmp/site
mkdir -p $site

proxies() { printf '%s' "${TRUSTED_PROXIES:-}" | tr -s ', ' '\n'; }

{
  for proxy in $(proxies); do echo "set_real_ip_from $proxy;"; done
  echo 'real_ip_header X-Forwarded-For;'
  echo 'real_ip_recursive on;'
  echo 'geo $realip_remote_addr $trusted_proxy {'
  echo '    default 0;'
  for proxy in $(proxies); do echo "    $proxy 1;"; done
  echo '}'
} >$site/proxies.conf

case ${TLS:-off} in
  off) https=off ;;
  proxy | here) https=on ;;
  *)
    echo "nginx: TLS must be off, proxy or here, not '$TLS'." >&2
    exit 1
    ;;
esac

{
  printf 'map $host $require_https {\n    default %s;\n}\n' $https
  hsts=
  if [ $https = on ] && [ "${SECURE_HSTS_SECONDS:-31536000}" != 0 ]; then
    hsts="max-age=${SECURE_HSTS_SECONDS:-31536000}; includeSubDomains; preload"
  fi
  printf 'map $proto $strict_transport {\n    https "%s";\n    default "";\n}\n' "$hsts"
  printf 'map $host $usual_web {\n    default %s;\n}\n' "${WEB:-web-blue}"
  cat <<'END'
server {
    listen 80 default_server;
    # Let's Encrypt asks for these, over HTTP.
    location ^~ /.well-known/acme-challenge/ {
        root /var/www/acme;
        default_type text/plain;
        include /etc/nginx/madang/headers.conf;
    }
    include /etc/nginx/madang/server.conf;
}
END
  if [ "${TLS:-off}" = here ]; then
    cat <<'END'
server {
    listen 443 ssl http2 default_server;
    ssl_certificate /etc/nginx/tls/fullchain.pem;
    ssl_certificate_key /etc/nginx/tls/privkey.pem;
    ssl_protocols TLSv1.2 TLSv1.3;
    ssl_ciphers ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-GCM-SHA256:ECDHE-ECDSA-AES256-GCM-SHA384:ECDHE-RSA-AES256-GCM-SHA384:ECDHE-ECDSA-CHACHA20-POLY1305:ECDHE-RSA-CHACHA20-POLY1305;
    ssl_session_cache shared:tls:10m;
    ssl_session_timeout 1d;
    ssl_session_tickets off;
    include /etc/nginx/madang/server.conf;
}
END
  fi
} >$site/servers.conf

if [ "${1:-serve}" = test ]; then
  exec nginx -q -t -e /dev/stderr -c /etc/nginx/madang/nginx.conf
elif [ "${1:-serve}" = serve ]; then
  # Behind what went wrong nginx writes the client's address and all of its request.
  [ -p /tmp/errors ] || mkfifo /tmp/errors
  sed -u 's/, client: .*//' </tmp/errors >&2 &
  exec nginx -e /tmp/errors -c /etc/nginx/madang/nginx.conf -g 'daemon off;'
fi
