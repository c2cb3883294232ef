#!/bin/sh
# Starts MariaDB. Environment, as in the official image:
#   MARIADB_USER      user that owns the database (default: shop)
#   MARIADB_PASSWORD  its password, required. A new value takes effect at the next start.
#   MARIADB_DATABASE  database made for it (default: the same as the user)
#   MARIADB_BUFFERS   memory for InnoDB's pages (default: 64M); keep it well below the container's limit
#   DATADIR           folder of the data, below the mounted volume (default: /var/lib/mysql/data)
# Arguments go to the server. root comes in by the socket alone, which only `kubectl exec` reaches.
set -eu

fail() {
  echo "storefleet-mariadb: $1" >&2
  exit 1
}

: "${DATADIR:=/var/lib/mysql/data}"
: "${MARIADB_USER:=shop}"
: "${MARIADB_DATABASE:=$MARIADB_USER}"
[ -n "${MARIADB_PASSWORD:-}" ] || fail "MARIADB_PASSWORD is not set. Give the container a password for $MARIADB_USER."
case $MARIADB_USER$MARIADB_DATABASE$MARIADB_PASSWORD in
  *[!A-Za-z0-9_.~-]*) fail "MARIADB_USER, MARIADB_PASSWORD and MARIADB_DATABASE may only hold letters, digits and any of - _ . ~" ;;
esac

configuration=/etc/storefleet/mariadb.cnf
template=/usr/local/share/storefleet-mariadb
volume=$(dirname "$DATADIR")

[ -w "$volume" ] || fail "$volume is not writable for user $(id -u). Mount a volume there that this user may write to."
umask 0077

# Two pods must never open the same files (a StatefulSet's old pod may be slow to die). The lock is on a file
# descriptor that the server inherits, so it is free exactly when the server is gone.
exec 9>"$volume/.storefleet.lock"
flock --wait 60 9 || fail "Another server still uses $volume after a minute. Stop it first."

if [ ! -d "$DATADIR" ]; then
  # Made aside, flushed, then renamed: a start that is cut off leaves nothing that looks like a database.
  rm -rf "$DATADIR.new"
  cp -r "$template" "$DATADIR.new"
  sync --file-system "$volume"
  mv "$DATADIR.new" "$DATADIR"
  sync "$volume"
fi

# Read before the first client is served, from a pipe: the password is in no file and in no list of arguments.
exec 8<<END
CREATE DATABASE IF NOT EXISTS \`$MARIADB_DATABASE\` CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_520_ci;
CREATE USER IF NOT EXISTS \`$MARIADB_USER\`@\`%\`;
ALTER USER \`$MARIADB_USER\`@\`%\` IDENTIFIED BY '$MARIADB_PASSWORD';
GRANT ALL PRIVILEGES ON \`$MARIADB_DATABASE\`.* TO \`$MARIADB_USER\`@\`%\`;
END
unset MARIADB_PASSWORD
exec mariadbd --defaults-file="$configuration" --datadir="$DATADIR" --init-file=/dev/fd/8 \
  --innodb-buffer-pool-size="${MARIADB_BUFFERS:-64M}" "$@"
