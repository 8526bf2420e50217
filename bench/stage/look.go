package main

import (
	"errors"
	"fmt"
	"image"
	"time"

	"github.com/jezek/xgb/xproto"

	"deskhand/screen"
)

// shot reads a part of the screen while no other client is served, so that it is one moment's.
func (s *stage) shot(r image.Rectangle) (*screen.Frame, error) {
	s.drawing.Lock()
	defer s.drawing.Unlock()
	f, err := screen.NewFrame(r.Dx(), r.Dy())
	if err != nil {
		return nil, err
	}
	xproto.GrabServer(s.conn.Conn)
	defer xproto.UngrabServer(s.conn.Conn)
	const rows = 256 // a request
	for y := 0; y < r.Dy(); y += rows {
		h := min(rows, r.Dy()-y)
		img, err := xproto.GetImage(s.conn.Conn, xproto.ImageFormatZPixmap, xproto.Drawable(s.conn.Screen.Root),
			int16(r.Min.X), int16(r.Min.Y+y), uint16(r.Dx()), uint16(h), ^uint32(0)).Reply()
		if err != nil {
			return nil, fmt.Errorf("read the screen: %w", err)
		}
		copy(f.Pix[y*f.Stride:], img.Data)
	}
	return f, nil
}

// watch is what was shown in a part of the screen during a time.
type watch struct {
	box    image.Rectangle
	frames []*screen.Frame
	err    error
}

// watch begins to keep the frames of a part of the screen; what was kept before is gone.
func (s *stage) watch(box image.Rectangle, during time.Duration) {
	w, done := &watch{box: box}, make(chan *watch, 1)
	s.mu.Lock()
	s.watching = done
	s.mu.Unlock()
	go func() {
		defer func() { done <- w }()
		// A strip that what moves runs through tells whether there is a new frame: reading all of it each time would be felt.
		strip := image.Rect(box.Min.X+box.Dx()/5, box.Min.Y, box.Min.X+box.Dx()/5+4, box.Max.Y).Intersect(box)
		var last *screen.Frame
		for begin := time.Now(); len(w.frames) == 0 || time.Since(begin) < during; time.Sleep(5 * time.Millisecond) {
			var f *screen.Frame
			if f, w.err = s.shot(strip); w.err != nil {
				return
			}
			if last != nil && f.SameColors(last, f.Bounds()) {
				continue
			}
			last = f
			if f, w.err = s.shot(box); w.err != nil {
				return
			}
			w.frames = append(w.frames, f)
		}
	}()
}

// watched waits for the end of the watch.
func (s *stage) watched() (*watch, error) {
	s.mu.Lock()
	done := s.watching
	s.watching = nil
	s.mu.Unlock()
	if done == nil {
		return nil, errors.New("nothing was watched")
	}
	w := <-done
	return w, w.err
}
