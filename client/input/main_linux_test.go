package input_test

import (
	"bytes"
	"os/exec"
	"slices"
	"testing"
	"time"

	"github.com/jezek/xgb"
	"github.com/jezek/xgb/xproto"

	"deskhand/client/input"
	"deskhand/internal/xvfb"
)

// patience is how long a test waits for something that should happen at once; the machine may be busy.
const patience = 60 * time.Second

// start starts a display with a layout, such as "us" or "us,ru".
func start(t testing.TB, layout string) (display string) {
	t.Helper()
	display = xvfb.Start(t, "800x600x24")
	setLayout(t, display, layout)
	return display
}

func setLayout(t testing.TB, display, layout string) {
	t.Helper()
	if out, err := exec.Command("setxkbmap", "-display", display, layout).CombinedOutput(); err != nil {
		t.Fatalf("setxkbmap %s: %v %s", layout, err, out)
	}
}

func open(t testing.TB, display string) input.Injector {
	t.Helper()
	in, err := input.Open(display)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := in.Close(); err != nil {
			t.Error(err)
		}
	})
	return in
}

// connect is a second connection, to look at the display from outside.
func connect(t testing.TB, display string) *xgb.Conn {
	t.Helper()
	c, err := xgb.NewConnDisplay(display)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		c.Close()
		for ev, err := c.WaitForEvent(); ev != nil || err != nil; ev, err = c.WaitForEvent() {
		}
	})
	return c
}

// mapOf is the keyboard map as every program sees it.
func mapOf(t testing.TB, c *xgb.Conn) []xproto.Keysym {
	t.Helper()
	s := xproto.Setup(c)
	r, err := xproto.GetKeyboardMapping(c, s.MinKeycode, byte(s.MaxKeycode-s.MinKeycode+1)).Reply()
	if err != nil {
		t.Fatal(err)
	}
	return r.Keysyms
}

func sameMap(t testing.TB, c *xgb.Conn, before []xproto.Keysym) {
	t.Helper()
	if after := mapOf(t, c); !slices.Equal(before, after) {
		t.Error("the keyboard map is not what it was before")
	}
}

// nothingDown tells whether no key and no button is down, and no modifier is on.
func nothingDown(t testing.TB, c *xgb.Conn) bool {
	t.Helper()
	keys, err := xproto.QueryKeymap(c).Reply()
	if err != nil {
		t.Fatal(err)
	}
	at, err := xproto.QueryPointer(c, xproto.Setup(c).DefaultScreen(c).Root).Reply()
	if err != nil {
		t.Fatal(err)
	}
	return bytes.Count(keys.Keys, []byte{0}) == len(keys.Keys) && at.Mask == 0
}

// until polls for an outcome of another program.
func until(t testing.TB, what string, ok func() bool) {
	t.Helper()
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	deadline := time.After(patience)
	for !ok() {
		select {
		case <-tick.C:
		case <-deadline:
			t.Fatalf("waited for %s", what)
		}
	}
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
