package main

import (
	"fmt"
	"image"
	"sync"
	"time"

	"github.com/jezek/xgb/xproto"

	"deskhand/bench/corpus"
	"deskhand/internal/x11"
	"deskhand/screen"
)

const (
	block    = 16 // pixels of a bit of the bar code
	bits     = 24 // in each of its two rows
	keyBox   = 64 // pixels a side
	keyInset = 140
	keyTop   = 80
)

var keyColors = [2]uint32{0x101060, 0xf0e020}

// stage is one display.
type stage struct {
	conn              *x11.Conn
	size              image.Point
	drawing           sync.Mutex // held while the server is grabbed
	gc                xproto.Gcontext
	window, bar, keys xproto.Window

	mu      sync.Mutex // guards all below
	name    string
	frames  int
	began   time.Time
	pressed int
	number  uint32
	end     chan struct{} // closed to end the playing at hand
	ended   chan struct{}

	watching chan *watch // receives the watch at hand when it has ended
}

// drawn is one frame of a scene, kept by the X server.
type drawn struct {
	pixmap xproto.Pixmap
	box    image.Rectangle   // what of the display the pixmap holds
	damage []image.Rectangle // what is copied, in this order
}

func open(display string) (*stage, error) {
	c, err := x11.Dial(display)
	if err != nil {
		return nil, err
	}
	s := &stage{conn: c, size: image.Pt(int(c.Screen.WidthInPixels), int(c.Screen.HeightInPixels))}
	if s.gc, err = xproto.NewGcontextId(c.Conn); err != nil {
		return nil, err
	}
	if err := xproto.CreateGCChecked(c.Conn, s.gc, xproto.Drawable(c.Screen.Root), xproto.GcGraphicsExposures, []uint32{0}).Check(); err != nil {
		return nil, fmt.Errorf("prepare to draw: %w", err)
	}
	go s.events()
	return s, nil
}

// newWindow makes a window that no window manager touches.
func (s *stage) newWindow(r image.Rectangle, events uint32) (xproto.Window, error) {
	id, err := xproto.NewWindowId(s.conn.Conn)
	if err != nil {
		return 0, err
	}
	err = xproto.CreateWindowChecked(s.conn.Conn, s.conn.Screen.RootDepth, id, s.conn.Screen.Root, int16(r.Min.X), int16(r.Min.Y), uint16(r.Dx()), uint16(r.Dy()), 0,
		xproto.WindowClassInputOutput, s.conn.Screen.RootVisual, xproto.CwOverrideRedirect|xproto.CwEventMask, []uint32{1, events}).Check()
	if err != nil {
		return 0, fmt.Errorf("open a window: %w", err)
	}
	return id, xproto.MapWindowChecked(s.conn.Conn, id).Check()
}

// setUp opens the windows, which a stage that only looks does not need.
func (s *stage) setUp() (err error) {
	if s.window != 0 {
		return nil
	}
	if s.window, err = s.newWindow(image.Rectangle{Max: s.size}, 0); err != nil {
		return err
	}
	if s.bar, err = s.newWindow(image.Rect(0, 0, bits*block, 2*block), 0); err != nil {
		return err
	}
	at := image.Pt(s.size.X-keyInset, keyTop)
	if s.keys, err = s.newWindow(image.Rectangle{at, at.Add(image.Pt(keyBox, keyBox))}, xproto.EventMaskKeyPress); err != nil {
		return err
	}
	s.fill(s.keys, image.Rect(0, 0, keyBox, keyBox), keyColors[0])
	return xproto.SetInputFocusChecked(s.conn.Conn, xproto.InputFocusPointerRoot, s.keys, xproto.TimeCurrentTime).Check()
}

// events flips the colour of the keys' box at each key press.
func (s *stage) events() {
	for {
		ev, err := s.conn.WaitForEvent()
		if ev == nil && err == nil {
			return
		}
		if _, ok := ev.(xproto.KeyPressEvent); ok {
			s.mu.Lock()
			s.pressed++
			color := keyColors[s.pressed%2]
			s.mu.Unlock()
			s.drawing.Lock()
			s.fill(s.keys, image.Rect(0, 0, keyBox, keyBox), color)
			s.drawing.Unlock()
		}
	}
}

func (s *stage) fill(w xproto.Window, r image.Rectangle, color uint32) {
	xproto.ChangeGC(s.conn.Conn, s.gc, xproto.GcForeground, []uint32{color})
	xproto.PolyFillRectangle(s.conn.Conn, xproto.Drawable(w), s.gc, []xproto.Rectangle{{X: int16(r.Min.X), Y: int16(r.Min.Y), Width: uint16(r.Dx()), Height: uint16(r.Dy())}})
}

