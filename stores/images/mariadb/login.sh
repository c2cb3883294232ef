#!/bin/sh
# Changes the login with which a store opens its database, while the store sells. Runs as `storefleet-login`, as often as one
# likes, several at once included. Environment:
#   DATABASE_HOST                                     where the server is (default: mariadb)
#   DATABASE_USER, DATABASE_PASSWORD                  the login that is to be let in
#   FORMER_DATABASE_USER, FORMER_DATABASE_PASSWORD    the one before, which lets it in
#   FORMER_LOGIN                                      open: both may come in; closed: the one before is shut out
# Passwords hold letters and digits; they are on no command line and in no log of the server.
set -eu

as() { # $1 user, $2 password; SQL by standard input
  MYSQL_PWD=$2 mariadb --no-defaults --skip-ssl --host="${DATABASE_HOST:-mariadb}" --user="$1" --connect-timeout=5 >/dev/null
}
as_present() { as "$DATABASE_USER" "$DATABASE_PASSWORD"; }
as_former() { as "$FORMER_DATABASE_USER" "$FORMER_DATABASE_PASSWORD"; }

attempt=0
until echo "SELECT 1" | as_present 2>/dev/null; do
  if echo "CALL storefleet.open_other_login('$DATABASE_PASSWORD')" | as_former; then
    echo "The login $DATABASE_USER is open."
    continue
  fi
  attempt=$((attempt + 1))
  [ "$attempt" -lt 60 ] || {
    echo "storefleet-login: neither $DATABASE_USER nor $FORMER_DATABASE_USER is let in. Set rotation back to what the stack's last run had." >&2
    exit 1
  }
  sleep 1
done

if [ "$FORMER_LOGIN" = closed ]; then
  echo "CALL storefleet.close_other_login()" | as_present
  echo "The login $FORMER_DATABASE_USER is closed."
fi
