package input_test

import (
	"os/exec"
	"strconv"
	"strings"
	"testing"

	"github.com/jezek/xgb"
	"github.com/jezek/xgb/xproto"
	"github.com/jezek/xgb/xtest"

	"deskhand/client/input"
	"deskhand/client/input/inputtest"
)

func TestLayoutChangesMeanwhile(t *testing.T) {
	display := start(t, "us")
	outside := connect(t, display)
	w := inputtest.OpenWindow(t, display, 0, 0, 0)
	in, err := input.Open(display)
	must(t, err)
	var want strings.Builder
	for _, layout := range []string{"fr", "ru", "us,ru", "de", "us"} {
		text := "aqйЖé漢1!{" + layout
		must(t, in.Text(text))
		want.WriteString(text)
		w.WaitText(t, want.String())
		setLayout(t, display, layout)
	}
	must(t, in.Text("aqйЖé漢1!"))
	w.WaitText(t, want.String()+"aqйЖé漢1!")
	must(t, in.Close())
	fresh := start(t, "us")
	sameMap(t, outside, mapOf(t, connect(t, fresh)))
}

// The end-user holds a modifier of their own keyboard while the agent types.
func TestEndUserHoldsModifiers(t *testing.T) {
	display := start(t, "us")
	outside := connect(t, display)
	user := newEndUser(t, outside)
	w := inputtest.OpenWindow(t, display, 0, 0, 0)
	in := open(t, display)
	for _, code := range []byte{codeShift, codeCtrl, codeAlt, codeSuper} {
		w.Clear(t)
		user.key(code, true)
		must(t, in.Text("aB1é"))
		w.WaitText(t, "aB1é")
		for _, e := range w.Events() {
			if e.Press && e.Text >= 0 && e.State&(xproto.ModMaskControl|xproto.ModMask1|xproto.ModMask4) != 0 {
				t.Errorf("%q came with state %#x", e.Text, e.State)
			}
		}
		if nothingDown(t, outside) {
			t.Error("the end-user's modifier was not put back")
		}
		user.key(code, false)
		if !nothingDown(t, outside) {
			t.Errorf("keycode %d is still down", code)
		}
		// The same key again, which the XTEST device has not seen released.
		w.Clear(t)
		must(t, in.Text("Xy"))
		w.WaitText(t, "Xy")
	}
}

// The end-user's keyboard has a layout of its own; the server uses the map of the keyboard that was used last.
func TestEndUsersKeyboardHasAnotherLayout(t *testing.T) {
	display := start(t, "us")
	user := newEndUser(t, connect(t, display))
	if out, err := exec.Command("setxkbmap", "-display", display, "-device", strconv.Itoa(xvfbKeyboard), "de").CombinedOutput(); err != nil {
		t.Fatalf("setxkbmap: %v %s", err, out)
	}
	w := inputtest.OpenWindow(t, display, 0, 0, 0)
	in := open(t, display)
	for range 3 {
		w.Clear(t)
		user.key(29, true)
		user.key(29, false)
		w.WaitText(t, "z") // the key right of T in German
		must(t, in.Text("yZ漢{ß"))
		w.WaitText(t, "zyZ漢{ß")
	}
}

// endUser is the end-user's own keyboard, a device beside the one that XTEST has.
type endUser struct {
	t     testing.TB
	c     *xgb.Conn
	event byte // the number of the input extension's key press
}

func newEndUser(t testing.TB, c *xgb.Conn) endUser {
	t.Helper()
	must(t, xtest.Init(c))
	ext, err := xproto.QueryExtension(c, 15, "XInputExtension").Reply()
	must(t, err)
	return endUser{t, c, ext.FirstEvent + 1}
}

func (u endUser) key(code byte, down bool) {
	u.t.Helper()
	kind := u.event
	if !down {
		kind++
	}
	must(u.t, xtest.FakeInputChecked(u.c, kind, code, 0, 0, 0, 0, xvfbKeyboard).Check())
}

// lockGroup switches to a layout as the end-user's own shortcut would.
func lockGroup(t testing.TB, display string, group byte) {
	t.Helper()
	xkbRequest(t, display, 5, 0, 1, 0, 0, 1, group, 0, 0, 0, 0, 0, 0)
}

// xkbRequest sends a request of the keyboard extension.
func xkbRequest(t testing.TB, display string, minor byte, body ...byte) {
	t.Helper()
	c := connect(t, display)
	ext, err := xproto.QueryExtension(c, 9, "XKEYBOARD").Reply()
	must(t, err)
	use := c.NewCookie(true, true)
	c.NewRequest([]byte{ext.MajorOpcode, 0, 2, 0, 1, 0, 0, 0}, use)
	if _, err := use.Reply(); err != nil {
		t.Fatal(err)
	}
	request := c.NewCookie(true, false)
	c.NewRequest(append([]byte{ext.MajorOpcode, minor, byte(1 + len(body)/4), 0}, body...), request)
	must(t, request.Check())
}
