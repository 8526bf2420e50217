package capture

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"image"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/jezek/xgb/xproto"
	"go.uber.org/goleak"

	"deskhand/internal/x11"
	"deskhand/internal/xpaint"
	"deskhand/internal/xvfb"
	"deskhand/screen"
	"deskhand/screen/screentest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// noise paints random pixels over r.
func noise(p *xpaint.Painter, r image.Rectangle, seed uint64) {
	f := screentest.New(r.Max.X, r.Max.Y)
	screentest.Noise(f, r, seed)
	p.Put(f, r)
}

// same compares the part r of f with the screen, pixel by pixel.
func same(t testing.TB, p *xpaint.Painter, f *screen.Frame, r image.Rectangle) {
	t.Helper()
	got, want := f.Sub(r), p.Shot(r)
	if !got.SameColors(want, want.Bounds()) {
		t.Errorf("%v differs from the screen", r)
	}
}

func openSource(t testing.TB, display string, ways ...sharing) *x11Source {
	t.Helper()
	s, err := openX11(display, ways...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}

func next(t testing.TB, s Source) Event {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
	defer cancel()
	e, err := s.Next(ctx)
	if err != nil {
		t.Fatal(err)
	}
	return e
}

var allWays = []struct {
	name string
	ways []sharing
}{{"sysv", []sharing{shareSysV}}, {"memfd", []sharing{shareMemfd}}, {"connection", nil}}

// canvasWays are those in which the server draws where it is wanted.
var canvasWays = []struct {
	name string
	ways []sharing
}{{"canvas-sysv", []sharing{shareSysV}}, {"canvas-memfd", []sharing{shareMemfd}}}

// frameOf is the frame that a way grabs to.
func frameOf(s *x11Source, way string, w, h int) (*screen.Frame, func(), error) {
	if strings.HasPrefix(way, "canvas") {
		return s.Frame(w, h)
	}
	f, err := screen.NewFrame(w, h)
	return f, func() {}, err
}

func TestGrab(t *testing.T) {
	display := xvfb.Start(t, "1000x700x24")
	for _, way := range append(allWays, canvasWays...) {
		t.Run(way.name, func(t *testing.T) {
			p := xpaint.New(t, display)
			s := openSource(t, display, way.ways...)
			whole := image.Rect(0, 0, 1000, 700)
			noise(p, whole, 5)
			f, free, err := frameOf(s, way.name, 1000, 700)
			if err != nil {
				t.Fatal(err)
			}
			defer free()
			if isCanvas := s.canvas.holds(f); isCanvas != strings.HasPrefix(way.name, "canvas") {
				t.Fatalf("the frame is the server's: %v", isCanvas)
			}
			if err := s.Grab(f, []image.Rectangle{whole}); err != nil {
				t.Fatal(err)
			}
			same(t, p, f, whole)
			if got := s.grabber.shared != nil || s.canvas != nil; got != (way.ways != nil) {
				t.Fatalf("shared memory in use: %v", got)
			}

			// Parts: only they are written.
			f.Fill(f.Bounds(), screen.Color{R: 1, G: 2, B: 3})
			parts := []image.Rectangle{image.Rect(0, 0, 1, 1), image.Rect(13, 17, 400, 333), image.Rect(0, 600, 1000, 650), image.Rect(999, 699, 1000, 700)}
			if err := s.Grab(f, parts); err != nil {
				t.Fatal(err)
			}
			for _, r := range parts {
				same(t, p, f, r)
			}
			if (f.At(500, 500) != screen.Color{R: 1, G: 2, B: 3}) {
				t.Error("a pixel outside the parts was written")
			}
			if err := s.Grab(f, []image.Rectangle{image.Rect(990, 0, 1001, 5)}); !errors.Is(err, ErrChanged) {
				t.Errorf("outside the screen: %v", err)
			}
		})
	}
}

// The server's own limit of memory or rights makes the next way be taken.
func TestGrabFallsBack(t *testing.T) {
	display := xvfb.Start(t, "300x200x24")
	p := xpaint.New(t, display)
	denied := sharing{usable: shareMemfd.usable, make: func(*x11.Conn, int) (*segment, error) { return nil, errors.New("denied") }}
	for _, ways := range [][]sharing{{denied, shareMemfd}, {denied, shareSysV}, {denied, denied}} {
		s := openSource(t, display, ways...)
		noise(p, image.Rect(0, 0, 300, 200), 9)
		f, _ := screen.NewFrame(300, 200)
		if err := s.Grab(f, []image.Rectangle{f.Bounds()}); err != nil {
			t.Fatal(err)
		}
		same(t, p, f, f.Bounds())
	}
}

// What was grabbed into a frame of the source stays readable until it is given back, even when the source, or the display, is gone.
func TestCanvasOutlivesItsSource(t *testing.T) {
	for _, way := range canvasWays {
		for _, end := range []string{"freed first", "closed", "display gone"} {
			t.Run(way.name+"/"+end, func(t *testing.T) {
				server := xvfb.Run(t, "300x200x24")
				p := xpaint.New(t, server.Display)
				s := openSource(t, server.Display, way.ways...)
				f, free, err := s.Frame(300, 200)
				if err != nil {
					t.Fatal(err)
				}
				noise(p, f.Bounds(), 9)
				if err := s.Grab(f, []image.Rectangle{f.Bounds()}); err != nil {
					t.Fatal(err)
				}
				same(t, p, f, f.Bounds())
				before := screentest.Clone(f)
				switch end {
				case "freed first":
					free()
					if f, free, err = s.Frame(300, 200); err != nil || !s.canvas.holds(f) {
						t.Fatalf("a second frame: %v", err)
					}
					other, _, err := s.Frame(300, 200)
					if err != nil || s.canvas.holds(other) {
						t.Errorf("two frames at once share memory: %v", err)
					}
					free()
					return
				case "closed":
					s.Close()
				case "display gone":
					server.Kill()
					if err := s.Grab(f, []image.Rectangle{f.Bounds()}); !errors.Is(err, ErrDisplayGone) {
						t.Errorf("grab: %v", err)
					}
				}
				if !f.SameColors(before, f.Bounds()) {
					t.Error("the frame has changed")
				}
				free()
			})
		}
	}
}

func TestDamage(t *testing.T) {
	display := xvfb.Start(t, "640x480x24")
	p := xpaint.New(t, display)
	s := openSource(t, display, shareSysV)
	if err := s.Watch(true); err != nil {
		t.Fatal(err)
	}
	var g screen.Region
	if err := s.Damage(&g); err != nil { // what the server reports for the start
		t.Fatal(err)
	}
	for i := range 50 { // again and again: reports must not fall silent
		r := image.Rect(i*7, i*3, i*7+20, i*3+11)
		p.Fill(r, screen.Color{R: byte(i + 1), G: 2, B: 3})
		for next(t, s)&Damaged == 0 {
		}
		g.Clear()
		if err := s.Damage(&g); err != nil {
			t.Fatal(err)
		}
		if g.Empty() { // the event of the start, whose damage was taken above
			for next(t, s)&Damaged == 0 {
			}
			if err := s.Damage(&g); err != nil {
				t.Fatal(err)
			}
		}
		if g.Bounds() != r {
			t.Fatalf("drew %v, reported %v", r, g.Rects())
		}
	}

	// What is drawn while nobody asks gathers.
	a, b := image.Rect(0, 0, 10, 10), image.Rect(600, 400, 640, 480)
	p.Fill(a, screen.Color{B: 255})
	p.Fill(b, screen.Color{G: 255})
	g.Clear()
	if err := s.Damage(&g); err != nil {
		t.Fatal(err)
	}
	if len(g.Rects()) != 2 || !g.Overlaps(a) || g.Bounds() != a.Union(b) {
		t.Errorf("drew %v and %v, reported %v", a, b, g.Rects())
	}

	if err := s.Watch(false); err != nil {
		t.Fatal(err)
	}
	if s.grabber.shared != nil {
		t.Error("shared memory is kept while nobody watches")
	}
	p.Fill(a, screen.Color{R: 0x12})
	g.Clear()
	if err := s.Damage(&g); err != nil || !g.Empty() {
		t.Errorf("while not watching: %v, %v", g.Rects(), err)
	}
}

func TestCursor(t *testing.T) {
	display := xvfb.Start(t, "640x480x24")
	p := xpaint.New(t, display)
	s := openSource(t, display, shareSysV)
	if err := s.Watch(true); err != nil {
		t.Fatal(err)
	}
	font, _ := xproto.NewFontId(p.Conn.Conn)
	xproto.OpenFont(p.Conn.Conn, font, 6, "cursor")
	serials := map[uint32]bool{}
	for _, glyph := range []uint16{152 /* xterm */, 60 /* hand2 */} {
		id, _ := xproto.NewCursorId(p.Conn.Conn)
		xproto.CreateGlyphCursor(p.Conn.Conn, id, font, font, glyph, glyph+1, 0xffff, 0, 0, 0, 0, 0xffff) // red on blue
		if err := xproto.ChangeWindowAttributesChecked(p.Conn.Conn, xproto.Window(p.Root), xproto.CwCursor, []uint32{uint32(id)}).Check(); err != nil {
			t.Fatal(err)
		}
		for next(t, s)&CursorChanged == 0 {
		}
		if err := xproto.WarpPointerChecked(p.Conn.Conn, 0, xproto.Window(p.Root), 0, 0, 0, 0, 300, 200).Check(); err != nil {
			t.Fatal(err)
		}
		c, at, err := s.Cursor()
		if err != nil {
			t.Fatal(err)
		}
		if at != image.Pt(300, 200) || c.W < 8 || c.H < 8 || len(c.Pix) != c.W*c.H*4 || c.HotX >= c.W || c.HotY >= c.H {
			t.Fatalf("cursor %d×%d hot (%d, %d) at %v with %d bytes", c.W, c.H, c.HotX, c.HotY, at, len(c.Pix))
		}
		serials[c.Serial] = true
		red, blue := []byte{255, 0, 0, 255}, []byte{0, 0, 255, 255}
		if !bytes.Contains(c.Pix, red) || !bytes.Contains(c.Pix, blue) || !bytes.Contains(c.Pix, []byte{0, 0, 0, 0}) {
			t.Errorf("glyph %d: not red on blue on transparent", glyph)
		}
	}
	if len(serials) != 2 {
		t.Errorf("serials %v, want two", serials)
	}
}

func TestStraight(t *testing.T) {
	for _, c := range []struct{ v, alpha, want uint32 }{{0, 0, 0}, {9, 0, 0}, {64, 128, 128}, {128, 128, 255}, {200, 128, 255}, {77, 255, 77}} {
		if got := straight(c.v|0xabcd00, c.alpha); uint32(got) != c.want {
			t.Errorf("straight(%d, %d) = %d, want %d", c.v, c.alpha, got, c.want)
		}
	}
}

func TestDisplays(t *testing.T) {
	display := xvfb.Start(t, "800x600x24")
	s := openSource(t, display, shareSysV)
	before, err := s.Displays()
	if err != nil {
		t.Fatal(err)
	}
	if len(before) != 1 || before[0].Bounds != image.Rect(0, 0, 800, 600) || before[0].Name == "" || before[0].ID == 0 {
		t.Fatalf("displays: %+v", before)
	}
	p := xpaint.New(t, display)
	f, _ := screen.NewFrame(800, 600)
	if err := s.Grab(f, []image.Rectangle{f.Bounds()}); err != nil {
		t.Fatal(err)
	}

	resize(t, display, 640, 480)
	// The old size is refused by the server, before the source has read the new one.
	if err := s.Grab(f, []image.Rectangle{f.Bounds()}); !errors.Is(err, ErrChanged) {
		t.Fatalf("grab of the old size: %v", err)
	}
	for next(t, s)&DisplaysChanged == 0 {
	}
	after, err := s.Displays()
	if err != nil {
		t.Fatal(err)
	}
	if len(after) != 1 || after[0].Bounds != image.Rect(0, 0, 640, 480) || after[0].ID != before[0].ID {
		t.Fatalf("displays after the change: %+v, before %+v", after, before)
	}
	noise(p, after[0].Bounds, 3)
	f, _ = screen.NewFrame(640, 480)
	if err := s.Grab(f, []image.Rectangle{f.Bounds()}); err != nil {
		t.Fatal(err)
	}
	same(t, p, f, f.Bounds())
}

func TestWholeScreenWithoutRandR(t *testing.T) {
	display := xvfb.Run(t, "300x200x24", "-extension", "RANDR").Display
	list, err := openSource(t, display).Displays()
	if err != nil {
		t.Fatal(err)
	}
	if len(list) != 1 || list[0].ID != wholeScreen || list[0].Bounds != image.Rect(0, 0, 300, 200) || !list[0].Primary {
		t.Errorf("displays: %+v", list)
	}
}

func TestUnsupportedScreens(t *testing.T) {
	for _, geometry := range []string{"300x200x16", "300x200x8"} {
		s, err := Open(xvfb.Start(t, geometry))
		if !errors.Is(err, ErrUnsupported) || !strings.Contains(err.Error(), "depth") {
			t.Errorf("%s: %v", geometry, err)
		}
		if err == nil {
			s.Close()
		}
	}
	if _, err := Open(":59535"); err == nil {
		t.Error("opened a display that does not exist")
	}
	server := xvfb.Run(t, "300x200x24", "-extension", "DAMAGE")
	if _, err := Open(server.Display); err == nil || !strings.Contains(err.Error(), "DAMAGE") {
		t.Errorf("without DAMAGE: %v", err)
	}
}

// Whatever is going on when the display goes, it ends with ErrDisplayGone, and Close returns. TestMain looks for goroutines that stayed.
func TestDisplayGone(t *testing.T) {
	for _, way := range allWays {
		t.Run(way.name, func(t *testing.T) {
			server := xvfb.Run(t, "640x480x24")
			s := openSource(t, server.Display, way.ways...)
			if err := s.Watch(true); err != nil {
				t.Fatal(err)
			}
			f, _ := screen.NewFrame(640, 480)
			busy := make(chan error)
			begun := make(chan struct{})
			go func() {
				for i := 0; ; i++ {
					if err := s.Grab(f, []image.Rectangle{f.Bounds()}); err != nil {
						busy <- err
						return
					}
					if i == 10 {
						close(begun)
					}
				}
			}()
			<-begun
			server.Kill()
			if err := <-busy; !errors.Is(err, ErrDisplayGone) {
				t.Errorf("grab: %v", err)
			}
			for {
				if _, err := s.Next(context.Background()); err != nil {
					if !errors.Is(err, ErrDisplayGone) {
						t.Errorf("next: %v", err)
					}
					break
				}
			}
			var g screen.Region
			if err := s.Damage(&g); !errors.Is(err, ErrDisplayGone) {
				t.Errorf("damage: %v", err)
			}
			if _, err := s.Displays(); !errors.Is(err, ErrDisplayGone) {
				t.Errorf("displays: %v", err)
			}
			if _, _, err := s.Cursor(); !errors.Is(err, ErrDisplayGone) {
				t.Errorf("cursor: %v", err)
			}
			if err := s.Close(); err != nil {
				t.Error(err)
			}
		})
	}
}

// A server that hangs does not hold Close; without it, the clock ends the connection.
func TestServerHangs(t *testing.T) {
	server := xvfb.Run(t, "640x480x24")
	closed, timed := openSource(t, server.Display, shareSysV), openSource(t, server.Display, shareSysV)
	f, _ := screen.NewFrame(640, 480)
	for _, s := range []*x11Source{closed, timed} {
		if err := s.Grab(f, []image.Rectangle{f.Bounds()}); err != nil {
			t.Fatal(err)
		}
	}
	if err := server.Stop(); err != nil {
		t.Fatal(err)
	}
	timed.patience = time.Millisecond
	errs := make(chan error, 2)
	for _, s := range []*x11Source{closed, timed} {
		go func() {
			f, _ := screen.NewFrame(640, 480)
			errs <- s.Grab(f, []image.Rectangle{f.Bounds()})
		}()
	}
	closed.Close()
	for range 2 {
		if err := <-errs; !errors.Is(err, ErrDisplayGone) {
			t.Errorf("grab: %v", err)
		}
	}
}

// No System V segment outlives the source, nor the process, however it ends.
func TestNoSegmentStays(t *testing.T) {
	display := xvfb.Start(t, "640x480x24")
	before := segments(t)
	s := openSource(t, display, shareSysV)
	f, _ := screen.NewFrame(640, 480)
	if err := s.Grab(f, []image.Rectangle{f.Bounds()}); err != nil {
		t.Fatal(err)
	}
	during := segments(t)
	if during[s.keyOfTest(t)] != "dest" {
		t.Errorf("the segment in use is not marked to be removed: %v", during)
	}
	s.Close()
	// The server lets go of it when it sees the end of the connection; a round trip of another client comes after that or just before.
	deadline := time.Now().Add(10 * time.Second)
	for len(segments(t)) > len(before) && time.Now().Before(deadline) {
		xpaint.New(t, display).Fill(image.Rect(0, 0, 1, 1), screen.Color{})
	}
	if after := segments(t); len(after) > len(before) {
		t.Errorf("segments before %v, after %v", before, after)
	}
}

// segments lists the System V segments: identifier → "dest" when marked to be removed, else "".
func segments(t *testing.T) map[string]string {
	t.Helper()
	b, err := os.ReadFile("/proc/sysvipc/shm")
	if err != nil {
		t.Fatal(err)
	}
	m := map[string]string{}
	for _, line := range strings.Split(strings.TrimSpace(string(b)), "\n")[1:] {
		f := strings.Fields(line)
		var mode int
		if _, err := fmt.Sscanf(f[2], "%o", &mode); err != nil {
			t.Fatal(err)
		}
		m[f[1]] = ""
		if mode&0o1000 != 0 { // SHM_DEST
			m[f[1]] = "dest"
		}
	}
	return m
}

// keyOfTest finds the identifier of the source's segment: the only one of that size which this process made.
func (s *x11Source) keyOfTest(t *testing.T) string {
	t.Helper()
	b, err := os.ReadFile("/proc/sysvipc/shm")
	if err != nil {
		t.Fatal(err)
	}
	for _, line := range strings.Split(strings.TrimSpace(string(b)), "\n")[1:] {
		if f := strings.Fields(line); f[3] == fmt.Sprint(640*480*4) && f[4] == fmt.Sprint(os.Getpid()) {
			return f[1]
		}
	}
	t.Fatal("the segment is not listed")
	return ""
}

// resize gives the screen another size, smaller than the server's first one, with xrandr as a person would.
func resize(t *testing.T, display string, w, h int) {
	t.Helper()
	name := fmt.Sprintf("test-%dx%d", w, h)
	for _, args := range [][]string{
		{
			"--newmode", name, "25", fmt.Sprint(w), fmt.Sprint(w + 16), fmt.Sprint(w + 112), fmt.Sprint(w + 160),
			fmt.Sprint(h), fmt.Sprint(h + 10), fmt.Sprint(h + 12), fmt.Sprint(h + 45),
		},
		{"--addmode", "screen", name},
		{"--output", "screen", "--mode", name},
	} {
		out, err := exec.Command("xrandr", append([]string{"-d", display}, args...)...).CombinedOutput()
		if err != nil {
			t.Fatalf("xrandr %v: %v\n%s", args, err, out)
		}
	}
}
