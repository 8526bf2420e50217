package encode

import "deskhand/screen"

// Fork returns a stream that goes on where s is, for viewers that leave it: its first update is a restart. parts are its own, and
// its screen finds everything changed.
func (s *Stream) Fork(parts Parts) (*Stream, error) {
	f := New(parts, s.begin, s.id)
	f.refresh, f.restart, f.captured, f.cost, f.now = s.refresh, true, s.captured, s.cost, s.now
	if s.shown == nil {
		return f, nil
	}
	var err error
	if f.shown, err = screen.NewFrame(s.shown.W, s.shown.H); err != nil {
		return nil, err
	}
	f.shown.CopyRect(s.shown, s.shown.Bounds())
	s.videos.covered(&f.videos.over)
	return f, nil
}

// Meets tells whether CatchUp can bring the viewers of s to what the viewers of t see: both have a whole surface of one size.
func (s *Stream) Meets(t *Stream) bool {
	return s.shown != nil && t.shown != nil && !s.refresh && !t.refresh && s.shown.W == t.shown.W && s.shown.H == t.shown.H
}

// CatchUp makes the last update of s, after which its viewers see what those of t do, but for what lies over it. There is none when they do already.
// Then all take t's updates: the next one is a restart whose id no viewer has seen. After an error they stay, and s begins anew.
func (s *Stream) CatchUp(t *Stream) (u Update, ok bool, err error) {
	var whole, over screen.Region
	whole.Add(s.shown.Bounds())
	changes := s.Differ.Diff(s.shown, t.shown, &whole, s.now(), 0)
	s.videos.covered(&over)
	for _, r := range over.Rects() {
		changes = append(changes, screen.Change{Kind: screen.Reveal, Rect: r})
	}
	if len(changes) > 0 {
		if u, err = s.encode(changes); err != nil {
			s.Refresh() // its viewers have not got what shown has by now
			return u, false, err
		}
		ok = true
	}
	t.id = max(t.id, s.id)
	t.Restart()
	return u, ok, err
}

// Close frees what the stream's videos hold.
func (s *Stream) Close() { s.videos.forget(s.Video) }

// covered adds to where frames lie over the surface.
func (v *videos) covered(to *screen.Region) {
	to.Union(&v.over)
	for _, r := range v.streams {
		if r != nil && r.covered {
			to.Add(r.rect)
		}
	}
}
