#!/bin/sh
# Bundle the query page's editor from the npm packages that scripts/editor/package-lock.json pins, licences beside it.
# The result is committed: kg needs neither npm nor a network to be installed or used.
set -eu
cd "$(dirname "$0")/editor"
target=../../kg/serve/static
npm ci --silent --no-audit --no-fund
npx esbuild editor.js --bundle --minify --format=iife --target=es2022 --charset=utf8 --legal-comments=none --outfile="$target/editor.js"
{
    echo "editor.js holds these packages, beside our own scripts/editor/editor.js (Apache-2.0)."
    for folder in node_modules/@codemirror/* node_modules/@lezer/* node_modules/@marijn/* node_modules/crelt node_modules/style-mod node_modules/w3c-keyname; do
        [ -f "$folder/LICENSE" ] || continue
        printf '\n==== %s %s\n\n' "${folder#node_modules/}" "$(node -p "require('./$folder/package.json').version")"
        cat "$folder/LICENSE"
    done
} > "$target/editor.LICENSES.txt"
rm -rf node_modules
