#!/bin/sh
# Starts PostgreSQL. Environment, as in the official image:
#   POSTGRES_USER      role that owns the database (default: postgres). Not a superuser, unless it is postgres.
#   POSTGRES_LOGIN     who signs in for it: the role itself (default), or <role>_2, a member that acts as the role
#   POSTGRES_PASSWORD  password of that login, required. A new value takes effect at the next start; while the server runs,
#                      storefleet-login changes logins (see there).
#   POSTGRES_DB        database made for it (default: the same as the user)
#   PGDATA             folder of the cluster, below the mounted volume (default: /var/lib/postgresql/data/pgdata)
# Arguments go to the server. The network is only listened to once the password is set.
set -eu

fail() {
  echo "storefleet-postgres: $1" >&2
  exit 1
}

: "${PGDATA:=/var/lib/postgresql/data/pgdata}"
: "${POSTGRES_USER:=postgres}"
: "${POSTGRES_DB:=$POSTGRES_USER}"
: "${POSTGRES_LOGIN:=$POSTGRES_USER}"
[ -n "${POSTGRES_PASSWORD:-}" ] || fail "POSTGRES_PASSWORD is not set. Give the container a password for $POSTGRES_USER."
case $POSTGRES_USER$POSTGRES_DB$POSTGRES_PASSWORD in
  *"
"*) fail "POSTGRES_USER, POSTGRES_PASSWORD and POSTGRES_DB must not hold line breaks." ;;
esac

case $POSTGRES_LOGIN in
  "$POSTGRES_USER" | "${POSTGRES_USER}_2") ;;
  *) fail "POSTGRES_LOGIN is neither $POSTGRES_USER nor ${POSTGRES_USER}_2." ;;
esac

configuration=/etc/storefleet/postgresql.conf
template=/usr/local/share/storefleet-postgresql
volume=$(dirname "$PGDATA")
applied="$PGDATA/storefleet.applied"

[ -w "$volume" ] || fail "$volume is not writable for user $(id -u). Mount a volume there that this user may write to."
umask 0077

# Two pods must never open the same files (a StatefulSet's old pod may be slow to die). The lock is on a file
# descriptor that every server process inherits, so it is free exactly when the last of them is gone.
exec 9>"$volume/.storefleet.lock"
flock --wait 60 9 || fail "Another server still uses $volume after a minute. Stop it first."

quote() { # $1 as an SQL string or identifier, $2 the quote character
  printf '%s%s%s' "$2" "$(printf '%s' "$1" | sed "s/$2/$2$2/g")" "$2"
}

# One SQL command per line, by the server's single-user mode: no port, no socket, no password needed.
# A failing command must not put a password into the log, so statements are not logged.
single_user() { # $1 data folder, rest: options
  folder=$1 && shift
  postgres --single -D "$folder" -c config_file="$configuration" -c log_min_error_statement=panic "$@" postgres
}

applied_now() { # what the roles were made from; salted, so that the file tells nothing about the password
  { printf '%s\n' "$1" "$POSTGRES_USER" "$POSTGRES_LOGIN" "$POSTGRES_DB" "$POSTGRES_PASSWORD" && login_functions; } |
    sha256sum | cut -d ' ' -f 1
}

# By which one of the two logins lets the other one in, with the password in the session's setting storefleet.password, or
# shuts it out. In the database "postgres", which nothing of the store uses. Whoever is signed in can only change the other
# login, so nobody shuts the last one out.
login_functions() {
  role=$(quote "$POSTGRES_USER" "'")
  other="format('%I', CASE session_user WHEN $role THEN $role || '_2' ELSE $role END)"
  head="RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS"
  # Several may come at once, and a role cannot be altered twice at the same time.
  alone="PERFORM pg_advisory_xact_lock(7311903);"
  echo "CREATE SCHEMA IF NOT EXISTS storefleet"
  echo "CREATE OR REPLACE FUNCTION storefleet.open_other_login() $head \$\$ BEGIN $alone EXECUTE 'ALTER ROLE ' || $other || format(' LOGIN PASSWORD %L', current_setting('storefleet.password')); END \$\$"
  echo "CREATE OR REPLACE FUNCTION storefleet.close_other_login() $head \$\$ BEGIN $alone EXECUTE 'ALTER ROLE ' || $other || ' NOLOGIN PASSWORD NULL'; PERFORM pg_terminate_backend(pid) FROM pg_stat_activity WHERE quote_ident(usename) = $other; END \$\$"
  echo "REVOKE ALL ON FUNCTION storefleet.open_other_login(), storefleet.close_other_login() FROM PUBLIC"
  echo "GRANT USAGE ON SCHEMA storefleet TO $(quote "$POSTGRES_USER" '"')"
  echo "GRANT EXECUTE ON FUNCTION storefleet.open_other_login(), storefleet.close_other_login() TO $(quote "$POSTGRES_USER" '"')"
}

