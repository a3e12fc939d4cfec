#!/bin/sh
# Install Virtuoso (Debian's virtuoso-opensource-7-bin), which the tests publish to; say plainly where that is not possible.
# The package has the program alone: no service is set up or started.
set -eu
if command -v virtuoso-t >/dev/null 2>&1; then exit 0; fi
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
    apt-get update -qq && apt-get install -y -qq --no-install-recommends virtuoso-opensource-7-bin >/dev/null && exit 0
fi
echo "LEFT OUT: the tests with Virtuoso, because it is not there and cannot be installed here (needs root and apt)." >&2
