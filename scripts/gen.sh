#!/usr/bin/env bash
# Writes what is generated: the wire messages for Go and TypeScript, the API's document and its TypeScript types.
# With --check it fails when something that is kept in git was stale.
set -euo pipefail
cd "$(dirname "$0")/.."
outputs=(wire/deskhand.pb.go web/src/wire/deskhand_pb.ts web/src/api/openapi.json web/src/api/schema.gen.ts)
sums() { cat "${outputs[@]}" 2>/dev/null | sha256sum; }
before=$(sums)
scripts/gen-wire.sh
go run ./cmd/deskhand openapi --contract >web/src/api/openapi.json.new && mv web/src/api/openapi.json.new web/src/api/openapi.json
(cd web && npm run --silent gen:api)
if [ "${1:-}" = --check ] && [ "$before" != "$(sums)" ]; then
  echo "generated files were stale; commit what 'make gen' wrote:" >&2
  git status --short "${outputs[@]}" >&2
  exit 1
fi