apply_role() { # $1 data folder, rest: options of the server
  user=$(quote "$POSTGRES_USER" '"')
  database=$(quote "$POSTGRES_DB" '"')
  second=$(quote "${POSTGRES_USER}_2" '"')
  login=$(quote "$POSTGRES_LOGIN" '"')
  password=$(quote "$POSTGRES_PASSWORD" "'")
  # Single-user mode has no conditions and goes on after an error: make what may be there, then set what must be.
  output=$({
    if [ "$POSTGRES_USER" != postgres ]; then
      echo "CREATE ROLE $user"
      # What it makes belongs to the role itself, whichever of the two signs in.
      echo "CREATE ROLE $second IN ROLE $user"
      echo "ALTER ROLE $second SET role = $user"
      login_functions
    fi
    echo "ALTER ROLE $login LOGIN PASSWORD $password"
    [ "$POSTGRES_DB" = postgres ] || echo "CREATE DATABASE $database OWNER $user"
    echo "SELECT 'role=' || rolcanlogin FROM pg_authid WHERE rolname = $(quote "$POSTGRES_LOGIN" "'") AND rolpassword LIKE 'SCRAM%'"
    echo "SELECT 'database=' || datallowconn FROM pg_database WHERE datname = $(quote "$POSTGRES_DB" "'")"
  } | single_user "$@" 2>&1) || fail "The data folder could not be opened:
$output"
  case $output in
    *role=true*database=true*) ;;
    *) fail "Login $POSTGRES_LOGIN and database $POSTGRES_DB could not be made:
$output" ;;
  esac
  salt=$(od -An -N8 -tx1 /dev/urandom | tr -d ' \n')
  printf '%s %s\n' "$salt" "$(applied_now "$salt")" >"$1/storefleet.applied"
}

if [ -s "$PGDATA/PG_VERSION" ]; then
  ours=$(cat "$template/PG_VERSION")
  theirs=$(cat "$PGDATA/PG_VERSION")
  [ "$ours" = "$theirs" ] || fail "$PGDATA was written by PostgreSQL $theirs, this is PostgreSQL $ours. Restore a backup into a new volume."
  # Left by a server that was killed. It names a process id of another container, which here may be anybody's;
  # that nobody serves this folder, we know by the lock.
  rm -f "$PGDATA/postmaster.pid"
  salt= sum=
  [ ! -r "$applied" ] || read -r salt sum <"$applied" || true
  [ "$sum" = "$(applied_now "$salt")" ] || apply_role "$PGDATA"
else
  if [ -d "$PGDATA" ]; then
    rmdir "$PGDATA" 2>/dev/null || fail "$PGDATA holds files, but no PostgreSQL data. Use an empty volume."
  fi
  # Made aside, flushed, then renamed: a start that is cut off leaves nothing that looks like a cluster.
  rm -rf "$PGDATA.new"
  cp -r "$template" "$PGDATA.new"
  apply_role "$PGDATA.new" -c fsync=off
  initdb --sync-only --pgdata="$PGDATA.new" >/dev/null
  mv "$PGDATA.new" "$PGDATA"
  sync "$volume"
fi

# The server needs to know neither, and its environment can be read by its extensions.
unset POSTGRES_PASSWORD
exec postgres -D "$PGDATA" -c config_file="$configuration" "$@"
