#!/bin/sh
# Install Raptor's rapper (Debian's raptor2-utils), which the tests let read our files; say plainly where that is not possible.
set -eu
if command -v rapper >/dev/null 2>&1; then exit 0; fi
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
    apt-get update -qq && apt-get install -y -qq --no-install-recommends raptor2-utils >/dev/null && exit 0
fi
echo "LEFT OUT: the tests with rapper, because it is not there and cannot be installed here (needs root and apt)." >&2
