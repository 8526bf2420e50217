#!/bin/sh
# Generates wire/deskhand.pb.go and web/src/wire/deskhand_pb.ts from wire/deskhand.proto.
# Needs `npm ci` in web/ once; fetches nothing.
set -eu
cd "$(dirname "$0")/.."
buf=web/node_modules/.bin/buf
if [ ! -x "$buf" ]; then
	echo "gen-wire: $buf is missing: run 'npm ci' in web/ first" >&2
	exit 1
fi
"$buf" lint
"$buf" generate
