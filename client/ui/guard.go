package ui

import "time"

// above tells the windows that must not be covered.
func (s slot) above() bool { return s == slotBar || s == slotConsent || s == slotTip }

// guard brings a window back when it was covered, moved or hidden. Against another program that insists it slows down,
// so that the two do not keep the screen flickering.
type guard struct {
	at   time.Time // when to look; zero: not needed
	last time.Time // when the window was brought back last
	wait time.Duration
}

const (
	guardFirst = 150 * time.Millisecond
	guardMax   = 3 * time.Second
)

// ask plans a look at the window.
func (g *guard) ask(now time.Time) {
	if g.at.IsZero() {
		g.at = now.Add(max(guardFirst, g.wait))
	}
}

// due tells whether to look now.
func (g *guard) due(now time.Time) bool {
	if g.at.IsZero() || now.Before(g.at) {
		return false
	}
	g.at = time.Time{}
	return true
}

// acted notes that the window had to be brought back.
func (g *guard) acted(now time.Time) {
	if now.Sub(g.last) > 2*guardMax {
		g.wait = guardFirst
	} else {
		g.wait = min(guardMax, max(guardFirst, g.wait)*2)
	}
	g.last = now
}

// loose tells the windows that the window manager does not manage.
func (s slot) loose() bool { return s == slotBar || s == slotTip }
