package ui

import (
	"errors"
	"time"
)

const (
	tipDelay = 500 * time.Millisecond // until a control is explained
	tipFirst = 8 * time.Second        // how long the stop key is announced
	barTop   = 8                      // units between the bar and the screen's edge
)

// errCovered says that the bar could not be brought onto the screen.
var errCovered = errors.New("the bar cannot be shown")

// barState is what the bar needs beside its pane.
type barState struct {
	dragging bool
	grabbed  int    // distance of the pointer from the bar's left edge
	shift    int    // where the end-user dragged it, from the centre
	stopName string // of the key that stops sharing; empty: none could be had

	hover   control
	tipAt   time.Time // when the tip appears
	tipGone time.Time // and goes
}

func (b *barState) next() time.Time {
	if !b.tipAt.IsZero() && (b.tipGone.IsZero() || b.tipAt.Before(b.tipGone)) {
		return b.tipAt
	}
	return b.tipGone
}

// announce names the stop key when the bar appears.
func (b *barState) announce(now time.Time) {
	if b.stopName != "" {
		b.hover, b.tipAt, b.tipGone = ctlStop, now, now.Add(tipFirst)
	}
}

// forget drops what was planned for the tip.
func (b *barState) forget() { b.tipAt, b.tipGone = time.Time{}, time.Time{} }

// explain plans the tip of the control below the pointer. It reports whether the one that is shown has to go.
func (b *barState) explain(c control, now time.Time) bool {
	if c == b.hover && !b.next().IsZero() {
		return false
	}
	b.forget()
	if c == ctlNone {
		return true
	}
	b.hover, b.tipAt = c, now.Add(tipDelay)
	return false
}

// due tells what has to happen to the tip now.
func (b *barState) due(now time.Time) (show, hide bool) {
	if show = !b.tipAt.IsZero() && !now.Before(b.tipAt); show {
		b.tipAt = time.Time{}
	}
	if hide = !b.tipGone.IsZero() && !now.Before(b.tipGone); hide {
		b.tipGone = time.Time{}
	}
	return show, hide
}

// tip explains the control below the pointer; empty: there is nothing to say.
func (b *barState) tip(lk *look) string {
	switch {
	case b.hover == ctlPause:
		return lk.say("bar.tip.pause")
	case b.hover == ctlResume:
		return lk.say("bar.tip.resume")
	case b.hover == ctlStop && b.stopName != "":
		return lk.say("bar.tip.stop", "Key", lk.say(b.stopName))
	}
	return ""
}
