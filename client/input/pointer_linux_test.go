package input_test

import (
	"errors"
	"os/exec"
	"slices"
	"testing"

	"github.com/jezek/xgb"
	"github.com/jezek/xgb/xproto"

	"deskhand/client/input"
	"deskhand/client/input/inputtest"
)

func pointerAt(t testing.TB, c *xgb.Conn) (x, y int16, mask uint16) {
	t.Helper()
	at, err := xproto.QueryPointer(c, xproto.Setup(c).DefaultScreen(c).Root).Reply()
	must(t, err)
	return at.RootX, at.RootY, at.Mask
}

func buttons(e []inputtest.Event) (codes []byte) {
	for _, e := range e {
		if e.Button && e.Press {
			codes = append(codes, e.Code)
		}
	}
	return codes
}

func TestPointer(t *testing.T) {
	display := start(t, "us")
	outside := connect(t, display)
	in := open(t, display)
	for _, c := range []struct{ x, y, wantX, wantY int }{
		{10, 20, 10, 20}, {799, 599, 799, 599}, {0, 0, 0, 0}, {5000, 300, 799, 300}, {-7, 1 << 40, 0, 599}, {400, -1 << 40, 400, 0},
	} {
		must(t, in.Pointer(c.x, c.y))
		until(t, "the pointer", func() bool {
			x, y, _ := pointerAt(t, outside)
			return int(x) == c.wantX && int(y) == c.wantY
		})
	}
}

func TestButtons(t *testing.T) {
	display := start(t, "us")
	w := inputtest.OpenWindow(t, display, 100, 100, 0)
	in := open(t, display)
	must(t, in.Pointer(150, 150))
	for b, want := range map[input.Button]byte{
		input.ButtonLeft: 1, input.ButtonMiddle: 2, input.ButtonRight: 3, input.ButtonBack: 8, input.ButtonForward: 9,
	} {
		w.Clear(t)
		must(t, in.Button(b, false)) // not held
		must(t, in.Button(b, true))
		must(t, in.Button(b, true)) // held already
		must(t, in.Button(b, false))
		e := w.Wait(t, "press and release", func(e []inputtest.Event) bool { return len(e) == 2 })
		if !e[0].Press || e[0].Code != want || e[1].Press || e[1].Code != want || e[0].X != 150 || e[0].Y != 150 {
			t.Errorf("button %d: %+v, want button %d at 150,150", b, e, want)
		}
	}
}

// The agent's left button is the left one of programs, also when a left-handed end-user has exchanged the buttons.
func TestLeftHandedEndUser(t *testing.T) {
	display := start(t, "us")
	w := inputtest.OpenWindow(t, display, 0, 0, 0)
	in := open(t, display)
	must(t, in.Pointer(50, 50))
	must(t, in.Button(input.ButtonLeft, true))
	must(t, in.Button(input.ButtonLeft, false))
	if out, err := exec.Command("xmodmap", "-display", display, "-e", "pointer = 3 2 1").CombinedOutput(); err != nil {
		t.Fatalf("xmodmap: %v %s", err, out)
	}
	for _, b := range []input.Button{input.ButtonLeft, input.ButtonRight} {
		must(t, in.Button(b, true))
		must(t, in.Button(b, false))
	}
	e := w.Wait(t, "three clicks", func(e []inputtest.Event) bool { return len(e) == 6 })
	if got := buttons(e); !slices.Equal(got, []byte{1, 1, 3}) {
		t.Errorf("buttons %v, want 1 1 3", got)
	}
}

func TestWheel(t *testing.T) {
	display := start(t, "us")
	w := inputtest.OpenWindow(t, display, 0, 0, 0)
	in := open(t, display)
	must(t, in.Pointer(50, 50))
	for _, c := range []struct {
		turns [][2]int
		want  []byte
	}{
		{[][2]int{{0, 120}}, []byte{5}},
		{[][2]int{{0, -240}}, []byte{4, 4}},
		{[][2]int{{120, 0}, {-120, 0}}, []byte{7, 6}},
		{[][2]int{{0, 50}, {0, 50}, {0, 50}, {0, 90}}, []byte{5, 5}},
		{[][2]int{{0, 119}, {0, -119}, {0, 119}, {0, 1}}, []byte{5}},
		{[][2]int{{0, 1 << 40}}, slices.Repeat([]byte{5}, 100)},
	} {
		w.Clear(t)
		for _, turn := range c.turns {
			must(t, in.Wheel(turn[0], turn[1]))
		}
		e := w.Wait(t, "turns", func(e []inputtest.Event) bool { return len(e) >= 2*len(c.want) })
		if got := buttons(e); !slices.Equal(got, c.want) {
			t.Errorf("%v: buttons %v, want %v", c.turns, got, c.want)
		}
	}
}

