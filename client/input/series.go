package input

import "time"

// clickTime and clickReach are within how much time and how far from each other presses are one click of several.
const (
	clickTime  = 500 * time.Millisecond
	clickReach = 4 // pixels
)

// clicks counts presses for systems that want to be told which one of several a press is.
type clicks struct {
	button Button
	x, y   int
	at     time.Time
	count  int
}

// press is the number of a press: 2 for the second of a double click.
func (c *clicks) press(b Button, x, y int, now time.Time) int {
	near := max(x-c.x, c.x-x) <= clickReach && max(y-c.y, c.y-y) <= clickReach
	if b != c.button || !near || now.Sub(c.at) > clickTime {
		c.count = 0
	}
	c.button, c.x, c.y, c.at = b, x, y, now
	c.count++
	return c.count
}

// notch is one of a wheel, in the unit of Injector.Wheel.
const notch = 120

// turns are parts of notches of a wheel, in 1/120, that have not made a whole one yet.
type turns int

// add returns the whole notches, at most maxNotches.
func (t *turns) add(d int) int {
	const limit = maxNotches * notch
	sum := int(*t) + min(max(d, -limit), limit)
	*t = turns(sum % notch)
	return min(max(sum/notch, -maxNotches), maxNotches)
}
