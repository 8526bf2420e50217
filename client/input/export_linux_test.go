package input

import "time"

// OpenIdle is Open with another time that spare keycodes keep their characters.
func OpenIdle(display string, idle time.Duration) (Injector, error) {
	return open(display, realClock, idle)
}