// No click, wheel or key reaches a window of the client's own, a window inside it, or the frame that a window manager puts around it.
func TestOwnWindows(t *testing.T) {
	display := start(t, "us")
	outside := connect(t, display)
	other := inputtest.OpenWindow(t, display, 0, 0, 0)
	frame := inputtest.OpenWindow(t, display, 300, 0, 0)
	own := inputtest.OpenWindow(t, display, 600, 0, 0)
	inner := inputtest.OpenWindow(t, display, 600, 200, 0)
	root := xproto.Setup(outside).DefaultScreen(outside).Root
	// own is inside frame with 20 pixels of title bar above; inner is inside own.
	must(t, xproto.ReparentWindowChecked(outside, xproto.Window(own.ID), xproto.Window(frame.ID), 0, 20).Check())
	must(t, xproto.ReparentWindowChecked(outside, xproto.Window(inner.ID), xproto.Window(own.ID), 0, 20).Check())

	in := open(t, display)
	gone := uint32(0x7fffff)
	in.SetOwnWindows([]uint32{own.ID, gone})

	refused := func(what string, err error) {
		t.Helper()
		if !errors.Is(err, input.ErrOwnWindow) {
			t.Errorf("%s: %v, want ErrOwnWindow", what, err)
		}
	}
	a := input.Key{Code: "KeyA", Key: "a"}
	for what, y := range map[string]int{"frame": 10, "own": 30, "inner": 50} {
		must(t, in.Pointer(350, y))
		refused("click on "+what, in.Button(input.ButtonLeft, true))
		refused("wheel over "+what, in.Wheel(0, 120))
	}
	must(t, in.ReleaseAll())
	for what, w := range map[string]*inputtest.Window{"frame": frame, "own": own, "inner": inner} {
		w.Focus(t)
		refused("key to "+what, in.Key(a, true))
		refused("text to "+what, in.Text("a"))
		refused("Enter to "+what, in.Key(input.Key{Key: "Enter"}, true))
		refused("shortcut to "+what, in.Key(input.Key{Key: "w", Code: "KeyW", Modifiers: input.ModControl}, true))
		refused("modifier to "+what, in.Key(input.Key{Code: "AltLeft", Key: "Alt", Modifiers: input.ModAlt}, true))
		refused("position to "+what, in.Key(input.Key{Code: "KeyW"}, true))
	}
	for _, focus := range []xproto.Window{root, xproto.InputFocusPointerRoot} {
		must(t, xproto.SetInputFocusChecked(outside, xproto.InputFocusPointerRoot, focus, xproto.TimeCurrentTime).Check())
		must(t, in.Pointer(350, 30))
		refused("key to the window under the pointer", in.Key(a, true))
		must(t, in.Pointer(50, 50))
		must(t, in.Key(a, true))
	}

	// What was pressed elsewhere is released anywhere: a drag that ends over our window, a key whose release comes when ours got the focus.
	other.Focus(t)
	other.Clear(t)
	must(t, in.Pointer(50, 50))
	press(t, in, input.Key{Code: "ControlLeft", Key: "Control", Modifiers: input.ModControl})
	must(t, in.Button(input.ButtonLeft, true))
	must(t, in.Pointer(350, 30))
	must(t, in.Button(input.ButtonLeft, false))
	own.Focus(t)
	must(t, in.Key(input.Key{Code: "ControlLeft", Key: "Control"}, false))
	must(t, in.ReleaseAll())
	if !nothingDown(t, outside) {
		t.Error("something is still down")
	}
	other.Wait(t, "the drag", func(e []inputtest.Event) bool {
		return slices.ContainsFunc(e, func(e inputtest.Event) bool { return e.Button && !e.Press })
	})
	for what, w := range map[string]*inputtest.Window{"frame": frame, "own": own, "inner": inner} {
		for _, e := range w.Events() {
			if e.Press {
				t.Errorf("%s got %+v", what, e)
			}
		}
	}

	// No window is ours any more.
	in.SetOwnWindows(nil)
	own.Focus(t)
	must(t, in.Text("a"))
	own.WaitText(t, "a")
}
