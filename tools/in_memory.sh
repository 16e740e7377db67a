#!/usr/bin/env bash
# in_memory.sh PYTEST ...: lets tests write where memory is the disk, if there is room for it: most of their time is waiting
# for a disk to say that something is safe, and no test pulls the plug.
set -uo pipefail
home=/dev/shm
if [ "$(df --output=avail -k "$home" 2>/dev/null | tail -1)" -gt 8000000 ] 2>/dev/null; then
  folder=$(mktemp -d "$home/pathworth-tests-XXXXXX")
  trap 'rm -rf "$folder"' EXIT
  "$@" --basetemp="$folder/at"
else
  "$@"
fi
