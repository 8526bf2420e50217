#!/usr/bin/env bash
# Runs each fuzz target for FUZZ_EXECS inputs (default 8000): a smoke test, not a search. Counted rather than timed, because
# the coordinator of Go 1.26 can report the end of a time as the failure "context deadline exceeded"
# (golang/go#75804). Two at a time, since most of it is linking.
set -euo pipefail
export FUZZ_EXECS=${FUZZ_EXECS:-8000}
targets() {
  grep -rl --include='*_test.go' --exclude-dir=node_modules '^func Fuzz' . | while read -r file; do
    grep -ho '^func Fuzz[A-Za-z0-9_]*' "$file" | awk -v dir="$(dirname "$file")" '{print dir, $2}'
  done | sort -u
}
# fuzz DIR TARGET: quiet unless it fails
fuzz() {
  local out
  if out=$(go test -run '^$' -fuzz "^$2\$" -fuzztime "${FUZZ_EXECS}x" -fuzzminimizetime 100x -parallel 1 "$1" 2>&1); then
    echo "fuzz $1 $2"
  else
    printf 'fuzz %s %s\n%s\n' "$1" "$2" "$out"
    return 1
  fi
}
export -f fuzz
targets | xargs -P 2 -L 1 bash -c 'fuzz "$@"' fuzz
