#!/bin/sh
# Runs once, while the image is built: PostgreSQL if the base has none, our user, and a ready-made empty cluster.
set -eu

if ! ls /usr/lib/postgresql/*/bin/postgres >/dev/null 2>&1; then
  # No cluster by the package (ours is below), no services in a build.
  mkdir -p /etc/postgresql-common
  echo "create_main_cluster = false" >/etc/postgresql-common/createcluster.conf
  printf '#!/bin/sh\nexit 101\n' >/usr/sbin/policy-rc.d && chmod 755 /usr/sbin/policy-rc.d
  export DEBIAN_FRONTEND=noninteractive
  apt-get update -q
  apt-get install -qy --no-install-recommends postgresql
  # What only Debian's cluster management and just-in-time compilation (off, see postgresql.conf) need: half of the
  # image. ssl-cert also leaves a private key that would be the same in every copy.
  dpkg --purge --force-depends $(dpkg-query --show --showformat='${Package}\n' \
    'perl' 'perl-modules-*' 'libperl5*' 'lib*-perl' 'libllvm*' 'libz3-*' locales libc-l10n ucf sensible-utils \
    postgresql postgresql-common postgresql-client-common ssl-cert 2>/dev/null)
  rm -rf /usr/lib/postgresql/*/lib/bitcode /usr/lib/postgresql/*/lib/llvmjit* /etc/ssl/private/* \
    /var/lib/apt/lists/* /var/cache/apt/* /var/cache/debconf/*-old /var/log/* /usr/sbin/policy-rc.d
fi

binaries=$(ls -d /usr/lib/postgresql/*/bin | sort -V | tail -n 1)
ln -sfn "$binaries" /usr/local/lib/storefleet-postgresql

# initdb and the server want a name for their user id.
groupadd --gid 10001 storefleet
useradd --uid 10001 --gid 10001 --no-create-home --home-dir /nonexistent --shell /usr/sbin/nologin storefleet

# initdb takes a second on a fast disk and many on a slow one; copying its result takes a tenth.
# C.UTF-8 sorts the same in every release of the C library, so indexes survive a change of base image.
template=/usr/local/share/storefleet-postgresql
mkdir -m 0700 "$template" && chown 10001:10001 "$template"
setpriv --reuid=10001 --regid=10001 --clear-groups "$binaries/initdb" --pgdata="$template" --username=postgres \
  --encoding=UTF8 --locale=C.UTF-8 --auth=trust --data-checksums --no-sync
mkdir -p /var/lib/postgresql/data && chown 10001:10001 /var/lib/postgresql /var/lib/postgresql/data
