package codec

import (
	"bytes"
	"errors"
	"image"
	"reflect"
	"runtime"
	"strings"
	"testing"

	"github.com/klauspost/compress/zstd"
	"pgregory.net/rapid"

	"deskhand/screen"
	"deskhand/screen/screentest"
)

func rgba(f *screen.Frame) []byte { return f.AppendRGBA(nil, f.Bounds()) }

// viewer is an encoder, a decoder at its other end, and what they agree on.
type viewer struct {
	t   rapid.TB
	enc *Encoder
	dec *Decoder
	id  uint32
}

func newViewer(t rapid.TB) *viewer {
	return &viewer{t: t, enc: NewEncoder(), dec: NewDecoder()}
}

// update sends changes, whose result is surface, and compares what the other end shows. It returns the message.
func (v *viewer) update(refresh bool, changes []screen.Change, surface *screen.Frame) []byte {
	v.t.Helper()
	v.id++
	sent := Header{Refresh: refresh, ID: v.id, Captured: uint64(v.id) << 33}
	msg, err := v.enc.Encode([]byte("before"), sent, changes, surface)
	if err != nil {
		v.t.Fatal(err)
	}
	msg = msg[len("before"):]
	got, gotChanges, err := v.dec.Decode(msg)
	if err != nil {
		v.t.Fatal(err)
	}
	sent.W, sent.H, sent.Inflated, sent.Restart = surface.W, surface.H, got.Inflated, refresh || sent.Restart
	if got != sent {
		v.t.Fatalf("header %+v, sent %+v", got, sent)
	}
	if len(gotChanges) != len(changes) {
		v.t.Fatalf("%d changes, sent %d", len(gotChanges), len(changes))
	}
	for i := range changes {
		if !reflect.DeepEqual(gotChanges[i], changes[i]) {
			v.t.Fatalf("change %d: %+v, sent %+v", i, gotChanges[i], changes[i])
		}
	}
	if pix, w, h := v.dec.Surface(); w != surface.W || h != surface.H || !bytes.Equal(pix, rgba(surface)) {
		v.t.Fatalf("the viewer does not show what was sent")
	}
	return msg
}

// Any changes within the limits arrive as they were sent, and the picture is the same at both ends.
func TestUpdatesArrive(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		v := newViewer(t)
		defer v.dec.Close()
		var f *screen.Frame
		for i := range rapid.IntRange(1, 8).Draw(t, "updates") {
			refresh := i == 0 || rapid.IntRange(0, 4).Draw(t, "refresh") == 0
			if refresh {
				f = screentest.New(rapid.IntRange(1, 90).Draw(t, "w"), rapid.IntRange(1, 90).Draw(t, "h"))
			}
			var changes []screen.Change
			var free screen.Region // pixels come from the final picture, so nothing may touch them afterwards
			free.Add(f.Bounds())
			for range rapid.IntRange(0, 4).Draw(t, "changes") {
				x, y := rapid.IntRange(0, f.W-1).Draw(t, "x"), rapid.IntRange(0, f.H-1).Draw(t, "y")
				c := screen.Change{
					Kind: screen.Kind(rapid.IntRange(1, 3).Draw(t, "kind")),
					Rect: image.Rect(x, y, x+rapid.IntRange(1, f.W-x).Draw(t, "dx"), y+rapid.IntRange(1, f.H-y).Draw(t, "dy")),
				}
				inside := free
				var whole screen.Region
				whole.Add(c.Rect)
				for _, r := range inside.Rects() {
					whole.Subtract(r)
				}
				if !whole.Empty() {
					continue
				}
				now := screentest.New(f.W, f.H)
				switch c.Kind {
				case screen.Copy:
					c.Src = image.Pt(rapid.IntRange(0, f.W-c.Rect.Dx()).Draw(t, "sx"), rapid.IntRange(0, f.H-c.Rect.Dy()).Draw(t, "sy"))
				case screen.Fill:
					c.Color = screen.Color{R: rapid.Byte().Draw(t, "r"), G: 1, B: 2}
				case screen.Pixels:
					screentest.Noise(now, c.Rect, rapid.Uint64().Draw(t, "seed"))
					free.Subtract(c.Rect)
				}
				f.Apply(c, now)
				changes = append(changes, c)
			}
			v.update(refresh, changes, f)
		}
	})
}

