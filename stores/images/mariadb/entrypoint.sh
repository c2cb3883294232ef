#!/bin/sh
# Starts MariaDB. Environment, as in the official image:
#   MARIADB_USER      user that owns the database (default: shop)
#   MARIADB_LOGIN     who signs in for it: the user itself (default), or <user>_2, which may do the same
#   MARIADB_PASSWORD  password of that login, required. A new value takes effect at the next start; while the server runs,
#                     storefleet-login changes logins (see there).
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
: "${MARIADB_LOGIN:=$MARIADB_USER}"
[ -n "${MARIADB_PASSWORD:-}" ] || fail "MARIADB_PASSWORD is not set. Give the container a password for $MARIADB_USER."
case $MARIADB_USER$MARIADB_DATABASE$MARIADB_PASSWORD in
  *[!A-Za-z0-9_.~-]*) fail "MARIADB_USER, MARIADB_PASSWORD and MARIADB_DATABASE may only hold letters, digits and any of - _ . ~" ;;
esac
second=${MARIADB_USER}_2
case $MARIADB_LOGIN in
  "$MARIADB_USER" | "$second") ;;
  *) fail "MARIADB_LOGIN is neither $MARIADB_USER nor $second." ;;
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

both="\`$MARIADB_USER\`@\`%\`, \`$second\`@\`%\`"

# By which one of the two logins lets the other one in, or shuts it out. Whoever is signed in can only change the other login,
# so nobody shuts the last one out. Not in the store's own database, where it could make them anew.
login_procedures() {
  other="CONCAT('\`', IF(SUBSTRING_INDEX(USER(), '@', 1) = '$MARIADB_USER', '$second', '$MARIADB_USER'), '\`')"
  make="CREATE OR REPLACE DEFINER=\`root\`@\`localhost\` PROCEDURE storefleet."
  echo "CREATE DATABASE IF NOT EXISTS storefleet;"
  # Each on one line: the server reads until one ends in a semicolon.
  echo "${make}open_other_login(IN password VARCHAR(200)) BEGIN EXECUTE IMMEDIATE CONCAT('ALTER USER ', $other, '@\`%\` IDENTIFIED BY ', QUOTE(password), ' ACCOUNT UNLOCK'); END;"
  echo "${make}close_other_login() BEGIN EXECUTE IMMEDIATE CONCAT('ALTER USER ', $other, '@\`%\` ACCOUNT LOCK'); EXECUTE IMMEDIATE CONCAT('KILL CONNECTION USER ', $other); END;"
  echo "GRANT EXECUTE ON PROCEDURE storefleet.open_other_login TO $both;"
  echo "GRANT EXECUTE ON PROCEDURE storefleet.close_other_login TO $both;"
}

# Read before the first client is served, from a pipe: the password is in no file and in no list of arguments.
exec 8<<END
CREATE DATABASE IF NOT EXISTS \`$MARIADB_DATABASE\` CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_520_ci;
CREATE USER IF NOT EXISTS $both ACCOUNT LOCK;
ALTER USER \`$MARIADB_LOGIN\`@\`%\` IDENTIFIED BY '$MARIADB_PASSWORD' ACCOUNT UNLOCK;
GRANT ALL PRIVILEGES ON \`$MARIADB_DATABASE\`.* TO $both;
$(login_procedures)
END
unset MARIADB_PASSWORD
exec mariadbd --defaults-file="$configuration" --datadir="$DATADIR" --init-file=/dev/fd/8 \
  --innodb-buffer-pool-size="${MARIADB_BUFFERS:-64M}" "$@"
