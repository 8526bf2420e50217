#!/usr/bin/env bash
# The demo's stand-in for an end-user: waits for a consent window on $DISPLAY, thinks for 3 seconds, and presses "Allow control" with the
# mouse. Where the button is, the window says in its property _DESKHAND_CONTROLS.
set -u
# press WINDOW CONTROL
press() {
  local x y w h
  read -r x y w h < <(xprop -id "$1" -notype _DESKHAND_CONTROLS 2>/dev/null | sed -e 's/.*= "//' -e 's/\\n/\n/g' | awk -v c="$2" '$1 == c {print $2, $3, $4, $5}')
  [ -n "${h:-}" ] && xdotool mousemove --window "$1" $((x + w / 2)) $((y + h / 2)) click 1
}
while sleep 0.5; do
  window=$(xdotool search --onlyvisible --classname '^remote-support-consent$' 2>/dev/null | tail -1)
  [ -n "$window" ] || continue
  sleep 3
  press "$window" control || press "$window" view
done
