#!/bin/sh
# Makes a small Debian: bootstrap.sh <suite> <apt.conf> <rootfs.tar>, with sources.list on standard input.
set -eu
suite=$1 options=$2 archive=$3
here=$(cd "$(dirname "$0")" && pwd)

# "apt" is the least variant that can install packages: what Debian calls essential, and apt itself.
# Merging /usr beforehand, as debootstrap does, saves the package that would do it later, and all of Perl.
exec mmdebstrap --variant=apt --mode=root --format=tar \
  --aptopt="$options" --aptopt='APT::Install-Recommends "false"' --dpkgopt="$here/dpkg.cfg" \
  --hook-dir=/usr/share/mmdebstrap/hooks/merged-usr --include=usr-is-merged \
  --customize-hook="sh '$here/slim.sh' \"\$1\"" \
  "$suite" "$archive" -
