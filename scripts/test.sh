#!/usr/bin/env bash
# Everything that make test promises, in the order of what fails fastest. The last line counts what the runners reported.
set -euo pipefail
cd "$(dirname "$0")/.."
reports=$(mktemp -d)
tally() { # on the way out, also when a step failed
  local status=$?
  node scripts/tally.mjs "$reports" $( ((status)) || echo whole) || status=$((status ? status : 1))
  rm -rf "$reports"
  exit "$status"
}
trap tally EXIT
step() { printf '\n== %s (%ds)\n' "$1" $SECONDS; }

step "console: build and tests"
make --no-print-directory web
VITEST_JSON="$reports/vitest.json" make --no-print-directory web-test
step "lint, generated code"
make --no-print-directory lint gen-check
step "unit, with -race"
JUNIT="$reports/go.xml" make --no-print-directory unit
step "the Windows client, in Wine"
JUNIT="$reports/wine.xml" make --no-print-directory wine
step "fuzz smoke"
make --no-print-directory fuzz
step "end to end"
PLAYWRIGHT_JSON_OUTPUT_NAME="$reports/e2e.json" make --no-print-directory e2e
step "done"
