#!/bin/sh
# What a container of this image does:
#   setup   installs, activates and configures the shop, or finds nothing to do; see setup/main.php
#   server  serves it on port 8080; PHP_WORKERS (default 4) requests at a time
#   cron    does once what is due
set -eu

# Compiled PHP that the next process of this pod finds there again, whether it is set-up or server.
mkdir -p /tmp/opcache

case ${1:-server} in
  setup) exec php /opt/storefleet/setup/main.php ;;
  cron) exec php /usr/src/wordpress/wp-cron.php ;;
  server)
    : "${PHP_WORKERS:=4}"
    export PHP_WORKERS
    exec apache2 -f /opt/storefleet/server/apache.conf -DFOREGROUND
    ;;
  *)
    echo "storefleet-woocommerce: there is no \"$1\"; use setup, server or cron." >&2
    exit 64
    ;;
esac