// play draws all frames of the scene once, so that showing them costs little, and then shows them at the scene's rate.
func (s *stage) play(scene corpus.Scene) error {
	if err := s.setUp(); err != nil {
		return err
	}
	var all []drawn
	for p, damage := range scene.Frames() {
		d, err := s.draw(p.Now, damage)
		if err != nil {
			return err
		}
		all = append(all, d)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.name, s.frames, s.began = scene.Name, 0, time.Now()
	s.end, s.ended = make(chan struct{}), make(chan struct{})
	go s.loop(all, time.Second/time.Duration(scene.Rate), s.end, s.ended)
	return nil
}

// draw puts the damaged part of a frame into a pixmap.
func (s *stage) draw(f *screen.Frame, damage []image.Rectangle) (drawn, error) {
	var d drawn
	for _, r := range damage {
		d.box = d.box.Union(r)
		d.damage = append(d.damage, r)
	}
	if d.box.Empty() {
		return d, nil
	}
	id, err := xproto.NewPixmapId(s.conn.Conn)
	if err != nil {
		return d, err
	}
	d.pixmap = id
	xproto.CreatePixmap(s.conn.Conn, s.conn.Screen.RootDepth, id, xproto.Drawable(s.conn.Screen.Root), uint16(d.box.Dx()), uint16(d.box.Dy()))
	rows := max(1, 200_000/(d.box.Dx()*4)) // what fits into a request
	for y := d.box.Min.Y; y < d.box.Max.Y; y += rows {
		h := min(rows, d.box.Max.Y-y)
		pix := make([]byte, 0, d.box.Dx()*h*4)
		for i := range h {
			pix = append(pix, f.Row(y+i, d.box.Min.X, d.box.Max.X)...)
		}
		xproto.PutImage(s.conn.Conn, xproto.ImageFormatZPixmap, xproto.Drawable(id), s.gc, uint16(d.box.Dx()), uint16(h), 0, int16(y-d.box.Min.Y), 0, s.conn.Screen.RootDepth, pix)
	}
	s.conn.Sync()
	return d, nil
}

// loop shows the frames until end is closed; a frame that is late is left out.
func (s *stage) loop(all []drawn, period time.Duration, end, ended chan struct{}) {
	defer close(ended)
	defer func() {
		for _, d := range all {
			if d.pixmap != 0 {
				xproto.FreePixmap(s.conn.Conn, d.pixmap)
			}
		}
	}()
	tick := time.NewTicker(period)
	defer tick.Stop()
	for n := 0; ; n = (n + 1) % len(all) {
		s.show(all[n])
		select {
		case <-end:
			return
		case <-tick.C:
		}
	}
}

// show draws one frame and its bar code, while no other client is served.
func (s *stage) show(d drawn) {
	s.drawing.Lock()
	defer s.drawing.Unlock()
	xproto.GrabServer(s.conn.Conn)
	for _, r := range d.damage {
		xproto.CopyArea(s.conn.Conn, xproto.Drawable(d.pixmap), xproto.Drawable(s.window), s.gc, int16(r.Min.X-d.box.Min.X), int16(r.Min.Y-d.box.Min.Y),
			int16(r.Min.X), int16(r.Min.Y), uint16(r.Dx()), uint16(r.Dy()))
	}
	s.barCode()
	xproto.UngrabServer(s.conn.Conn)
	s.conn.Sync()
	s.mu.Lock()
	s.frames++
	s.mu.Unlock()
}

func (s *stage) barCode() {
	s.number = (s.number + 1) & 0xffff
	n, ms := s.number, uint32(time.Now().UnixMilli())&0xffffff
	sum := (n ^ n>>6 ^ n>>12 ^ ms ^ ms>>6 ^ ms>>12 ^ ms>>18) & 63
	for row, value := range [2]uint32{1<<22 | n<<6 | sum, ms} {
		s.fill(s.bar, image.Rect(0, row*block, bits*block, row*block+block), 0)
		for i := range bits {
			if value>>(bits-1-i)&1 == 1 {
				s.fill(s.bar, image.Rect(i*block, row*block, i*block+block, row*block+block), 0xffffff)
			}
		}
	}
}

func (s *stage) stop() {
	s.mu.Lock()
	end, ended := s.end, s.ended
	s.end = nil
	s.mu.Unlock()
	if end != nil {
		close(end)
		<-ended
	}
}

func (s *stage) stats() map[string]any {
	s.mu.Lock()
	defer s.mu.Unlock()
	return map[string]any{
		"scene": s.name, "frames": s.frames, "seconds": time.Since(s.began).Seconds(), "keys": s.pressed,
		"width": s.size.X, "height": s.size.Y, "key_box": [2]int{s.size.X - keyInset, keyTop},
	}
}
