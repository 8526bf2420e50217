package bench

import (
	"bytes"
	"errors"
	"fmt"
	"image"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"go.uber.org/goleak"

	"deskhand/bench/corpus"
	"deskhand/client/damage"
	"deskhand/client/encode"
	"deskhand/codec"
	"deskhand/screen"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// recording is a scene with all its frames in memory, to be replayed in many ways.
type recording struct {
	corpus.Scene
	frames []*screen.Frame
	damage [][]image.Rectangle
}

func record(s corpus.Scene) *recording {
	r := &recording{Scene: s}
	for p, damage := range s.Frames() {
		f, err := screen.NewFrame(p.Now.W, p.Now.H)
		if err != nil {
			panic(err)
		}
		f.CopyRect(p.Now, p.Now.Bounds())
		r.frames, r.damage = append(r.frames, f), append(r.damage, slices.Clone(damage))
	}
	return r
}

// feed is a recording as a stream's screen: what changed waits until it is taken.
type feed struct {
	now     *screen.Frame
	pending screen.Region
	drawn   screen.Region // of pending
}

func (f *feed) show(now *screen.Frame, damage []image.Rectangle) {
	if f.now == nil || f.now.W != now.W || f.now.H != now.H {
		f.pending.Clear()
		f.pending.Add(now.Bounds())
	}
	f.now = now
	for _, r := range damage {
		f.pending.Add(r)
		f.drawn.Add(r)
	}
}

func (f *feed) Take(use func(now *screen.Frame, changed, damaged *screen.Region)) error {
	if f.now == nil || f.pending.Empty() {
		return nil
	}
	f.pending.Clip(f.now.Bounds())
	f.drawn.Clip(f.now.Bounds())
	use(f.now, &f.pending, &f.drawn)
	f.pending.Clear()
	f.drawn.Clear()
	return nil
}

func (f *feed) Owe(g *screen.Region) { f.pending.Union(g) }

// sketch stands for a video encoder: what its frames hold does not matter here, where they lie does. Some fail.
type sketch struct {
	fails  *rand.Rand // nil: never
	frames int
}

var errSketch = errors.New("no frame this time")

func (v *sketch) Encode(stream uint8, picture *screen.Frame, q encode.Quality) (screen.VideoFrame, error) {
	if v.fails != nil && v.fails.IntN(4) == 0 {
		return screen.VideoFrame{}, errSketch
	}
	v.frames++
	return screen.VideoFrame{Stream: stream, Codec: q.Codec, Key: q.Key, Scale: 1, Data: fmt.Appendf(nil, "%d×%d", picture.W, picture.H)}, nil
}

func (v *sketch) Drop(uint8) {}

// viewer is a stream and the other end of it.
type viewer struct {
	t      testing.TB
	feed   *feed
	video  *sketch
	stream *encode.Stream
	dec    *codec.Decoder
	limits encode.Limits
	bytes  int
}

func newViewer(t testing.TB, id uint32) *viewer {
	v := &viewer{t: t, feed: &feed{}, video: &sketch{}, dec: codec.NewDecoder(), limits: encode.Limits{Codec: screen.VP8}}
	v.stream = encode.New(v.parts(), time.Now(), id)
	return v
}

func (v *viewer) parts() encode.Parts {
	return encode.Parts{Screen: v.feed, Differ: &damage.Differ{}, Motion: &damage.Motion{}, Video: v.video}
}

func (v *viewer) close() {
	v.stream.Close()
	v.dec.Close()
}

// make makes the next update, if there is one.
func (v *viewer) make() ([]byte, bool) {
	v.t.Helper()
	u, ok, err := v.stream.Next(v.limits)
	if err != nil {
		v.t.Fatal(err)
	}
	v.bytes += len(u.Data)
	return u.Data, ok
}

func (v *viewer) apply(msg []byte) {
	v.t.Helper()
	if _, _, err := v.dec.Decode(msg); err != nil {
		v.t.Fatal(err)
	}
}

// next makes an update and applies it.
func (v *viewer) next() bool {
	v.t.Helper()
	msg, ok := v.make()
	if ok {
		v.apply(msg)
	}
	return ok
}

// over is what videos lie over.
func (v *viewer) over() *screen.Region {
	var g screen.Region
	for i := range screen.MaxStreams {
		for _, r := range v.dec.Over(i) {
			g.Add(r)
		}
	}
	return &g
}

// exact tells whether the viewer shows the screen to the pixel wherever no video lies over it.
func (v *viewer) exact() error {
	pix, w, h := v.dec.Surface()
	now := v.feed.now
	if w != now.W || h != now.H {
		return fmt.Errorf("the viewer has %d×%d pixels, the screen %d×%d", w, h, now.W, now.H)
	}
	var rest screen.Region
	rest.Add(now.Bounds())
	for _, r := range v.over().Rects() {
		rest.Subtract(r)
	}
	for _, r := range rest.Rects() {
		want := now.AppendRGBA(nil, r)
		for y := range r.Dy() {
			o := ((r.Min.Y+y)*w + r.Min.X) * 4
			if !bytes.Equal(pix[o:o+r.Dx()*4], want[y*r.Dx()*4:(y+1)*r.Dx()*4]) {
				return fmt.Errorf("row %d of the viewer differs between %d and %d", r.Min.Y+y, r.Min.X, r.Max.X)
			}
		}
	}
	return nil
}

// settle goes on until there is nothing more to send, as a session does: at once while updates are limited, and when the stream wants to be woken. It
// runs in a bubble of testing/synctest, where waiting takes no time.
func (v *viewer) settle() {
	v.t.Helper()
	for range 10_000 {
		if v.next() || v.stream.More() {
			continue
		}
		at := v.stream.Wake()
		if at.IsZero() {
			return
		}
		time.Sleep(max(time.Until(at), time.Millisecond))
	}
	v.t.Fatal("the stream does not come to rest")
}

// rested checks the end: the screen to the pixel, and nothing over it.
func (v *viewer) rested() {
	v.t.Helper()
	v.settle()
	if over := v.over(); !over.Empty() {
		v.t.Errorf("at rest, a video lies over %v", over.Rects())
	}
	if err := v.exact(); err != nil {
		v.t.Errorf("at rest: %v", err)
	}
}
