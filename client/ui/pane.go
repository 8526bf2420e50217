package ui

import (
	"image"
	"slices"
	"time"

	"deskhand/client/ui/paint"
)

// caretRest is how long the caret blinks without input; then it stays, and the window is quiet.
const (
	caretBlink = 600 * time.Millisecond
	caretRest  = 10 * time.Second
)

// pane is the inside of one window: what it shows, where the focus and the pointer are. It knows no windowing system,
// so that it can be tried without one. It belongs to the goroutine that owns the display.
type pane struct {
	lk    *look
	shows content
	scene *scene

	focus      control
	focusShown bool // the focus ring; hidden until a key is used, except where it matters from the start
	hover      control
	pressed    control // held by the pointer

	field     idField
	problem   Problem // of the field, found here or told by the client
	caretOn   bool
	lastInput time.Time

	typing  bool      // keys come in since before they counted
	lastKey time.Time // of a consent
	touched time.Time // when input on a consent was last told
}

// newPane makes the pane of a window. The bar and its tip are dark in both themes.
func newPane(lk *look, s slot) *pane {
	if s == slotBar || s == slotTip {
		own := *lk
		own.wear(lk.brand, true)
		lk = &own
	}
	return &pane{lk: lk, scene: &scene{w: 1, h: 1, ground: lk.colors.window}}
}

// wear changes how the window looks.
func (p *pane) wear(b Brand) {
	p.lk.wear(b, p.lk.onDark)
	p.refresh()
}

// size is the window's size in pixels.
func (p *pane) size() image.Point { return image.Pt(p.scene.w, p.scene.h) }

// set changes what is shown. It keeps focus and typed text where the window stays the same one.
func (p *pane) set(c content) {
	before := p.shows
	p.shows = c
	switch c := c.(type) {
	case Main:
		if b, ok := before.(Main); !ok || b.Stage != c.Stage || b.Problem != c.Problem {
			p.problem = c.Problem
			if c.Stage == AskID {
				p.focus = ctlID
				p.field.all = p.field.digits != "" && c.Problem != NoProblem
			}
		}
	case Consent:
		if b, ok := before.(Consent); !ok || b.ID != c.ID {
			p.focus, p.focusShown, p.pressed, p.typing = ctlDeny, true, ctlNone, false
		}
	case Notice:
		p.focus, p.focusShown = ctlOK, true
	}
	p.refresh()
}

// refresh lays the window out again.
func (p *pane) refresh() {
	switch c := p.shows.(type) {
	case Main:
		p.scene = mainScene(p.lk, c, p.problem)
	case Consent:
		p.scene = consentScene(p.lk, c)
	case Bar:
		p.scene = barScene(p.lk, c)
	case Notice:
		p.scene = noticeScene(p.lk, c)
	case tip:
		p.scene = tipScene(p.lk, c)
	}
	ids := p.scene.controls()
	if !slices.Contains(ids, p.focus) {
		p.focus = ctlNone
		if _, bar := p.shows.(Bar); !bar && len(ids) > 0 {
			p.focus = ids[0]
		}
	}
	for _, held := range []*control{&p.hover, &p.pressed} {
		if !slices.Contains(ids, *held) {
			*held = ctlNone
		}
	}
}

// paint draws the window into a canvas of its size.
func (p *pane) paint(c *paint.Canvas) {
	c.Clear(p.scene.ground)
	if p.scene.edge != nil {
		c.Box(c.Rect, *p.scene.edge)
	}
	for _, it := range p.scene.items {
		it.draw(c, p)
	}
}

// next is when the window looks different by itself; zero when it does not.
func (p *pane) next(now time.Time) time.Time {
	switch c := p.shows.(type) {
	case Consent:
		if left := c.Deadline.Sub(now); left > 0 {
			return now.Add(left - (left-1)/time.Second*time.Second)
		}
	case Bar:
		return now.Add(time.Minute - now.Sub(c.Since)%time.Minute)
	case Main:
		if p.focus == ctlID && !p.lk.native && (now.Sub(p.lastInput) < caretRest || !p.caretOn) {
			return now.Add(caretBlink - now.Sub(p.lastInput)%caretBlink)
		}
	}
	return time.Time{}
}

// tick follows the clock. It reports whether the window may look different.
func (p *pane) tick(now time.Time) bool {
	switch p.shows.(type) {
	case Main:
		quiet, before := now.Sub(p.lastInput), p.caretOn
		p.caretOn = quiet >= caretRest || quiet/caretBlink%2 == 0
		return p.caretOn != before
	case Consent, Bar:
		p.refresh()
		return true
	}
	return false
}

// input notes that the end-user is there.
func (p *pane) input(now time.Time) []Event {
	p.lastInput, p.caretOn = now, true
	c, ok := p.shows.(Consent)
	if !ok || now.Before(c.InputFrom) || now.Sub(p.touched) < time.Second {
		return nil
	}
	p.touched = now
	return []Event{Touched{c.ID}}
}

// early tells whether input on a consent does not count yet.
func (p *pane) early(now time.Time) bool {
	c, ok := p.shows.(Consent)
	return ok && now.Before(c.InputFrom)
}

// choose is what a control does. The pane's own state changes too where it must.
func (p *pane) choose(id control) []Event {
	c, _ := p.shows.(Consent)
	switch id {
	case ctlConnect:
		return p.connect()
	case ctlLeave:
		return []Event{Leave{}}
	case ctlDeny:
		return []Event{Answered{c.ID, Deny}}
	case ctlView:
		return []Event{Answered{c.ID, ViewOnly}}
	case ctlControl:
		return []Event{Answered{c.ID, AllowControl}}
	case ctlAllow:
		return []Event{Answered{c.ID, Allow}}
	case ctlMore:
		return []Event{Answered{c.ID, MoreTime}}
	case ctlPause:
		return []Event{PauseChosen{}}
	case ctlResume:
		return []Event{ResumeChosen{}}
	case ctlStop:
		return []Event{StopChosen{}}
	case ctlOK:
		return []Event{NoticeClosed{}}
	}
	return nil
}

// connect takes the typed ID, or says what is wrong with it.
func (p *pane) connect() []Event {
	switch n := len(p.field.digits); {
	case n == idDigits:
		p.problem = NoProblem
		p.refresh()
		return []Event{IDEntered{p.field.digits}}
	case n == 0:
		p.problem = IDEmpty
	default:
		p.problem = IDShort
	}
	p.focus = ctlID
	p.refresh()
	return []Event{IDRefused{len(p.field.digits)}}
}
