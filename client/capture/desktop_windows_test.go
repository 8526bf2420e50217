package capture

import (
	"context"
	"errors"
	"image"
	"image/png"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"
	"time"
	"unsafe"

	"deskhand/internal/win32"
	"deskhand/internal/win32/win32test"
	"deskhand/screen"
)

const patience = 30 * time.Second

// board is a window that a test paints on.
type board struct {
	*win32test.Window
	t  *testing.T
	at image.Rectangle
}

var (
	procSetForeground     = win32.User32.NewProc("SetForegroundWindow")
	procSetCursorPos      = win32.User32.NewProc("SetCursorPos")
	procSetCursor         = win32.User32.NewProc("SetCursor")
	procSetDIBitsToDevice = win32.GDI32.NewProc("SetDIBitsToDevice")
)

func openBoard(t *testing.T, at image.Rectangle) *board {
	t.Helper()
	const white = 0x6 // SS_WHITERECT
	b := &board{win32test.Open(t, "STATIC", white, at), t, at}
	b.Do(func() { procSetForeground.Call(uintptr(b.Handle)) })
	return b
}

// paint shows f at a place of the board.
func (b *board) paint(f *screen.Frame, at image.Point) {
	b.t.Helper()
	var err error
	b.Do(func() {
		var dc uintptr
		if dc, err = win32.OpenDC(b.Handle); err != nil {
			return
		}
		defer win32.CloseDC(b.Handle, dc)
		info := win32.Pixels(f.W, f.H)
		_, err = called("paint", procSetDIBitsToDevice, dc, uintptr(at.X), uintptr(at.Y), uintptr(f.W), uintptr(f.H), 0, 0, 0, uintptr(f.H),
			uintptr(unsafe.Pointer(&f.Pix[0])), uintptr(unsafe.Pointer(&info)), 0)
		procGdiFlush.Call()
	})
	must(b.t, err)
}

// noise is a picture that is like no other.
func noise(w, h int) *screen.Frame {
	f, _ := screen.NewFrame(w, h)
	for i := range f.Pix {
		f.Pix[i] = byte(rand.Uint32())
	}
	return f
}

func openSource(t *testing.T, open func(layout) (picture, error)) (*desktop, *screen.Frame) {
	t.Helper()
	d, err := openDesktop(open)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { d.Close() })
	f, err := screen.NewFrame(d.layout.size.X, d.layout.size.Y)
	if err != nil {
		t.Fatal(err)
	}
	return d, f
}

// next waits for an event.
func next(t *testing.T, d *desktop, want Event) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	for {
		e, err := d.Next(ctx)
		if err != nil {
			t.Fatalf("waiting for event %d: %v", want, err)
		}
		if e&want != 0 {
			return
		}
	}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// showsSoon takes what is reported until the place of the desktop shows f; what Grab brings is what was reported.
func showsSoon(t *testing.T, d *desktop, desktop, f *screen.Frame, at image.Point) {
	t.Helper()
	for {
		next(t, d, Damaged)
		var changed screen.Region
		must(t, d.Damage(&changed))
		must(t, d.Grab(desktop, changed.Rects()))
		now := desktop.Sub(image.Rectangle{at, at.Add(f.Bounds().Max)})
		if now.SameColors(f, f.Bounds()) {
			return
		}
	}
}

func TestShowsWhatIsPainted(t *testing.T) {
	b := openBoard(t, image.Rect(100, 60, 420, 300))
	d, desktop := openSource(t, openBest())
	must(t, d.Watch(true))
	for _, at := range []image.Point{{0, 0}, {33, 7}, {319 - 31, 239 - 17}} {
		f := noise(31, 17)
		b.paint(f, at)
		showsSoon(t, d, desktop, f, b.at.Min.Add(at))
	}
	whole := noise(320, 240)
	b.paint(whole, image.Point{})
	showsSoon(t, d, desktop, whole, b.at.Min)
	keepPicture(t, desktop)

	var changed screen.Region
	must(t, d.Damage(&changed))
	changed.Clear()
	must(t, d.Damage(&changed))
	if !changed.Empty() {
		t.Errorf("nothing was painted, but %v is reported", changed.Rects())
	}
}

