#!/bin/sh
# Runs once, while the image is built: sets shops up on a database that lives for that long, and keeps what a store's own
# set-up would make again (/snapshot/shops, see setup/snapshot.php) and the PHP that was compiled (/snapshot/opcache).
set -eu
out=/snapshot
here=$(dirname "$0")
wordpress=/usr/src/wordpress
mkdir -p $out/opcache
if [ ! -f $wordpress/wp-content/plugins/woocommerce/woocommerce.php ]; then
  exit 0
fi

printf '#!/bin/sh\nexit 101\n' >/usr/sbin/policy-rc.d && chmod 755 /usr/sbin/policy-rc.d
apt-get update -q
DEBIAN_FRONTEND=noninteractive apt-get install -qy --no-install-recommends mariadb-server-core mariadb-client

work=$(mktemp -d)
chown -R 10001:10001 "$work" $wordpress/wp-content/uploads
as_store() { setpriv --reuid=10001 --regid=10001 --clear-groups env "HOME=$work" "$@"; }
socket=$work/mariadb.sock
as_store mariadb-install-db --no-defaults --datadir="$work/data" --auth-root-authentication-method=normal --skip-test-db >/dev/null
# Nobody needs this database tomorrow, so it does not wait for the disk.
as_store mariadbd --no-defaults --datadir="$work/data" --socket="$socket" --pid-file="$work/pid" --skip-networking \
  --innodb-flush-log-at-trx-commit=0 --skip-innodb-doublewrite &
database=$!
sql() { as_store mariadb --no-defaults --socket="$socket" --user=root "$@"; }
for _ in $(seq 100); do
  sql --execute 'SELECT 1' >/dev/null 2>&1 && break
  sleep 0.1
done

# A shop of nobody: what stands here is replaced when a store begins with it.
printf 'mysqli.default_socket = %s\n' "$socket" >"$work/snapshot.ini"
export PHP_INI_SCAN_DIR=":/opt/storefleet/server:$work" DATABASE_HOST=localhost DATABASE_PASSWORD=snapshot
export STORE_NAME=Storefleet STORE_URL=http://storefleet.invalid STORE_CURRENCY=eur STORE_COUNTRY=de
random() { head -c 20 /dev/urandom | od -An -tx1 | tr -d ' \n'; }
ADMIN_EMAIL=owner@storefleet.invalid ADMIN_PASSWORD=$(random) REST_KEY=ck_$(random) REST_SECRET=cs_$(random)
export ADMIN_EMAIL ADMIN_PASSWORD REST_KEY REST_SECRET
for scheme in AUTH SECURE_AUTH LOGGED_IN NONCE; do
  export "${scheme}_KEY=$(random)" "${scheme}_SALT=$(random)"
done
dump() {
  as_store mariadb-dump --no-defaults --socket="$socket" --user=root \
    --skip-comments --skip-add-locks --skip-disable-keys --skip-triggers "$@" shop
}
visit() { REQUEST_URI=$1 as_store php $wordpress/index.php >/dev/null; }

for samples in false true; do
  kind=$out/shops/$([ $samples = true ] && echo samples || echo plain)
  find $wordpress/wp-content/uploads -mindepth 1 -delete
  sql <"$here/snapshot-begin.sql"
  SAMPLE_DATA=$samples as_store /opt/storefleet/entrypoint.sh setup
  # WordPress does once what a new theme asks for.
  visit /
  sql shop <"$here/snapshot-end.sql"
  mkdir -p "$kind"
  find $wordpress/wp-content/uploads -name '*.log' -delete
  cp -r $wordpress/wp-content/uploads "$kind/uploads"
  dump --no-data >"$kind/tables.sql"
  dump --no-create-info >"$kind/rows.sql"
done

# What the first customers, the first proof and the first background work would wait for.
for page in / /product/stoneware-mug/ /cart/ /checkout/ /wp-json/wc/store/v1/products /wp-json/wc/store/v1/cart /wp-json/wc/v3/orders; do
  visit $page
done
as_store php $wordpress/wp-cron.php
kill $database
wait $database || true
cp -r /tmp/opcache/. $out/opcache
chmod -R a+rX $out
