package ui

import (
	"image"
	"slices"
	"time"
)

// key is a key press as a window understands it.
type key int

const (
	keyNone key = iota // a character, or nothing of interest
	keyTab
	keyBackTab
	keyEnter
	keySpace
	keyEscape
	keyLeft
	keyRight
	keyHome
	keyEnd
	keyBackspace
	keyDelete
	keyPaste
	keyAll
)

// keysQuiet is how long no key may have been pressed before one answers a consent, once they count: who was typing when
// the question appeared, or holds a key down, has not read it.
const keysQuiet = 300 * time.Millisecond

// press handles a key press. Text is what the key types; paste asks for the clipboard's text.
func (p *pane) press(k key, text string, now time.Time) (ev []Event, paste bool) {
	if p.unread(now) {
		return nil, false
	}
	ev = p.input(now)
	if p.focus == ctlID {
		if done, paste := p.editKey(k, text); done {
			return ev, paste
		}
	}
	switch k {
	case keyTab:
		p.step(1)
	case keyBackTab:
		p.step(-1)
	case keyLeft, keyRight:
		if (k == keyRight) != p.lk.rtl {
			p.step(1)
		} else {
			p.step(-1)
		}
	case keyEnter:
		if p.focus == ctlID {
			return append(ev, p.choose(ctlConnect)...), false
		}
		return append(ev, p.choose(p.focus)...), false
	case keySpace:
		return append(ev, p.choose(p.focus)...), false
	case keyEscape:
		return append(ev, p.escape()...), false
	}
	return ev, false
}

// invoke is a choice that came by neither key nor pointer: by what reads the screen for a person.
func (p *pane) invoke(id control, now time.Time) []Event {
	if p.early(now) {
		return nil
	}
	return append(p.input(now), p.choose(id)...)
}

// unread tells whether a key press belongs to typing that began before the question could be read.
func (p *pane) unread(now time.Time) bool {
	if _, ok := p.shows.(Consent); !ok {
		return false
	}
	p.typing = p.early(now) || (p.typing && now.Sub(p.lastKey) < keysQuiet)
	p.lastKey = now
	return p.typing
}

// escape is the way out of a window: no for a question, OK for a notice.
func (p *pane) escape() []Event {
	switch p.shows.(type) {
	case Consent:
		return p.choose(ctlDeny)
	case Notice:
		return p.choose(ctlOK)
	}
	return nil
}

// editKey handles keys in the ID field. done is false for keys that are not the field's.
func (p *pane) editKey(k key, text string) (done, paste bool) {
	f := &p.field
	changed := false
	switch k {
	case keyLeft:
		f.move(f.caret - 1)
	case keyRight:
		f.move(f.caret + 1)
	case keyHome:
		f.move(0)
	case keyEnd:
		f.move(len(f.digits))
	case keyAll:
		f.selectAll()
	case keyPaste:
		return true, true
	case keyBackspace:
		changed = f.remove(true)
	case keyDelete:
		changed = f.remove(false)
	case keySpace:
	case keyNone:
		changed = f.insert(text)
	default:
		return false, false
	}
	p.edited(changed)
	return true, false
}

// edited takes back what was said about an earlier text.
func (p *pane) edited(changed bool) {
	if changed && p.problem != NoProblem {
		p.problem = NoProblem
		p.refresh()
	}
}

// paste puts the clipboard's text into the ID field.
func (p *pane) paste(text string, now time.Time) {
	if p.focus != ctlID {
		return
	}
	p.input(now)
	p.edited(p.field.insert(text))
}

// step moves the focus around.
func (p *pane) step(by int) {
	ids := p.scene.controls()
	if len(ids) == 0 {
		return
	}
	p.focusShown = true
	i := slices.Index(ids, p.focus)
	if i < 0 {
		i = (len(ids) - by) % len(ids)
	}
	p.focus = ids[(i+by+len(ids))%len(ids)]
	p.field.all = p.focus == ctlID && p.field.digits != ""
}

// over notes where the pointer is, without taking that for input: a window may appear below it.
func (p *pane) over(pt image.Point) { p.hover = p.scene.at(pt) }

// out says that the pointer left the window.
func (p *pane) out() { p.hover = ctlNone }

// point follows the pointer's movement, which shows that somebody is there.
func (p *pane) point(pt image.Point, now time.Time) []Event {
	p.over(pt)
	if _, ok := p.shows.(Consent); ok {
		return p.input(now)
	}
	return nil
}

// hold is a press of the first button.
func (p *pane) hold(pt image.Point, now time.Time) []Event {
	p.hover = p.scene.at(pt)
	if p.early(now) {
		return nil
	}
	ev := p.input(now)
	p.pressed = p.hover
	if p.hover == ctlID {
		p.focus = ctlID
		for _, it := range p.scene.items {
			if f, ok := it.(*fieldItem); ok {
				p.field.move(f.caretAt(p, pt.X))
			}
		}
	}
	return ev
}

// release lets the first button go: a control is chosen when the pointer is still on it.
func (p *pane) release(pt image.Point, now time.Time) []Event {
	held := p.pressed
	p.pressed = ctlNone
	p.hover = p.scene.at(pt)
	if held == ctlNone || held != p.hover || held == ctlID {
		return nil
	}
	return append(p.input(now), p.choose(held)...)
}
