#!/bin/sh
# Runs once, while the image is built: MariaDB if the base has none, our user, and a ready-made empty data folder.
set -eu

if ! command -v mariadbd >/dev/null; then
  printf '#!/bin/sh\nexit 101\n' >/usr/sbin/policy-rc.d && chmod 755 /usr/sbin/policy-rc.d
  export DEBIAN_FRONTEND=noninteractive
  apt-get update -q
  # The server without Debian's service around it, and the client for whoever looks into the database by hand.
  apt-get install -qy --no-install-recommends mariadb-server-core mariadb-client-core
  # For backups. Its package would bring Perl along, which it does not need.
  (cd /tmp && apt-get download -q mariadb-client && dpkg --fsys-tarfile mariadb-client_*.deb |
    tar --extract --directory=/ ./usr/bin/mariadb-dump && rm mariadb-client_*.deb)
  rm -rf /var/lib/apt/lists/* /var/cache/apt/* /var/cache/debconf/*-old /var/log/* /usr/sbin/policy-rc.d
fi

# The server wants a name for its user id.
groupadd --gid 10001 storefleet
useradd --uid 10001 --gid 10001 --no-create-home --home-dir /nonexistent --shell /usr/sbin/nologin storefleet

# Making the system tables takes seconds; copying them takes a tenth of one.
template=/usr/local/share/storefleet-mariadb
mkdir -m 0700 "$template" && chown 10001:10001 "$template"
setpriv --reuid=10001 --regid=10001 --clear-groups \
  mariadb-install-db --defaults-file=/etc/storefleet/mariadb.cnf --datadir="$template" \
  --auth-root-authentication-method=socket --auth-root-socket-user=storefleet --skip-test-db >/dev/null
rm -f "$template"/*.err "$template"/*.pid
rm -rf /var/lib/mysql && mkdir -p /var/lib/mysql && chown 10001:10001 /var/lib/mysql
