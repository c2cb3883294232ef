#!/bin/sh
# Starts Redis. Environment:
#   REDIS_PASSWORD   required of every client
#   REDIS_MAXMEMORY  limit of the data, default 64mb; keep it well below the container's memory limit
# Arguments go to the server.
set -eu

fail() {
  echo "storefleet-redis: $1" >&2
  exit 1
}

[ -n "${REDIS_PASSWORD:-}" ] || fail "REDIS_PASSWORD is not set. Give the container a password."
case $REDIS_PASSWORD in
  *[!A-Za-z0-9_.~-]*) fail "REDIS_PASSWORD may only hold letters, digits and any of - _ . ~" ;;
esac
password=$REDIS_PASSWORD
unset REDIS_PASSWORD

# By standard input, so that the password is in no argument list and no file.
# noeviction: queues live here; a full memory must refuse new work, not forget old work.
# No persistence: what must survive is in PostgreSQL.
exec redis-server - "$@" <<END
bind * -::*
port 6379
dir /tmp
requirepass $password
maxmemory ${REDIS_MAXMEMORY:-64mb}
maxmemory-policy noeviction
save ""
appendonly no
END
