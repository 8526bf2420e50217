package input

import "time"

// OpenIdle is Open with other times that spare keycodes keep their characters.
func OpenIdle(display string, read, unread time.Duration) (Injector, error) {
	return open(display, realClock, read, unread)
}
