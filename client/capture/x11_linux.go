package capture

import (
	"context"
	"errors"
	"fmt"
	"image"
	"io"
	"net"
	"sync"
	"time"

	"github.com/jezek/xgb/damage"
	"github.com/jezek/xgb/randr"
	"github.com/jezek/xgb/xfixes"
	"github.com/jezek/xgb/xproto"

	"deskhand/internal/x11"
	"deskhand/screen"
)

// answerTimeout is how long the X server may take for one answer before the display counts as gone.
const answerTimeout = 15 * time.Second

// Open connects to an X display such as ":0"; "" is the one that DISPLAY names.
func Open(display string) (Source, error) { return openX11(display, shareSysV, shareMemfd) }

// x11Source is a Source for X11: XDamage says where, MIT-SHM brings the pixels, RandR knows the monitors, XFixes
// the pointer's shape.
type x11Source struct {
	conn     *x11.Conn
	root     xproto.Window
	size     image.Point // of the root window, as Displays saw it
	monitors bool        // RandR 1.5 is there
	names    map[xproto.Atom]string

	damage damage.Damage // 0 while not watching
	parts  xfixes.Region // what damage.Subtract fills

	grabber  *grabber
	canvas   *canvas       // nil: none was asked for, or the server cannot
	patience time.Duration // answerTimeout, but for tests
	clock    *time.Timer   // closes the connection when an answer takes longer
	calls    sync.Mutex    // held by each method but Next, so that Close frees the memory when none uses it

	wake chan struct{} // capacity 1: happened is not empty
	gone chan struct{} // closed when the connection has ended

	mu       sync.Mutex
	happened Event // guarded by mu: what Next has not told yet
}

func openX11(display string, ways ...sharing) (*x11Source, error) {
	conn, err := x11.Dial(display)
	if err != nil {
		return nil, err
	}
	s := &x11Source{
		conn: conn, root: conn.Screen.Root, names: map[xproto.Atom]string{},
		patience: answerTimeout, wake: make(chan struct{}, 1), gone: make(chan struct{}),
	}
	s.clock = time.AfterFunc(answerTimeout, conn.Close)
	defer s.clock.Stop()
	go s.read()
	if err := s.setUp(ways); err != nil {
		s.Close()
		return nil, fmt.Errorf("capture X display %s: %w", display, err)
	}
	return s, nil
}

// setUp checks that the screen's pixels are of the one kind that is understood, and readies the extensions.
func (s *x11Source) setUp(ways []sharing) error {
	if err := checkPixels(s.conn); err != nil {
		return err
	}
	for _, name := range []string{"XFIXES", "DAMAGE", "RANDR"} {
		if err := s.conn.Use(name); err != nil && name != "RANDR" {
			return err
		} else if err == nil && name == "RANDR" {
			v, err := randr.QueryVersion(s.conn.Conn, 1, 5).Reply()
			if err != nil {
				return fmt.Errorf("query the version of RANDR: %w", err)
			}
			s.monitors = v.MajorVersion > 1 || v.MinorVersion >= 5
			randr.SelectInput(s.conn.Conn, s.root, randr.NotifyMaskScreenChange|randr.NotifyMaskCrtcChange|randr.NotifyMaskOutputChange)
		}
	}
	// Both refuse every request until a version has been agreed on.
	if _, err := xfixes.QueryVersion(s.conn.Conn, 4, 0).Reply(); err != nil {
		return fmt.Errorf("query the version of XFIXES: %w", err)
	}
	if _, err := damage.QueryVersion(s.conn.Conn, 1, 1).Reply(); err != nil {
		return fmt.Errorf("query the version of DAMAGE: %w", err)
	}
	parts, err := xfixes.NewRegionId(s.conn.Conn)
	if err != nil {
		return fmt.Errorf("get an X identifier: %w", err)
	}
	if err := xfixes.CreateRegionChecked(s.conn.Conn, parts, nil).Check(); err != nil {
		return fmt.Errorf("create an X region: %w", err)
	}
	s.parts = parts
	s.grabber = newGrabber(s.conn, ways)
	_, err = s.displays()
	return err
}

// checkPixels accepts screens whose images are 32 bits a pixel in the byte order B, G, R, X: depth 24 or 32, TrueColor,
// little endian. That is every desktop in use; the error names what it is instead.
func checkPixels(c *x11.Conn) error {
	setup := xproto.Setup(c.Conn)
	depth := c.Screen.RootDepth
	if depth != 24 && depth != 32 {
		return fmt.Errorf("screen of depth %d, only 24 and 32 are: %w", depth, ErrUnsupported)
	}
	if setup.ImageByteOrder != xproto.ImageOrderLSBFirst {
		return fmt.Errorf("screen of a big-endian X server: %w", ErrUnsupported)
	}
	for _, f := range setup.PixmapFormats {
		if f.Depth == depth && f.BitsPerPixel != 32 {
			return fmt.Errorf("screen of %d bits per pixel, only 32 is: %w", f.BitsPerPixel, ErrUnsupported)
		}
	}
	for _, d := range c.Screen.AllowedDepths {
		for _, v := range d.Visuals {
			if v.VisualId == c.Screen.RootVisual &&
				(v.Class != xproto.VisualClassTrueColor || v.RedMask != 0xff0000 || v.GreenMask != 0xff00 || v.BlueMask != 0xff) {
				return fmt.Errorf("screen whose visual is not TrueColor with 8 bits a colour: %w", ErrUnsupported)
			}
		}
	}
	return nil
}

