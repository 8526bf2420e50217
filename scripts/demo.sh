#!/usr/bin/env bash
# The whole product on one machine: a server with its embedded database, a desktop, an end-user's session waiting on it and one
# unattended computer. Runs until Ctrl-C; what it started ends with it, and nothing stays.
set -euo pipefail
cd "$(dirname "$0")/.."
root=$PWD
work=$(mktemp -d)
pids=()
cleanup() {
  trap - EXIT INT TERM
  for ((i = ${#pids[@]} - 1; i >= 0; i--)); do kill "${pids[i]}" 2>/dev/null || true; done
  for pid in "${pids[@]}"; do wait "$pid" 2>/dev/null || true; done
  rm -rf "$work"
}
trap cleanup EXIT
trap 'exit 0' INT TERM
# start LOG COMMAND…: in the background, its output in LOG
start() { local log=$work/$1.log; shift; "$@" >"$log" 2>&1 & pids+=($!); }

free_port() { node -e 'const s=require("net").createServer().listen(Number(process.argv[1]),"127.0.0.1",()=>{console.log(s.address().port);s.close()}).on("error",()=>process.exit(1))' "$1" 2>/dev/null; }
port=$(free_port "${DEMO_PORT:-8080}" || free_port 0)
url=http://localhost:$port

# A desktop of its own where no display is there; its programs are real ones.
export XDG_STATE_HOME=$work/state LC_ALL=C.UTF-8 NO_AT_BRIDGE=1
if [ -z "${DISPLAY:-}" ]; then
  mkfifo "$work/display"
  Xvfb -displayfd 3 -screen 0 1600x900x24 -nolisten tcp -ac -noreset 3>"$work/display" >"$work/xvfb.log" 2>&1 &
  pids+=($!)
  read -r number <"$work/display"
  export DISPLAY=:$number
  # start sets $! in this shell, so these end with us
  start openbox openbox
  xsetroot -display "$DISPLAY" -solid '#35505c'
  printf 'Notes\n\nThis desktop belongs to the demo. Type here from the browser: é ß € 漢\n' >"$work/notes.txt"
  start mousepad env HOME="$work" GTK_USE_PORTAL=0 mousepad "$work/notes.txt"
  start xclock xclock -geometry 160x160-40+60
  start xterm env HOME="$work" xterm -geometry 84x16+40+500 -fa 'DejaVu Sans Mono' -fs 11 -title Terminal
fi

password=$(head -c 9 /dev/urandom | base64 | tr '+/' 'xy')
printf '%s\n' "$password" >"$work/password"
chmod 600 "$work/password"
bin/deskhand agent add rodney --name 'Rodney Example' --email rodney@example.com --role administrator --password-stdin --data "$work/data" <"$work/password" >/dev/null
start server bin/deskhand serve --data "$work/data" --listen "127.0.0.1:$port" --public-url "$url"
for _ in $(seq 200); do grep -q '^ready ' "$work/server.log" && break; kill -0 "${pids[-1]}" 2>/dev/null || { cat "$work/server.log"; exit 1; }; sleep 0.1; done

# One unattended computer …
bin/RemoteSupport /createcomputer /username rodney /passwordfile "$work/password" /relayurl "$url" /relayport "$port" --state "$work/computer" --noservice >"$work/createcomputer.log" 2>&1 || { cat "$work/createcomputer.log"; exit 1; }
start unattended bin/RemoteSupport unattended --state "$work/computer"

# … and one end-user, who opened the link and started what it gave.
mkdir "$work/end-user"
curl -fsSL "$url/join/rodney/download?platform=linux-$(uname -m)&ticket=4711&name=A.+Martin" | tar -xz -C "$work/end-user"
client=$(find "$work/end-user" -type f -name 'RemoteSupport*' | head -1)
start client "$client"
start end-user scripts/demo-end-user.sh

echo "A stand-in end-user (scripts/demo-end-user.sh, by xdotool) answers the consent window after 3 seconds. The product itself never allows by itself."
[ -z "${number:-}" ] || echo "The demo's desktop is display $DISPLAY of this machine."
echo "ready $url"
echo "user: rodney"
echo "password: $password"
echo "Ctrl-C ends everything."
wait "${pids[-1]}" 2>/dev/null || true
while :; do sleep 3600 & wait $!; done
