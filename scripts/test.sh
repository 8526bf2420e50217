#!/usr/bin/env bash
# Everything that make test promises, in the order of what fails fastest. A step that fails does not keep the ones behind it from running, so that one
# run tells all that is wrong; only without the console nothing can. The last line counts what the runners reported.
set -euo pipefail
cd "$(dirname "$0")/.."
reports=$(mktemp -d)
failed=()
tally() {
  local status=$?
  ((${#failed[@]} == 0)) || printf 'FAILED step: %s\n' "${failed[@]}"
  node scripts/tally.mjs "$reports" $( ((status)) || echo whole) || status=$((status ? status : 1))
  rm -rf "$reports"
  exit "$status"
}
trap tally EXIT
step() { # what COMMAND...
  printf '\n== %s (%ds)\n' "$1" $SECONDS
  "${@:2}" || failed+=("$1")
}
run() { make --no-print-directory "$@"; }

step "console: build" run web
((${#failed[@]} == 0))
step "console: tests" run web-test VITEST_JSON="$reports/vitest.json"
step "lint, generated code" run -k lint gen-check
step "unit, with -race" run unit JUNIT="$reports/go.xml"
step "the Windows client, in Wine" run wine JUNIT="$reports/wine.xml"
step "fuzz smoke" run fuzz
step "end to end" run e2e PLAYWRIGHT_JSON_OUTPUT_NAME="$reports/e2e.json"
printf '\n== done (%ds)\n' $SECONDS
((${#failed[@]} == 0))