// A long stream: well past the window, so that old blocks leave it.
func TestLongStream(t *testing.T) {
	v := newViewer(t)
	defer v.dec.Close()
	f := screentest.New(700, 500)
	screentest.Noise(f, f.Bounds(), 0)
	whole := []screen.Change{{Kind: screen.Pixels, Rect: f.Bounds()}}
	v.update(true, whole, f)
	for i := range 30 { // 1.4 MB each
		screentest.Noise(f, image.Rect(i, i*7, i+300, i*7+200), uint64(i))
		v.update(false, whole, f)
	}
	v.update(true, whole, f)
}

func TestEncoderRefuses(t *testing.T) {
	f := screentest.New(10, 10)
	many := make([]screen.Change, 65536)
	big := make([]screen.Change, 200)
	for i := range many {
		many[i] = screen.Change{Kind: screen.Fill, Rect: image.Rect(0, 0, 1, 1)}
	}
	for i := range big {
		big[i] = screen.Change{Kind: screen.Copy, Rect: f.Bounds()}
	}
	for name, c := range map[string][]screen.Change{
		"too many":       many,
		"too large":      big,
		"no kind":        {{Rect: f.Bounds()}},
		"a future kind":  {{Kind: 9, Rect: f.Bounds()}},
		"no such slot":   {{Kind: screen.Keep, Rect: f.Bounds(), Slot: screen.Slots}},
		"below slot 0":   {{Kind: screen.Recall, Rect: f.Bounds(), Slot: -1}},
		"no such stream": {{Kind: screen.Video, Rect: f.Bounds(), Video: &screen.VideoFrame{Stream: screen.MaxStreams, Codec: screen.VP8, Scale: 1, Data: []byte{1}}}},
		"no such codec":  {{Kind: screen.Video, Rect: f.Bounds(), Video: &screen.VideoFrame{Codec: 5, Scale: 1, Data: []byte{1}}}},
		"no such scale":  {{Kind: screen.Video, Rect: f.Bounds(), Video: &screen.VideoFrame{Codec: screen.VP8, Scale: 8, Data: []byte{1}}}},
		"no scale":       {{Kind: screen.Video, Rect: f.Bounds(), Video: &screen.VideoFrame{Codec: screen.VP8, Data: []byte{1}}}},
		"an empty frame": {{Kind: screen.Video, Rect: f.Bounds(), Video: &screen.VideoFrame{Codec: screen.VP8}}},
		"empty":          {{Kind: screen.Fill}},
		"outside":        {{Kind: screen.Pixels, Rect: image.Rect(5, 5, 11, 6)}},
		"negative":       {{Kind: screen.Pixels, Rect: image.Rect(-1, 5, 5, 6)}},
		"source outside": {{Kind: screen.Copy, Rect: image.Rect(0, 0, 5, 5), Src: image.Pt(6, 0)}},
	} {
		e := NewEncoder()
		if b, err := e.Encode([]byte("x"), Header{Refresh: true}, c, f); !errors.Is(err, ErrInvalid) || string(b) != "x" {
			t.Errorf("%s: %v, %d bytes", name, err, len(b))
		}
	}
	e := NewEncoder()
	if _, err := e.Encode(nil, Header{}, nil, f); !errors.Is(err, ErrNeedRefresh) {
		t.Errorf("before a refresh: %v", err)
	}
	if _, err := e.Encode(nil, Header{Refresh: true}, nil, &screen.Frame{W: 20000, H: 1}); !errors.Is(err, ErrInvalid) {
		t.Errorf("too wide: %v", err)
	}
}

