#!/bin/sh
# Starts PostgreSQL. Environment, as in the official image:
#   POSTGRES_USER      role that owns the database (default: postgres). Not a superuser, unless it is postgres.
#   POSTGRES_PASSWORD  its password, required. A new value takes effect at the next start.
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
[ -n "${POSTGRES_PASSWORD:-}" ] || fail "POSTGRES_PASSWORD is not set. Give the container a password for $POSTGRES_USER."
case $POSTGRES_USER$POSTGRES_DB$POSTGRES_PASSWORD in
  *"
"*) fail "POSTGRES_USER, POSTGRES_PASSWORD and POSTGRES_DB must not hold line breaks." ;;
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

applied_now() { # what the role was made from; salted, so that the file tells nothing about the password
  printf '%s\n%s\n%s\n%s' "$1" "$POSTGRES_USER" "$POSTGRES_DB" "$POSTGRES_PASSWORD" | sha256sum | cut -d ' ' -f 1
}

apply_role() { # $1 data folder, rest: options of the server
  user=$(quote "$POSTGRES_USER" '"')
  database=$(quote "$POSTGRES_DB" '"')
  password=$(quote "$POSTGRES_PASSWORD" "'")
  # Single-user mode has no conditions and goes on after an error: make what may be there, then set what must be.
  output=$({
    [ "$POSTGRES_USER" = postgres ] || echo "CREATE ROLE $user"
    echo "ALTER ROLE $user LOGIN PASSWORD $password"
    [ "$POSTGRES_DB" = postgres ] || echo "CREATE DATABASE $database OWNER $user"
    echo "SELECT 'role=' || rolcanlogin FROM pg_authid WHERE rolname = $(quote "$POSTGRES_USER" "'") AND rolpassword LIKE 'SCRAM%'"
    echo "SELECT 'database=' || datallowconn FROM pg_database WHERE datname = $(quote "$POSTGRES_DB" "'")"
  } | single_user "$@" 2>&1) || fail "The data folder could not be opened:
$output"
  case $output in
    *role=true*database=true*) ;;
    *) fail "Role $POSTGRES_USER and database $POSTGRES_DB could not be made:
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
