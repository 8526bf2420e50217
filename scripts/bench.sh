#!/usr/bin/env bash
# Benchmarks. The parts, of which STEPS names some:
#   micro   go test -bench of every stage, as text for benchstat: bench/out/micro.txt; the session log with LOG_ROWS rows (a million)
#   browser the console in Chromium on the real server: search latency with 10 000 computers, a flood in a command prompt
#   side    with HARNESS: ours and the peers on one desktop, one after the other, by the harness
#   own     with HARNESS: ours alone, where no peer is compared: slow lines, a second viewer, 4K, two displays
# With HARNESS the last is a table of all that bench/out/raw holds; bench/out/table.json has its figures.
#   make bench BENCHTIME=1s COUNT=6          longer, for benchstat
#   make bench HARNESS=../shared/bench PEERS="x0vnc xpra" WORKLOADS=scroll,latency REPEATS=1 SECONDS=4 PRESSES=20
set -euo pipefail
cd "$(dirname "$0")/.."
root=$PWD out=$PWD/bench/out
mkdir -p "$out/raw"
wants() { case " $STEPS " in *" $1 "*) ;; *) return 1 ;; esac; }
if [ -n "${HARNESS:-}" ]; then STEPS=${STEPS:-side own}; else STEPS=${STEPS:-micro browser}; fi

if wants micro; then
  # The session log is measured with a million rows.
  LOG_ROWS=${LOG_ROWS:-1000000} go test ${TAGS:-} -run '^$' -bench "${BENCH:-.}" -benchmem -benchtime "${BENCHTIME:-100ms}" -count "${COUNT:-1}" -timeout 60m \
    ./screen/... ./codec ./client/... ./secure ./transport/... ./relay ./bench/... ./server/store ./server/httpapi | grep -v -e '^ok ' -e '^PASS$' -e 'no test files' | tee "$out/micro.txt"
fi
if wants browser; then
  make -s build e2e/node_modules/.package-lock.json >/dev/null
  (cd e2e && npx playwright test --config bench.config.ts) | tee "$out/browser.txt"
fi
[ -n "${HARNESS:-}" ] || exit 0

# The harness, copied, since it may not be written to, and set up once.
PEERS=${PEERS-x0vnc x11vnc xpra meshcentral}
export BENCH=${XDG_CACHE_HOME:-$HOME/.cache}/deskhand-bench DESKHAND=$root
export HARNESS_DIR=$BENCH/harness RUN=$BENCH/run STAGE=$out/stage LINE=$out/line PRESS=$out/bench.test
given=$(cd "$HARNESS" && pwd)
if ! diff -rq --exclude=.gitignore "$given" "$HARNESS_DIR" 2>/dev/null | grep -q "^Files\|^Only in $given" && [ -f "$HARNESS_DIR/bin/workload" ]; then :; else
  echo "setting the harness up in $HARNESS_DIR"
  mkdir -p "$HARNESS_DIR" && cp -r "$given/." "$HARNESS_DIR/" && chmod -R u+w "$HARNESS_DIR"
  scripts/need.sh xvfb openbox xauth x11-utils x11-xserver-utils xdotool chromium curl tigervnc-scraping-server x11vnc websockify xpra python3-pil
  case " $PEERS " in *" meshcentral"*) mesh=meshcentral ;; *) mesh= ;; esac
  env -u HARNESS "$HARNESS_DIR/setup.sh" $mesh || [ -z "$mesh" ] || { echo "meshcentral cannot be set up here; going on without"; env -u HARNESS "$HARNESS_DIR/setup.sh"; }
fi
cp bench/side/adapters/*.mjs "$HARNESS_DIR/adapters/"
CGO_ENABLED=0 go build -o "$STAGE" ./bench/stage
CGO_ENABLED=0 go build -o "$LINE" ./bench/line
CGO_ENABLED=0 go test ${TAGS:-} -c -o "$PRESS" ./bench

desktop() { env -u HARNESS "$HARNESS_DIR/desktop.sh" "$1" >/dev/null; }
trap 'desktop down' EXIT
desktop down
for _ in $(seq 100); do [ -e "/tmp/.X50-lock" ] || break; sleep 0.1; done

# Its ports and its display are fixed: a second harness, or what an interrupted run left, would be measured instead.
for port in 4430 4431 4432 5950 5951 5960 6080 6081 9000 9001 9002 9004 14500 14501; do
  if (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; then echo "port $port of the harness is taken by another program" >&2; exit 1; fi
done
desktop up

options=(-r "${REPEATS:-3}" -s "${RUN_SECONDS:-6}" -n "${PRESSES:-60}")
if wants side; then
  rm -f "$out"/raw/*.json
  for product in deskhand $PEERS; do
    case $product in meshcentral*) [ -f "$BENCH/meshcentral/agent/meshagent.msh" ] || continue ;; esac
    printf '\n== %s (%ds)\n' "$product" $SECONDS
    node "$HARNESS_DIR/run.mjs" "$product" -o "$out/raw/$product.json" ${WORKLOADS:+-w "$WORKLOADS"} "${options[@]}" || echo "$product failed; its rows stay empty"
    node bench/side/beside.mjs "$product" -o "$out/raw/$product.beside.json" -r "${REPEATS:-3}" || true
  done
fi
if wants own; then
  printf '\n== ours on slow lines, with two viewers, on large displays (%ds)\n' $SECONDS
  node bench/side/own.mjs -o "$out/raw/own.json" "${options[@]}" || true
fi
printf '\n'
node bench/side/table.mjs "$out/raw" "$out/table.json" | tee "$out/table.md"