// forge makes a refresh from a payload that need not be right.
func forge(t testing.TB, w, h int, payload []byte) []byte {
	t.Helper()
	var b bytes.Buffer
	z, err := zstd.NewWriter(&b, zstd.WithWindowSize(1<<17), zstd.WithLowerEncoderMem(true), zstd.WithEncoderConcurrency(1))
	if err != nil {
		t.Fatal(err)
	}
	z.Write(payload)
	z.Flush()
	head := Header{Refresh: true, W: w, H: h, Inflated: len(payload)}
	return append(head.append(nil, place{}, b.Len(), 0), b.Bytes()...)
}

// attach adds attachments to a forged message, which had none.
func attach(msg []byte, attached ...byte) []byte {
	head, packed := msg[:forgedHeader], msg[forgedHeader:]
	out := append(bytes.Clone(head), byte(len(packed)|0x80), byte(len(packed)>>7))
	out[0] |= flagAttached
	return append(append(out, packed...), attached...)
}

// Where the fields of a forged header lie.
const (
	atFlags, atCaptured, atWidth, atHeight, atInflated = 0, 5, 6, 8, 10
	forgedHeader                                       = 11
)

// patch returns msg with the bytes at an offset replaced.
func patch(msg []byte, at int, b ...byte) []byte {
	out := bytes.Clone(msg)
	copy(out[at:], b)
	return out
}

