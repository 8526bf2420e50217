#!/usr/bin/env bash
# Runs each fuzz target for FUZZ_SECONDS (default 2): a smoke test, not a search. Two at a time, since most of it is linking.
set -euo pipefail
export FUZZ_SECONDS=${FUZZ_SECONDS:-2}
targets() {
  grep -rl --include='*_test.go' --exclude-dir=node_modules '^func Fuzz' . | while read -r file; do
    grep -ho '^func Fuzz[A-Za-z0-9_]*' "$file" | awk -v dir="$(dirname "$file")" '{print dir, $2}'
  done | sort -u
}
# fuzz DIR TARGET: quiet unless it fails
fuzz() {
  local out
  if out=$(go test -run '^$' -fuzz "^$2\$" -fuzztime "${FUZZ_SECONDS}s" -parallel 1 "$1" 2>&1); then
    echo "fuzz $1 $2"
  else
    printf 'fuzz %s %s\n%s\n' "$1" "$2" "$out"
    return 1
  fi
}
export -f fuzz
targets | xargs -P 2 -L 1 bash -c 'fuzz "$@"' fuzz
