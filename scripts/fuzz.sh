#!/usr/bin/env bash
# Runs each fuzz target for FUZZ_SECONDS (default 2): a smoke test, not a search.
set -euo pipefail
seconds=${FUZZ_SECONDS:-2}
for dir in $(grep -rl --include='*_test.go' '^func Fuzz' . --exclude-dir=node_modules | xargs -n1 dirname | sort -u); do
  for target in $(grep -ho '^func Fuzz[A-Za-z0-9_]*' "$dir"/*_test.go | awk '{print $2}' | sort -u); do
    echo "fuzz $dir $target"
    go test -run '^$' -fuzz "^$target\$" -fuzztime "${seconds}s" -parallel 2 "$dir" >/tmp/fuzz.$$ 2>&1 || { cat /tmp/fuzz.$$; exit 1; }
  done
done
rm -f /tmp/fuzz.$$