// refusals are updates that no decoder may take; the vectors hold them too.
func refusals(t testing.TB) []namedMessage {
	op := func(kind byte, b ...byte) []byte { return append([]byte{0, 1, kind}, b...) }
	fill := op(2, 0, 0, 0, 0, 0, 1, 0, 1, 9, 9, 9) // (0, 0) 1×1
	good := forge(t, 4, 4, fill)
	if _, _, err := NewDecoder().Decode(good); err != nil {
		t.Fatalf("the message that the others are made of: %v", err)
	}
	twoBlocks := append(bytes.Clone(good), good[len(good)-4:]...)
	copies := []byte{0, 200}
	for range 200 {
		copies = append(copies, 1, 0, 0, 0, 0, 0, 64, 0, 64, 0, 0, 0, 0)
	}
	return []namedMessage{
		{"nothing", nil},
		{"only flags", good[:1]},
		{"a cut header", good[:forgedHeader-1]},
		{"a capture time that does not end", append(bytes.Clone(good[:atCaptured]), 0x80, 0x80, 0x80)},
		{"no width", patch(good, atWidth, 0, 0)},
		{"no height", patch(good, atHeight, 0, 0)},
		{"too wide", patch(good, atWidth, 0x40, 0x01)},
		{"too many pixels", patch(good, atWidth, 0x40, 0, 0x40, 0)},
		{"inflates to more than the surface can need", append(append(bytes.Clone(good[:atInflated]), 0xff, 0xff, 0xff, 0x0f), good[forgedHeader:]...)},
		{"inflates to less than it says", patch(good, atInflated, good[atInflated]+1)},
		{"inflates to more than it says", patch(good, atInflated, good[atInflated]-1)},
		{"no compressed part", good[:forgedHeader]},
		{"a cut compressed part", good[:len(good)-1]},
		{"bytes after the compressed part", append(bytes.Clone(good), 0)},
		{"a second block", twoBlocks},
		{"no zstd", patch(good, forgedHeader, 1, 2, 3, 4)},
		{"attachments that nothing names", attach(good, 1)},
		{"more compressed bytes than there are", patch(attach(good), forgedHeader, 0xff, 0x7f)},
		{"a payload of one byte", forge(t, 4, 4, []byte{0})},
		{"fewer changes than it says", forge(t, 4, 4, patch(fill, 1, 2))},
		{"kind 0", forge(t, 4, 4, op(0, 0, 0, 0, 0, 0, 1, 0, 1))},
		{"kind 9", forge(t, 4, 4, op(9, 0, 0, 0, 0, 0, 1, 0, 1))},
		{"a keep in the last slot and the one after it", forge(t, 65, 4, op(4, 0, 0, 0, 0, 0, 65, 0, 4, 0x0f, 0xff))},
		{"a cut keep", forge(t, 4, 4, op(4, 0, 0, 0, 0, 0, 4, 0, 4, 0))},
		{"a recall of what was not kept", forge(t, 4, 4, op(5, 0, 0, 0, 0, 0, 4, 0, 4, 0, 0))},
		{"a recall of a tile of another size", forge(t, 4, 4, patch(append(op(4, 0, 0, 0, 0, 0, 4, 0, 4, 0, 0), op(5, 0, 0, 0, 0, 0, 4, 0, 3, 0, 0)[2:]...), 1, 2))},
		{"a video frame without attachments", forge(t, 4, 4, op(6, 0, 0, 0, 0, 0, 4, 0, 4, 0, 1, 1, 0, 0, 0, 2))},
		{"a video frame with fewer attachments", attach(forge(t, 4, 4, op(6, 0, 0, 0, 0, 0, 4, 0, 4, 0, 1, 1, 0, 0, 0, 2)), 7)},
		{"a video frame with more attachments", attach(forge(t, 4, 4, op(6, 0, 0, 0, 0, 0, 4, 0, 4, 0, 1, 1, 0, 0, 0, 2)), 7, 7, 7)},
		{"a video frame of stream 4", attach(forge(t, 4, 4, op(6, 0, 0, 0, 0, 0, 4, 0, 4, 4, 1, 1, 0, 0, 0, 2)), 7, 7)},
		{"a video frame of codec 5", attach(forge(t, 4, 4, op(6, 0, 0, 0, 0, 0, 4, 0, 4, 0, 5, 1, 0, 0, 0, 2)), 7, 7)},
		{"a video frame enlarged 8 times", attach(forge(t, 4, 4, op(6, 0, 0, 0, 0, 0, 4, 0, 4, 0, 1, 7, 0, 0, 0, 2)), 7, 7)},
		{"a video frame of 0 bytes", forge(t, 4, 4, op(6, 0, 0, 0, 0, 0, 4, 0, 4, 0, 1, 1, 0, 0, 0, 0))},
		{"a cut video frame", forge(t, 4, 4, op(6, 0, 0, 0, 0, 0, 4, 0, 4, 0, 1, 1, 0, 0, 0))},
		{"a reveal outside", forge(t, 4, 4, op(7, 0, 0, 0, 0, 0, 5, 0, 4))},
		{"no width of a change", forge(t, 4, 4, patch(fill, 8, 0))},
		{"a change outside", forge(t, 4, 4, patch(fill, 4, 4))},
		{"a change across the edge", forge(t, 4, 4, patch(fill, 4, 3, 0, 0, 0, 2))},
		{"a copy from outside", forge(t, 4, 4, op(1, 0, 0, 0, 0, 0, 2, 0, 2, 0, 3, 0, 0))},
		{"a cut copy", forge(t, 4, 4, op(1, 0, 0, 0, 0, 0, 2, 0, 2, 0, 0, 0))},
		{"a cut fill", forge(t, 4, 4, fill[:len(fill)-1])},
		{"too few pixels", forge(t, 4, 4, append(op(3, 0, 0, 0, 0, 0, 2, 0, 2), make([]byte, 15)...))},
		{"too few gray pixels", forge(t, 4, 4, append(op(8, 0, 0, 0, 0, 0, 2, 0, 2), make([]byte, 3)...))},
		{"too many gray pixels", forge(t, 4, 4, append(op(8, 0, 0, 0, 0, 0, 2, 0, 2), make([]byte, 5)...))},
		{"too many pixels after the changes", forge(t, 4, 4, append(op(3, 0, 0, 0, 0, 0, 2, 0, 2), make([]byte, 17)...))},
		{"bytes after the changes", forge(t, 4, 4, append(bytes.Clone(fill), 0))},
		{"changes that cover the surface two hundred times", forge(t, 64, 64, copies)},
	}
}

type namedMessage struct {
	name string
	msg  []byte
}