// keepPicture saves a frame where a developer asks for it.
func keepPicture(t *testing.T, f *screen.Frame) {
	t.Helper()
	dir := os.Getenv("DESKHAND_TEST_PICTURES")
	if dir == "" {
		return
	}
	m := image.NewRGBA(f.Bounds())
	m.Pix = f.AppendRGBA(nil, f.Bounds())
	file, err := os.Create(filepath.Join(dir, t.Name()+".png"))
	must(t, err)
	must(t, errors.Join(png.Encode(file, m), file.Close()))
}

func TestKeepsNothingWhileNobodyWatches(t *testing.T) {
	b := openBoard(t, image.Rect(0, 0, 64, 64))
	d, desktop := openSource(t, openGDI)
	f := noise(64, 64)
	b.paint(f, image.Point{})
	must(t, d.Grab(desktop, []image.Rectangle{f.Bounds()})) // as it is now
	if now := desktop.Sub(f.Bounds()); !now.SameColors(f, f.Bounds()) {
		t.Error("what was there before is not shown")
	}
	if d.picture != nil {
		t.Error("a picture is kept")
	}
	must(t, d.Watch(true))
	next(t, d, Damaged)
	must(t, d.Watch(false))
	if d.picture != nil || d.stop != nil {
		t.Error("something goes on without watching")
	}
	err := d.Grab(desktop, []image.Rectangle{image.Rect(0, 0, desktop.W+1, 1)})
	if !errors.Is(err, ErrChanged) {
		t.Errorf("outside the desktop: %v", err)
	}
}

func TestDisplays(t *testing.T) {
	d, _ := openSource(t, openGDI)
	list, err := d.Displays()
	must(t, err)
	var all image.Rectangle
	primary := 0
	for _, m := range list {
		all = all.Union(m.Bounds)
		if m.Primary {
			primary++
		}
		if m.Name == "" || m.ID == 0 {
			t.Errorf("display %+v has no name", m)
		}
	}
	if all.Min != (image.Point{}) || all.Empty() || primary != 1 {
		t.Errorf("displays %+v", list)
	}
}

// A display left of the primary one begins below 0 in Windows.
func TestDisplaysAreShifted(t *testing.T) {
	l, err := shift([]screen.Display{
		{ID: 1, Bounds: image.Rect(0, 0, 1920, 1080), Primary: true},
		{ID: 2, Bounds: image.Rect(-1280, -200, 0, 824)},
		{ID: 3},
	})
	must(t, err)
	if len(l.displays) != 2 || l.displays[0].Bounds != image.Rect(1280, 200, 3200, 1280) || l.displays[1].Bounds != image.Rect(0, 0, 1280, 1024) ||
		l.origin != image.Pt(-1280, -200) || l.size != image.Pt(3200, 1280) {
		t.Errorf("layout %+v", l)
	}
	if _, err := shift(nil); err == nil {
		t.Error("no display is a layout")
	}
}

func TestPointer(t *testing.T) {
	b := openBoard(t, image.Rect(100, 100, 300, 300))
	d, _ := openSource(t, openGDI)
	must(t, d.Watch(true))
	b.Do(func() {
		procSetCursorPos.Call(200, 150)
		hand, _ := win32.Cursor(32649) // IDC_HAND
		procSetCursor.Call(uintptr(hand))
	})
	next(t, d, CursorChanged)
	c, at, err := d.Cursor()
	must(t, err)
	if at != image.Pt(200, 150) {
		t.Errorf("the pointer is at %v", at)
	}
	if len(c.Pix) != c.W*c.H*4 {
		t.Errorf("pointer of %d×%d with %d bytes", c.W, c.H, len(c.Pix))
	}
	for _, shape := range []uintptr{idcArrow, 32513, 32644} { // IDC_IBEAM, IDC_SIZEWE
		h, err := win32.Cursor(shape)
		must(t, err)
		c, err := shapeOf(h)
		must(t, err)
		solid, clear := 0, 0
		for i := 3; i < len(c.Pix); i += 4 {
			switch c.Pix[i] {
			case 0:
				clear++
			case 255:
				solid++
			}
		}
		if c.W < 8 || c.H < 8 || solid < 8 || clear < 8 {
			t.Errorf("shape %d is %d×%d with %d solid and %d clear pixels", shape, c.W, c.H, solid, clear)
		}
	}
}

