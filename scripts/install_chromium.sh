#!/bin/sh
# Install Debian's chromium for the tests of the page, where that is possible; say plainly where it is not.
set -eu
for name in chromium chromium-browser google-chrome; do
    if command -v "$name" >/dev/null 2>&1; then exit 0; fi
done
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
    apt-get update -qq && apt-get install -y -qq --no-install-recommends chromium fonts-noto-core >/dev/null && exit 0
fi
echo "LEFT OUT: the browser tests, because there is no chromium and it cannot be installed here (needs root and apt)." >&2