func TestDecoderRefuses(t *testing.T) {
	f := screentest.New(4, 4)
	for _, r := range refusals(t) {
		d := NewDecoder()
		enc := NewEncoder()
		first, err := enc.Encode(nil, Header{Refresh: true}, []screen.Change{{Kind: screen.Fill, Rect: f.Bounds(), Color: screen.Color{R: 5}}}, f)
		if err != nil {
			t.Fatal(err)
		}
		if _, _, err := d.Decode(first); err != nil {
			t.Fatal(err)
		}
		before, _, _ := d.Surface()
		before = bytes.Clone(before)
		if _, _, err := d.Decode(r.msg); !errors.Is(err, ErrInvalid) {
			t.Errorf("%s: %v", r.name, err)
		}
		if after, w, h := d.Surface(); w != 4 || h != 4 || !bytes.Equal(before, after) {
			t.Errorf("%s: the picture was touched", r.name)
		}
		// The stream is broken: a following update is refused, a refresh is taken.
		next, _ := enc.Encode(nil, Header{ID: 1}, nil, f)
		if _, _, err := d.Decode(next); !errors.Is(err, ErrNeedRefresh) {
			t.Errorf("%s, then an update: %v", r.name, err)
		}
		again, _ := enc.Encode(nil, Header{Refresh: true}, nil, f)
		if _, _, err := d.Decode(again); err != nil {
			t.Errorf("%s, then a refresh: %v", r.name, err)
		}
		d.Close()
	}
}

func TestDecoderWantsRefreshFirst(t *testing.T) {
	f := screentest.New(8, 8)
	enc := NewEncoder()
	refresh, _ := enc.Encode(nil, Header{Refresh: true}, nil, f)
	next, _ := enc.Encode(nil, Header{ID: 1}, nil, f)
	d := NewDecoder()
	defer d.Close()
	if _, _, err := d.Decode(next); !errors.Is(err, ErrNeedRefresh) {
		t.Errorf("before a refresh: %v", err)
	}
	if _, _, err := d.Decode(refresh); err != nil {
		t.Fatal(err)
	}
	if _, err := enc.Encode(nil, Header{ID: 2}, nil, screentest.New(9, 8)); !errors.Is(err, ErrInvalid) {
		t.Errorf("another size without a refresh: %v", err)
	}
	if _, err := enc.Encode(nil, Header{ID: 3}, nil, f); !errors.Is(err, ErrInvalid) {
		t.Errorf("an update left out: %v", err)
	}
	if h, _, err := d.Decode(next); err != nil || h.ID != 1 {
		t.Errorf("the update after the refresh: %+v, %v", h, err)
	}
}

// A few bytes that promise the largest picture take no memory for it.
func TestPromisesCostNothing(t *testing.T) {
	head := Header{Refresh: true, W: 16384, H: 4096, Inflated: maxInflated(16384, 4096)}
	lie := head.append(nil, place{}, 0, 0)
	var b bytes.Buffer
	z, _ := zstd.NewWriter(&b, zstd.WithWindowSize(window), zstd.WithEncoderConcurrency(1))
	z.Write([]byte{0, 1, 3, 0, 0})
	z.Flush()
	lie = append(lie, b.Bytes()...)
	d := NewDecoder()
	defer d.Close()
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	if _, _, err := d.Decode(lie); !errors.Is(err, ErrInvalid) || !strings.Contains(err.Error(), "5 of") {
		t.Fatal(err)
	}
	runtime.ReadMemStats(&after)
	if took := after.TotalAlloc - before.TotalAlloc; took > 32<<20 { // the window, and one step
		t.Errorf("%d bytes were allocated for a message of %d", took, len(lie))
	}
}