// The desktop of the lock screen and of User Account Control cannot be seen: the picture turns black, and comes back with what is seen then.
func TestBlackUntilItCanBeSeen(t *testing.T) {
	b := openBoard(t, image.Rect(0, 0, 320, 200))
	f := noise(320, 200)
	b.paint(f, image.Point{})
	locked := make(chan bool, 1)
	locked <- false
	d, err := openDesktop(func(l layout) (picture, error) {
		p, err := openGDI(l)
		return &shutter{picture: p, closed: locked}, err
	})
	must(t, err)
	defer d.Close()
	desktop, err := screen.NewFrame(d.layout.size.X, d.layout.size.Y)
	must(t, err)
	must(t, d.Watch(true))
	showsSoon(t, d, desktop, f, image.Point{})
	<-locked
	locked <- true
	black, _ := screen.NewFrame(320, 200)
	b.paint(noise(1, 1), image.Pt(319, 199))
	showsSoon(t, d, desktop, black, image.Point{})
	b.paint(f, image.Point{})
	<-locked
	locked <- false
	showsSoon(t, d, desktop, f, image.Point{})
}

// shutter is a picture that cannot look while closed holds true.
type shutter struct {
	picture
	closed chan bool
}

func (s *shutter) look(changed *screen.Region) error {
	closed := <-s.closed
	s.closed <- closed
	if closed {
		return errLost
	}
	return s.picture.look(changed)
}

func TestCloseEndsEverything(t *testing.T) {
	d, err := openDesktop(openGDI)
	must(t, err)
	must(t, d.Watch(true))
	must(t, d.Close())
	if _, err := d.Next(t.Context()); !errors.Is(err, ErrDisplayGone) {
		t.Errorf("Next after Close: %v", err)
	}
	if _, err := d.Displays(); !errors.Is(err, ErrDisplayGone) {
		t.Errorf("Displays after Close: %v", err)
	}
	if err := d.Watch(true); !errors.Is(err, ErrDisplayGone) {
		t.Errorf("Watch after Close: %v", err)
	}
}

// What the graphics cards are given and give has the form that they expect.
func TestForms(t *testing.T) {
	for name, size := range map[string][2]uintptr{
		"DXGI_OUTPUT_DESC":         {unsafe.Sizeof(outputDesc{}), 96},
		"DXGI_OUTDUPL_DESC":        {unsafe.Sizeof(duplicationDesc{}), 36},
		"DXGI_OUTDUPL_FRAME_INFO":  {unsafe.Sizeof(frameInfo{}), 48},
		"DXGI_OUTDUPL_MOVE_RECT":   {unsafe.Sizeof(moveRect{}), 24},
		"D3D11_TEXTURE2D_DESC":     {unsafe.Sizeof(textureDesc{}), 44},
		"D3D11_MAPPED_SUBRESOURCE": {unsafe.Sizeof(mapped{}), 16},
	} {
		if size[0] != size[1] {
			t.Errorf("%s has %d bytes, not %d", name, size[0], size[1])
		}
	}
}

// Windows without duplication, as Wine is one, says so; the picture is copied then.
func TestDuplicationOrWhy(t *testing.T) {
	d, _ := openSource(t, openGDI)
	err := d.on(func() error {
		p, err := openDuplication(d.layout)
		if err == nil {
			p.close()
		}
		return err
	})
	t.Logf("duplication: %v", err)
	if lost(err) {
		t.Error("it was there and is lost")
	}
}