// read is the one goroutine of the source; it ends with the connection. xgb stops when its events are not read.
func (s *x11Source) read() {
	defer close(s.gone)
	for {
		ev, xerr := s.conn.WaitForEvent()
		switch ev.(type) {
		case nil:
			if xerr == nil {
				return
			}
			// An asynchronous error: a request for something that went meanwhile.
		case damage.NotifyEvent:
			s.tell(Damaged)
		case xfixes.CursorNotifyEvent:
			s.tell(CursorChanged)
		case randr.ScreenChangeNotifyEvent, randr.NotifyEvent:
			s.tell(DisplaysChanged)
		}
	}
}

func (s *x11Source) tell(e Event) {
	s.mu.Lock()
	s.happened |= e
	s.mu.Unlock()
	select {
	case s.wake <- struct{}{}:
	default:
	}
}

// Next implements Source.
func (s *x11Source) Next(ctx context.Context) (Event, error) {
	for {
		select {
		case <-ctx.Done():
			return 0, ctx.Err()
		case <-s.gone:
			return 0, ErrDisplayGone
		case <-s.wake:
			s.mu.Lock()
			e := s.happened
			s.happened = 0
			s.mu.Unlock()
			if e != 0 {
				return e, nil
			}
		}
	}
}

// Watch implements Source.
func (s *x11Source) Watch(on bool) error {
	defer s.begin()()
	switch {
	case on && s.damage == 0:
		id, err := damage.NewDamageId(s.conn.Conn)
		if err != nil {
			return s.failed("get an X identifier", err)
		}
		// NonEmpty: one event, and no more until Damage has emptied it. What changes while no viewer is ready gathers in the
		// server and costs us nothing.
		if err := damage.CreateChecked(s.conn.Conn, id, xproto.Drawable(s.root), damage.ReportLevelNonEmpty).Check(); err != nil {
			return s.failed("watch for damage", err)
		}
		s.damage = id
		if err := xfixes.SelectCursorInputChecked(s.conn.Conn, s.root, xfixes.CursorNotifyMaskDisplayCursor).Check(); err != nil {
			return s.failed("watch the pointer's shape", err)
		}
	case !on && s.damage != 0:
		xfixes.SelectCursorInput(s.conn.Conn, s.root, 0)
		damage.Destroy(s.conn.Conn, s.damage)
		s.damage = 0
		s.grabber.free()
	}
	return nil
}

// Damage implements Source.
func (s *x11Source) Damage(into *screen.Region) error {
	defer s.begin()()
	if s.damage == 0 {
		return nil
	}
	damage.Subtract(s.conn.Conn, s.damage, 0, s.parts)
	r, err := xfixes.FetchRegion(s.conn.Conn, s.parts).Reply()
	if err != nil {
		return s.failed("fetch the damaged region", err)
	}
	desktop := image.Rectangle{Max: s.size}
	for _, q := range r.Rectangles {
		min := image.Pt(int(q.X), int(q.Y))
		into.Add(image.Rectangle{min, min.Add(image.Pt(int(q.Width), int(q.Height)))}.Intersect(desktop))
	}
	return nil
}

// Grab implements Source.
func (s *x11Source) Grab(dst *screen.Frame, rects []image.Rectangle) error {
	defer s.begin()()
	for _, r := range rects {
		if !r.In(image.Rectangle{Max: s.size}) || !r.In(dst.Bounds()) {
			return fmt.Errorf("grab %v of a desktop of %v: %w", r, s.size, ErrChanged)
		}
	}
	if s.canvas.holds(dst) {
		return s.failed("grab", s.canvas.grab(s.grabber, xproto.Drawable(s.root), rects))
	}
	err := s.grabber.grab(dst, xproto.Drawable(s.root), s.size, rects)
	if errors.As(err, new(xproto.MatchError)) { // outside the root window: it has shrunk
		return fmt.Errorf("grab: %w", ErrChanged)
	}
	return s.failed("grab", err)
}

// Close implements Source.
func (s *x11Source) Close() error {
	s.clock.Stop()
	s.conn.Close()
	<-s.gone
	s.calls.Lock()
	defer s.calls.Unlock()
	if s.grabber != nil {
		s.grabber.close()
	}
	return nil
}

// begin opens a method that asks the server: one at a time, with a limit for its answers. What it returns ends it.
func (s *x11Source) begin() (end func()) {
	s.calls.Lock()
	s.clock.Reset(s.patience)
	return s.end
}

func (s *x11Source) end() {
	s.clock.Stop()
	s.calls.Unlock()
}

// failed gives an error of a request its context; a lost connection becomes ErrDisplayGone. nil stays nil.
func (s *x11Source) failed(doing string, err error) error {
	switch {
	case err == nil:
		return nil
	case errors.Is(err, io.EOF), errors.Is(err, net.ErrClosed):
		return fmt.Errorf("%s: %w", doing, ErrDisplayGone)
	}
	return fmt.Errorf("%s: %w", doing, err)
}
