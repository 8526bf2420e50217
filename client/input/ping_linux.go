package input

import (
	"encoding/binary"
	"slices"
	"time"

	"github.com/jezek/xgb/xproto"
)

// ping asks the program that has the focus whether it has read everything, by the window managers' question whether a program is alive
// (_NET_WM_PING in the Extended Window Manager Hints): a program sends the message back when it comes to it, so after the key presses before
// it. GTK, Qt, Chromium and most others answer, Xt programs such as xterm do not. Window managers ignore answers to questions that they
// did not ask.
type ping struct {
	protocols, name xproto.Atom
	serial          uint32 // stands where a window manager puts the time; those are far from our small numbers
	at              time.Time
	focus           xproto.Window // that was asked
	asked           bool          // and has not answered
	target          xproto.Window // the window of that program that takes the question, 0: none
}

const (
	// pingMark tells our questions from a window manager's.
	pingMark = 0x6465736b
	// pingPoll is how often the answer is looked for.
	pingPoll = 2 * time.Millisecond
)

func (x *x11) startPing() error {
	for name, to := range map[string]*xproto.Atom{"WM_PROTOCOLS": &x.ping.protocols, "_NET_WM_PING": &x.ping.name} {
		r, err := xproto.InternAtom(x.conn, false, uint16(len(name)), name).Reply()
		if err != nil {
			return err
		}
		*to = r.Atom
	}
	return nil
}

// ask asks the program that has the focus, if there is something that it may not have read.
func (x *x11) ask() {
	f, err := xproto.GetInputFocus(x.conn).Reply()
	if err != nil || f.Focus <= xproto.InputFocusPointerRoot || f.Focus == x.root {
		return
	}
	since := x.ping.at
	if f.Focus != x.ping.focus {
		x.ping.focus, x.ping.target, since = f.Focus, x.takesPing(f.Focus), time.Time{}
	}
	if x.ping.target == 0 || !x.spares.unreadSince(since, f.Focus) {
		return
	}
	if !x.ping.asked {
		x.hearAnswers(true)
	}
	x.ping.serial++
	x.ping.at, x.ping.asked = x.clock.now(), true
	m := xproto.ClientMessageEvent{
		Format: 32, Window: x.ping.target, Type: x.ping.protocols,
		Data: xproto.ClientMessageDataUnionData32New([]uint32{uint32(x.ping.name), x.ping.serial, uint32(x.ping.target), pingMark, 0}),
	}
	xproto.SendEvent(x.conn, false, x.ping.target, xproto.EventMaskNoEvent, string(m.Bytes()))
}

// heard takes an answer.
func (x *x11) heard(m xproto.ClientMessageEvent) {
	if d := m.Data.Data32; m.Type == x.ping.protocols && len(d) >= 4 && d[0] == uint32(x.ping.name) && d[1] == x.ping.serial && d[3] == pingMark && x.ping.asked {
		x.ping.asked = false
		x.hearAnswers(false)
		x.spares.confirm(x.ping.at, x.ping.focus)
	}
}

// hearAnswers starts or ends listening at the root window, where answers go along with news of all windows.
func (x *x11) hearAnswers(on bool) {
	mask := uint32(xproto.EventMaskNoEvent)
	if on {
		mask = xproto.EventMaskSubstructureNotify
	}
	_ = xproto.ChangeWindowAttributesChecked(x.ears, x.root, xproto.CwEventMask, []uint32{mask}).Check() // before the question is sent
}

// stopAsking gives up on an answer; a program that hangs shall be asked again later.
func (x *x11) stopAsking() {
	if x.ping.asked {
		x.ping.asked, x.ping.at = false, time.Time{}
		x.hearAnswers(false)
	}
}

// takesPing finds the window, w or one around it, whose program answers, 0 when none does.
func (x *x11) takesPing(w xproto.Window) xproto.Window {
	for w != 0 && w != x.root {
		p, err := xproto.GetProperty(x.conn, false, w, x.ping.protocols, xproto.AtomAtom, 0, 64).Reply()
		if err != nil {
			return 0
		}
		for b := range slices.Chunk(p.Value, 4) {
			if len(b) == 4 && xproto.Atom(binary.LittleEndian.Uint32(b)) == x.ping.name {
				return w
			}
		}
		r, err := xproto.QueryTree(x.conn, w).Reply()
		if err != nil {
			return 0
		}
		w = r.Parent
	}
	return 0
}

// pause waits for d, or until the program that has the focus may have answered; false: interrupted. After the last call, stopAsking.
func (x *x11) pause(d time.Duration, interrupted <-chan struct{}) bool {
	x.ask()
	if x.ping.asked {
		d = min(d, pingPoll)
	}
	ok := x.clock.wait(max(d, time.Millisecond), interrupted)
	x.drain()
	return ok
}

// settle waits, idleUnread at the most, until no program needs to look up any more what was typed.
func (x *x11) settle() {
	defer x.stopAsking()
	for end := x.clock.now().Add(idleUnread); ; {
		wait, now := time.Duration(0), x.clock.now()
		for _, o := range x.spares.lent() {
			wait = max(wait, x.spares.wait(o, now))
		}
		if wait = min(wait, end.Sub(now)); wait <= 0 {
			return
		}
		x.pause(wait, nil)
	}
}
