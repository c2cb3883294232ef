#!/bin/sh
# What a container of this image does:
#   setup   installs, activates and configures the shop, or finds nothing to do; see setup/main.php
#   server  serves it on port 8080; PHP_WORKERS (default 4) requests at a time
#   cron    does once what is due
set -eu

# Compiled PHP: the image's, and what the next process of this pod finds there again, whether it is set-up or server.
mkdir -p /tmp/opcache
if [ -d /opt/storefleet/opcache ]; then
  # PHP insists on a folder that it may write to; links take a hundredth of the time of copies.
  cp -rsf /opt/storefleet/opcache/. /tmp/opcache
fi

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
