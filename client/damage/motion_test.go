package damage

import (
	"image"
	"slices"
	"testing"
	"time"

	"deskhand/screen"
	"deskhand/screen/screentest"
)

// stage is a desktop whose changes a Motion watches, as the encoder has it do.
type stage struct {
	now, shown *screen.Frame
	differ     Differ
	motion     Motion
	at         time.Time
}

func newStage() *stage {
	s := &stage{now: screentest.New(640, 480), at: time.Unix(1000, 0)}
	screentest.Text(s.now, 1)
	s.shown = screentest.Clone(s.now)
	return s
}

// update is one update, after a while, of what draw changes; budget as in Diff.
func (s *stage) update(after time.Duration, budget int, draw func(*screen.Frame) []image.Rectangle) {
	s.at = s.at.Add(after)
	damage := region(draw(s.now)...)
	s.motion.Expire(s.at)
	s.motion.Touched(damage, s.at)
	look := region(damage.Rects()...)
	look.Union(s.differ.Left())
	for _, r := range s.motion.Regions() {
		look.Subtract(r)
	}
	changes := s.differ.Diff(s.shown, s.now, look, s.at, budget)
	s.motion.Observe(changes, s.differ.Left(), s.now, s.at)
}

func play(r image.Rectangle) func(*screen.Frame, int) []image.Rectangle {
	return func(f *screen.Frame, i int) []image.Rectangle {
		screentest.Photo(f, r, uint64(i))
		return []image.Rectangle{r}
	}
}

func both(a, b func(*screen.Frame, int) []image.Rectangle) func(*screen.Frame, int) []image.Rectangle {
	return func(f *screen.Frame, i int) []image.Rectangle { return append(a(f, i), b(f, i)...) }
}

func TestFilmsAreFound(t *testing.T) {
	window := image.Rect(120, 80, 420, 300)
	long := screentest.New(640, 6000)
	screentest.Text(long, 7)
	page := func(f *screen.Frame, r image.Rectangle, from int) {
		for y := r.Min.Y; y < r.Max.Y; y++ {
			copy(f.Row(y, r.Min.X, r.Max.X), long.Row(from+y-r.Min.Y, 0, r.Dx()))
		}
	}
	for _, c := range []struct {
		name   string
		every  time.Duration
		budget int
		draw   func(f *screen.Frame, i int) []image.Rectangle
		want   []image.Rectangle
	}{
		{"a film in a window", 33 * time.Millisecond, 0, play(window), []image.Rectangle{window}},
		{"a film whose last lines stay black", 33 * time.Millisecond, 0, func(f *screen.Frame, i int) []image.Rectangle {
			screentest.Photo(f, image.Rect(120, 80, 420, 320), uint64(i))
			f.Fill(image.Rect(120, 320, 420, 324), screen.Color{})
			return []image.Rectangle{image.Rect(120, 80, 420, 324)}
		}, []image.Rectangle{image.Rect(120, 80, 420, 324)}},
		{"a film of ten frames a second", 100 * time.Millisecond, 0, play(window), []image.Rectangle{window}},
		{"a film on a slow line", 300 * time.Millisecond, 8000, play(window), []image.Rectangle{window}},
		{
			"two films", 33 * time.Millisecond, 0, both(play(image.Rect(10, 10, 210, 150)), play(image.Rect(400, 300, 600, 440))),
			[]image.Rectangle{image.Rect(10, 10, 210, 150), image.Rect(400, 300, 600, 440)},
		},
		{"a film with subtitles and controls", 33 * time.Millisecond, 0, func(f *screen.Frame, i int) []image.Rectangle {
			screentest.Photo(f, window, uint64(i))
			for x := 180; x < 360; x += 8 {
				screentest.Type(f, image.Pt(x, 250), byte('a'+i/20))
			}
			f.Fill(image.Rect(120, 280, 420, 300), screen.Color{R: 20, G: 20, B: 20})
			f.Fill(image.Rect(120, 286, 200+i, 290), screen.Color{R: 200})
			return []image.Rectangle{window}
		}, []image.Rectangle{window}},
		{"a film while somebody types", 33 * time.Millisecond, 0, both(play(window), func(f *screen.Frame, i int) []image.Rectangle {
			return []image.Rectangle{screentest.Type(f, image.Pt(20+i*7, 400), byte('a'+i%26))}
		}), []image.Rectangle{window}},
		{"text that scrolls", 50 * time.Millisecond, 0, func(f *screen.Frame, i int) []image.Rectangle {
			page(f, window, i*54)
			return []image.Rectangle{window}
		}, nil},
		{"photographs that scroll", 50 * time.Millisecond, 0, func(f *screen.Frame, i int) []image.Rectangle {
			r, by := image.Rect(100, 20, 500, 460), 150
			f.Move(image.Rect(r.Min.X, r.Min.Y, r.Max.X, r.Max.Y-by), image.Pt(r.Min.X, r.Min.Y+by))
			screentest.Photo(f, image.Rect(r.Min.X, r.Max.Y-by, r.Max.X, r.Max.Y), uint64(i))
			return []image.Rectangle{r}
		}, nil},
		{"a flood of text", 33 * time.Millisecond, 0, func(f *screen.Frame, i int) []image.Rectangle {
			page(f, window, i*457%5000)
			return []image.Rectangle{window}
		}, nil},
		{"slides", 2 * time.Second, 0, play(window), nil},
		{"a window with a photograph that is dragged", 33 * time.Millisecond, 0, func(f *screen.Frame, i int) []image.Rectangle {
			was := image.Rect(50, 50, 350, 250).Add(image.Pt(9, 5).Mul(i))
			if i == 0 {
				screentest.Photo(f, was, 1)
				return []image.Rectangle{was}
			}
			to := was.Add(image.Pt(9, 5))
			f.Move(to, was.Min)
			f.Fill(image.Rect(was.Min.X, was.Min.Y, was.Max.X, to.Min.Y), screen.Color{B: 100})
			f.Fill(image.Rect(was.Min.X, was.Min.Y, to.Min.X, was.Max.Y), screen.Color{B: 100})
			return []image.Rectangle{was, to}
		}, nil},
		{"a spinner", 33 * time.Millisecond, 0, play(image.Rect(300, 200, 364, 264)), nil},
		{"a progress bar", 50 * time.Millisecond, 0, func(f *screen.Frame, i int) []image.Rectangle {
			r := image.Rect(100, 200, 200+i*8, 320)
			f.Fill(r, screen.Color{G: uint8(150 + i)})
			return []image.Rectangle{r}
		}, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := newStage()
			for i := range 20 {
				s.update(c.every, c.budget, func(f *screen.Frame) []image.Rectangle { return c.draw(f, i) })
			}
			if got := s.motion.Regions(); !slices.Equal(got, c.want) {
				t.Errorf("films %v, want %v", got, c.want)
			}
		})
	}
}

