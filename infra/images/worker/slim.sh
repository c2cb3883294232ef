#!/bin/sh
# Removes from a folder of libraries what no program that runs reads: slim.sh <node_modules>.
set -eu
find "$1" -type f \( -name '*.d.ts' -o -name '*.d.cts' -o -name '*.d.mts' -o -name '*.map' -o -name '*.md' \) -delete
# Links to workspaces; the folders themselves are copied beside.
rm -rf "$1/@storefleet" "$1/.bin"