func TestNoAllocationInSteadyState(t *testing.T) {
	f := screentest.New(640, 480)
	screentest.Noise(f, f.Bounds(), 1)
	changes := []screen.Change{
		{Kind: screen.Copy, Rect: image.Rect(0, 0, 100, 100), Src: image.Pt(5, 5)},
		{Kind: screen.Fill, Rect: image.Rect(0, 0, 10, 10)},
		{Kind: screen.Pixels, Rect: image.Rect(100, 100, 500, 400)},
	}
	e := NewEncoder()
	buf, _ := e.Encode(nil, Header{Refresh: true}, changes, f)
	id := uint32(0)
	next := func() {
		var err error
		id++
		if buf, err = e.Encode(buf[:0], Header{ID: id}, changes, f); err != nil {
			t.Fatal(err)
		}
	}
	for range 40 { // until the window is full
		next()
	}
	if n := testing.AllocsPerRun(20, next); n != 0 {
		t.Errorf("%v allocations for one update", n)
	}
}

// Two viewers of one stream: the second begins with a refresh of its own, and a restart of the shared stream lets it go on there.
func TestJoin(t *testing.T) {
	f := screentest.New(200, 100)
	screentest.Noise(f, f.Bounds(), 1)
	first, second := newViewer(t), newViewer(t)
	defer first.dec.Close()
	defer second.dec.Close()
	whole := []screen.Change{{Kind: screen.Pixels, Rect: f.Bounds()}}
	first.update(true, whole, f)
	second.update(true, whole, f)
	second.update(false, nil, f)

	shared := NewEncoder()
	at := Header{ID: 77, Captured: 5}
	part := image.Rect(10, 20, 60, 70)
	for range 3 {
		screentest.Noise(f, part, uint64(at.ID))
		at.Restart = at.ID == 77
		at.ID++
		at.Captured += 12345
		msg, err := shared.Encode(nil, at, []screen.Change{{Kind: screen.Pixels, Rect: part}}, f)
		if err != nil {
			t.Fatal(err)
		}
		for i, d := range []*Decoder{first.dec, second.dec} {
			h, _, err := d.Decode(msg)
			if pix, _, _ := d.Surface(); err != nil || !bytes.Equal(pix, rgba(f)) || h.ID != at.ID || h.Captured != at.Captured {
				t.Fatalf("viewer %d: %+v, %v", i, h, err)
			}
		}
	}
}

func TestCursor(t *testing.T) {
	good := []screen.Cursor{
		{Serial: 1},
		{Serial: 0xfffffffe, W: 1, H: 1, Pix: []byte{1, 2, 3, 4}},
		{Serial: 9, W: 2, H: 3, HotX: 1, HotY: 2, Pix: make([]byte, 24)},
		{Serial: 10, W: 256, H: 256, HotX: 255, HotY: 255, Pix: make([]byte, 256*256*4)},
	}
	for _, c := range good {
		msg, err := AppendCursor([]byte("x"), c)
		if err != nil {
			t.Fatal(err)
		}
		got, err := ParseCursor(msg[1:])
		if err != nil || got.Serial != c.Serial || got.W != c.W || got.H != c.H || got.HotX != c.HotX || got.HotY != c.HotY || !bytes.Equal(got.Pix, c.Pix) {
			t.Errorf("%+v arrived as %+v, %v", c, got, err)
		}
	}
	msg, _ := AppendCursor(nil, good[2])
	for name, m := range map[string][]byte{
		"nothing":          nil,
		"a cut header":     msg[:11],
		"a cut shape":      msg[:len(msg)-1],
		"one byte more":    append(bytes.Clone(msg), 0),
		"too wide":         patch(msg, 8, 1, 1),
		"no height":        patch(msg, 10, 0, 0)[:12],
		"hot spot outside": patch(msg, 4, 0, 2),
		"hidden, but hot":  {0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0},
	} {
		if c, err := ParseCursor(m); !errors.Is(err, ErrInvalid) {
			t.Errorf("%s: %+v, %v", name, c, err)
		}
	}
	if _, err := AppendCursor(nil, screen.Cursor{W: 2, H: 2, Pix: make([]byte, 15)}); !errors.Is(err, ErrInvalid) {
		t.Errorf("a shape without all of its pixels: %v", err)
	}
}