// What a busy line leaves out of a scroll now and then is no film either.
func TestScrollOnABusyLine(t *testing.T) {
	s, r, by := newStage(), image.Rect(100, 20, 500, 460), 150
	for i := range 40 {
		budget := 0
		if i%3 == 0 {
			budget = 10_000
		}
		s.update(50*time.Millisecond, budget, func(f *screen.Frame) []image.Rectangle {
			f.Move(image.Rect(r.Min.X, r.Min.Y, r.Max.X, r.Max.Y-by), image.Pt(r.Min.X, r.Min.Y+by))
			screentest.Photo(f, image.Rect(r.Min.X, r.Max.Y-by, r.Max.X, r.Max.Y), uint64(i))
			return []image.Rectangle{r}
		})
		if got := s.motion.Regions(); len(got) != 0 {
			t.Fatalf("update %d: films %v", i, got)
		}
	}
}

func TestFilmsEnd(t *testing.T) {
	window := image.Rect(120, 80, 420, 300)
	begin := func(t *testing.T) *stage {
		s := newStage()
		for i := range 12 {
			s.update(33*time.Millisecond, 0, func(f *screen.Frame) []image.Rectangle { return play(window)(f, i) })
		}
		if got := s.motion.Regions(); !slices.Equal(got, []image.Rectangle{window}) {
			t.Fatalf("films %v after 12 frames", got)
		}
		return s
	}
	t.Run("it rests", func(t *testing.T) {
		s := begin(t)
		due := s.motion.NextExpiry()
		if want := s.at.Add(expiry); !due.Equal(want) {
			t.Fatalf("it expires at %v, want %v", due, want)
		}
		s.motion.Expire(due.Add(-1))
		if len(s.motion.Regions()) != 1 {
			t.Error("it ended early")
		}
		s.motion.Expire(due)
		if len(s.motion.Regions()) != 0 || !s.motion.NextExpiry().IsZero() {
			t.Error("it did not end")
		}
	})
	t.Run("it rests while something else changes", func(t *testing.T) {
		s := begin(t)
		for i := range 10 {
			s.update(33*time.Millisecond, 0, func(f *screen.Frame) []image.Rectangle {
				return []image.Rectangle{screentest.Type(f, image.Pt(20+i*7, 400), byte('a'+i%26))}
			})
		}
		if got := s.motion.Regions(); len(got) != 0 {
			t.Errorf("films %v", got)
		}
	})
	for name, other := range map[string]image.Rectangle{
		"it gets smaller": image.Rect(120, 80, 300, 220), "it gets larger": image.Rect(50, 20, 600, 460), "it moves": window.Add(image.Pt(40, 80)),
	} {
		t.Run(name, func(t *testing.T) {
			s := begin(t)
			for i := range 30 {
				s.update(33*time.Millisecond, 0, func(f *screen.Frame) []image.Rectangle { return play(other)(f, i) })
			}
			if got := s.motion.Regions(); !slices.Equal(got, []image.Rectangle{other}) {
				t.Errorf("films %v, want %v", got, other)
			}
		})
	}
	t.Run("the screen gets another size", func(t *testing.T) {
		s := begin(t)
		small := screentest.New(320, 240)
		s.motion.Touched(region(small.Bounds()), s.at)
		s.motion.Observe(nil, &screen.Region{}, small, s.at)
		if got := s.motion.Regions(); len(got) != 0 {
			t.Errorf("films %v", got)
		}
	})
}

func BenchmarkObserve(b *testing.B) {
	var m Motion
	f := screentest.New(1920, 1080)
	r := image.Rect(320, 180, 1600, 900)
	screentest.Photo(f, r, 1)
	damage, left, at := region(r), &screen.Region{}, time.Unix(1000, 0)
	changes := []screen.Change{{Kind: screen.Pixels, Rect: r}}
	b.ReportAllocs()
	for b.Loop() {
		at = at.Add(33 * time.Millisecond)
		m.Touched(damage, at)
		m.Observe(changes, left, f, at)
	}
}
