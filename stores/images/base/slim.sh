#!/bin/sh
# Makes a freshly bootstrapped Debian fit for containers: slim.sh <folder>.
# Nothing of the machine that bootstrapped it stays behind: mirror, proxies, name servers, host name.
set -eu
root=$1

for file in etc/apt/sources.list etc/resolv.conf etc/hostname etc/machine-id; do
  rm -f "$root/$file" && : >"$root/$file"
done
rm -rf "$root"/etc/apt/sources.list.d/* "$root"/etc/apt/apt.conf.d/99mmdebstrap "$root"/var/lib/apt/lists/* \
  "$root"/var/cache/apt/* "$root"/var/cache/ldconfig/* "$root"/var/log/* "$root"/var/cache/debconf/*-old \
  "$root"/var/lib/dpkg/*-old "$root"/usr/share/zoneinfo/right "$root"/usr/share/zoneinfo/posix
# Where builds see the machine's own settings (toolchain/images/machine-mounts.ts); empty in every image.
mkdir -p "$root"/run/machine && : >"$root"/etc/apt/apt.conf.d/99machine
