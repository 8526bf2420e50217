package codec

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"flag"
	"image"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"deskhand/screen"
	"deskhand/screen/screentest"
)

// The vectors are files that the decoders of both languages replay: NAME.bin holds messages one after the other, NAME.json says where each
// lies and what it leads to. Written anew with: go test ./codec -run Vectors -update
var update = flag.Bool("update", false, "write the vectors anew")

const vectorDir = "../wire/testdata/screen"

type vector struct {
	About   string        `json:"about"`
	Kind    string        `json:"kind"` // "updates": of one stream, in order; "refused": each for itself, none may be taken; "cursors"
	Message []vectorOfOne `json:"messages"`
	bin     []byte        // NAME.bin
	frame   *screen.Frame // while it is made: what the viewer shows
	enc     *Encoder
	t       *testing.T
}

type vectorOfOne struct {
	About  string `json:"about,omitempty"`
	Offset int    `json:"offset"`
	Length int    `json:"length"`

	// Updates and cursors: what comes out.
	ID       uint32 `json:"id,omitempty"` // of a cursor: its serial
	Captured uint64 `json:"captured,omitempty"`
	Refresh  bool   `json:"refresh,omitempty"`
	Restart  bool   `json:"restart,omitempty"`
	Width    int    `json:"width,omitempty"`
	Height   int    `json:"height,omitempty"`
	Inflated int    `json:"inflated,omitempty"`
	Changes  int    `json:"changes,omitempty"`
	HotX     int    `json:"hotX,omitempty"`
	HotY     int    `json:"hotY,omitempty"`
	SHA256   string `json:"sha256,omitempty"` // of the surface after the update, or of the pointer's pixels: R, G, B, A

	Videos  []vectorVideo `json:"videos,omitempty"`
	Reveals [][4]int      `json:"reveals,omitempty"` // x, y, w, h
}

type vectorVideo struct {
	X      int    `json:"x"`
	Y      int    `json:"y"`
	W      int    `json:"w"`
	H      int    `json:"h"`
	Stream int    `json:"stream"`
	Codec  int    `json:"codec"`
	Key    bool   `json:"key"`
	Scale  int    `json:"scale"`
	SHA256 string `json:"sha256"` // of the frame
}

func (v *vector) add(about string, msg []byte) *vectorOfOne {
	v.Message = append(v.Message, vectorOfOne{About: about, Offset: len(v.bin), Length: len(msg)})
	v.bin = append(v.bin, msg...)
	return &v.Message[len(v.Message)-1]
}

// update applies changes to the frame and adds the message that brings a viewer there.
func (v *vector) update(about string, refresh bool, now *screen.Frame, changes ...screen.Change) {
	v.t.Helper()
	if refresh {
		v.frame = screentest.New(now.W, now.H)
	}
	for _, c := range changes {
		v.frame.Apply(c, now)
	}
	id := uint32(len(v.Message) + 1)
	sent := Header{Refresh: refresh, Restart: strings.HasPrefix(about, "restart"), ID: id, Captured: uint64(id)*33_333 + 1<<40}
	msg, err := v.enc.Encode(nil, sent, changes, v.frame)
	if err != nil {
		v.t.Fatal(err)
	}
	h, _, _, err := parseHeader(msg, place{sent.ID - 1, sent.Captured - 33_333, v.frame.W, v.frame.H})
	if err != nil {
		v.t.Fatal(err)
	}
	m := v.add(about, msg)
	m.ID, m.Captured, m.Refresh, m.Width, m.Height, m.Inflated = h.ID, h.Captured, h.Refresh, h.W, h.H, h.Inflated
	m.Restart, m.Changes, m.SHA256 = h.Restart, len(changes), digest(rgba(v.frame))
	for _, c := range changes {
		switch c.Kind {
		case screen.Video:
			m.Videos = append(m.Videos, vectorVideo{
				X: c.Rect.Min.X, Y: c.Rect.Min.Y, W: c.Rect.Dx(), H: c.Rect.Dy(),
				Stream: int(c.Video.Stream), Codec: int(c.Video.Codec), Key: c.Video.Key, Scale: c.Video.Scale, SHA256: digest(c.Video.Data),
			})
		case screen.Reveal:
			m.Reveals = append(m.Reveals, [4]int{c.Rect.Min.X, c.Rect.Min.Y, c.Rect.Dx(), c.Rect.Dy()})
		}
	}
}

func digest(b []byte) string {
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:])
}

func makeVectors(t *testing.T) map[string]*vector {
	pixels := func(r image.Rectangle) screen.Change { return screen.Change{Kind: screen.Pixels, Rect: r} }
	start := func(about string) *vector { return &vector{About: about, Kind: "updates", enc: NewEncoder(), t: t} }

	text := start("a page of text, some typing in it, then it scrolls")
	page, other := screentest.New(320, 200), screentest.New(320, 200)
	screentest.Text(page, 1)
	screentest.Text(other, 2)
	text.update("the page", true, page, pixels(page.Bounds()))
	now := screentest.Clone(page)
	for i, char := range []byte("typed") {
		text.update("one character", false, now, pixels(screentest.Type(now, image.Pt(40+i*7, 58), char)))
	}
	view := image.Rect(10, 20, 310, 200)
	for range 3 {
		screentest.Scroll(now, view, 36, other)
		text.update("scrolled: a copy upwards over itself, and what came in", false, now,
			screen.Change{Kind: screen.Copy, Rect: image.Rect(10, 20, 310, 164), Src: image.Pt(10, 56)}, pixels(image.Rect(10, 164, 310, 200)))
	}

	kinds := start("every kind of change, alone and after each other, at the edges")
	base := screentest.New(64, 48)
	screentest.Photo(base, base.Bounds(), 3)
	c := screen.Color{R: 1, G: 254, B: 128}
	kinds.update("black: no change at all", true, base)
	kinds.update("one pixel, the last", false, base, pixels(image.Rect(63, 47, 64, 48)))
	kinds.update("all pixels", false, base, pixels(base.Bounds()))
	kinds.update("nothing", false, base)
	kinds.update("a fill", false, base, screen.Change{Kind: screen.Fill, Rect: image.Rect(0, 0, 64, 1), Color: c})
	kinds.update("copies that overlap: down, up, right, left, diagonal", false, base,
		screen.Change{Kind: screen.Copy, Rect: image.Rect(0, 5, 64, 48), Src: image.Pt(0, 0)},
		screen.Change{Kind: screen.Copy, Rect: image.Rect(0, 0, 64, 40), Src: image.Pt(0, 8)},
		screen.Change{Kind: screen.Copy, Rect: image.Rect(7, 0, 64, 48), Src: image.Pt(0, 0)},
		screen.Change{Kind: screen.Copy, Rect: image.Rect(0, 0, 60, 48), Src: image.Pt(4, 0)},
		screen.Change{Kind: screen.Copy, Rect: image.Rect(3, 4, 64, 48), Src: image.Pt(0, 0)})
	kinds.update("a copy of a fill, then pixels in it", false, base,
		screen.Change{Kind: screen.Fill, Rect: image.Rect(0, 0, 20, 20), Color: screen.Color{R: 255}},
		screen.Change{Kind: screen.Copy, Rect: image.Rect(44, 28, 64, 48), Src: image.Pt(0, 0)},
		pixels(image.Rect(50, 30, 55, 35)), pixels(image.Rect(1, 1, 2, 20)))

	ink := screentest.New(64, 48)
	screentest.Photo(ink, ink.Bounds(), 9)
	for i := 0; i < len(ink.Pix); i += 4 {
		ink.Pix[i+1], ink.Pix[i+2] = ink.Pix[i], ink.Pix[i]
	}
	copy(ink.Row(47, 0, 64), base.Row(47, 0, 64))
	kinds.update("gray pixels, coloured ones and gray ones again", false, ink, pixels(image.Rect(0, 0, 64, 20)), pixels(image.Rect(3, 40, 60, 48)), pixels(image.Rect(7, 21, 8, 40)))

	sizes := start("refreshes with other sizes, each a new stream")
	for _, size := range []image.Point{{1, 1}, {1, 300}, {300, 1}, {97, 61}, {33, 129}} {
		f := screentest.New(size.X, size.Y)
		screentest.Photo(f, f.Bounds(), uint64(size.X))
		sizes.update("a refresh", true, f, pixels(f.Bounds()))
		sizes.update("and an update of it", false, f, screen.Change{Kind: screen.Fill, Rect: image.Rect(0, 0, (size.X+1)/2, 1), Color: c})
	}

	kept := start("tiles kept and recalled: at the edges, moved, in other shapes, overwritten, after a restart")
	a, b := screentest.New(150, 130), screentest.New(150, 130)
	screentest.Text(a, 5)
	screentest.Text(b, 6)
	keep := func(r image.Rectangle, slot int) screen.Change {
		return screen.Change{Kind: screen.Keep, Rect: r, Slot: slot}
	}
	recall := func(r image.Rectangle, slot int) screen.Change {
		return screen.Change{Kind: screen.Recall, Rect: r, Slot: slot}
	}
	kept.update("a picture", true, a, pixels(a.Bounds()))
	kept.update("all of it is kept (9 tiles), then another one", false, b, keep(a.Bounds(), 7), pixels(b.Bounds()))
	kept.update("the first again, and the second in the last slots", false, a, keep(b.Bounds(), screen.Slots-9), recall(a.Bounds(), 7))
	kept.update("one tile of the second", false, b, recall(image.Rect(64, 64, 128, 128), screen.Slots-5))
	kept.update("its corner, and a tile that is overwritten in the same update", false, b,
		keep(image.Rect(3, 5, 67, 69), 8), recall(image.Rect(128, 128, 150, 130), screen.Slots-1))
	moved := screentest.Clone(b)
	for y := range 64 {
		copy(moved.Row(60+y, 80, 144), kept.frame.Row(5+y, 3, 67))
	}
	kept.update("what was kept elsewhere than on the grid, drawn at a third place", false, moved, recall(image.Rect(80, 60, 144, 124), 8))
	kept.update("restart: a new stream, the picture stays", false, b, keep(image.Rect(0, 0, 64, 64), 0),
		screen.Change{Kind: screen.Fill, Rect: image.Rect(0, 0, 10, 10), Color: c}, pixels(image.Rect(100, 0, 150, 40)))

	video := start("videos over the picture, with other changes, revealed in part and whole")
	frame := func(stream uint8, codec screen.VideoCodec, key bool, scale int, r image.Rectangle, data string) screen.Change {
		return screen.Change{Kind: screen.Video, Rect: r, Video: &screen.VideoFrame{Stream: stream, Codec: codec, Key: key, Scale: scale, Data: []byte(data)}}
	}
	video.update("a picture", true, a, pixels(a.Bounds()))
	video.update("a frame and pixels", false, b, pixels(image.Rect(0, 0, 20, 20)), frame(0, screen.VP8, true, 1, image.Rect(10, 10, 90, 70), "not really VP8"))
	video.update("two frames", false, b, frame(0, screen.VP8, false, 1, image.Rect(10, 10, 90, 70), "next"),
		frame(3, screen.JPEG, true, 2, image.Rect(100, 80, 141, 129), "nor JPEG"))
	video.update("a copy from below a frame, and a hole in it", false, b,
		screen.Change{Kind: screen.Copy, Rect: image.Rect(0, 70, 80, 130), Src: image.Pt(10, 10)},
		screen.Change{Kind: screen.Reveal, Rect: image.Rect(20, 20, 40, 40)})
	video.update("all revealed", false, b, screen.Change{Kind: screen.Reveal, Rect: b.Bounds()})
	video.update("restart: the next frame is a key frame", false, b, frame(0, screen.VP9, true, 4, image.Rect(0, 0, 150, 130), "VP9?"))

	refused := &vector{About: "updates that a decoder must refuse without touching its surface", Kind: "refused"}
	for _, r := range refusals(t) {
		refused.add(r.name, r.msg)
	}

	cursors := &vector{About: "pointer shapes", Kind: "cursors"}
	for _, c := range []screen.Cursor{
		{Serial: 7},
		{Serial: 0xffffffff, W: 1, H: 1, Pix: []byte{10, 20, 30, 0}},
		{Serial: 8, W: 3, H: 2, HotX: 2, HotY: 1, Pix: []byte("abcdefghijklmnopqrstuvwx")},
	} {
		msg, err := AppendCursor(nil, c)
		if err != nil {
			t.Fatal(err)
		}
		m := cursors.add("", msg)
		m.ID, m.Width, m.Height, m.HotX, m.HotY, m.SHA256 = c.Serial, c.W, c.H, c.HotX, c.HotY, digest(c.Pix)
	}
	return map[string]*vector{"text": text, "kinds": kinds, "sizes": sizes, "kept": kept, "video": video, "refused": refused, "cursors": cursors}
}

func TestVectors(t *testing.T) {
	if *update {
		if err := os.MkdirAll(vectorDir, 0o755); err != nil {
			t.Fatal(err)
		}
		for name, v := range makeVectors(t) {
			b, err := json.MarshalIndent(v, "", "  ")
			if err != nil {
				t.Fatal(err)
			}
			for ext, data := range map[string][]byte{".json": append(b, '\n'), ".bin": v.bin} {
				if err := os.WriteFile(filepath.Join(vectorDir, name+ext), data, 0o644); err != nil {
					t.Fatal(err)
				}
			}
		}
	}
	files, err := filepath.Glob(filepath.Join(vectorDir, "*.json"))
	if err != nil || len(files) != 7 {
		t.Fatalf("vectors %v, %v", files, err)
	}
	for _, file := range files {
		t.Run(filepath.Base(file), func(t *testing.T) { replay(t, file) })
	}
}

func replay(t *testing.T, file string) {
	b, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var v vector
	if err := json.Unmarshal(b, &v); err != nil {
		t.Fatal(err)
	}
	bin, err := os.ReadFile(file[:len(file)-len("json")] + "bin")
	if err != nil {
		t.Fatal(err)
	}
	if len(v.Message) == 0 {
		t.Fatal("no messages")
	}
	d := NewDecoder()
	defer d.Close()
	for i, m := range v.Message {
		msg := bin[m.Offset : m.Offset+m.Length]
		switch v.Kind {
		case "updates":
			h, changes, err := d.Decode(msg)
			if err != nil {
				t.Fatalf("update %d: %v", i, err)
			}
			pix, w, hgt := d.Surface()
			want := Header{Refresh: m.Refresh, Restart: m.Restart, ID: m.ID, Captured: m.Captured, W: m.Width, H: m.Height, Inflated: m.Inflated}
			if h != want || w != m.Width || hgt != m.Height || len(changes) != m.Changes || digest(pix) != m.SHA256 {
				t.Errorf("update %d: %+v with %d changes, or its picture, is not what the vector says", i, h, len(changes))
			}
			replayVideos(t, m, changes)
		case "refused":
			if _, _, err := d.Decode(msg); !errors.Is(err, ErrInvalid) {
				t.Errorf("%s: %v", m.About, err)
			}
		case "cursors":
			c, err := ParseCursor(msg)
			if err != nil || c.Serial != m.ID || c.W != m.Width || c.H != m.Height || c.HotX != m.HotX || c.HotY != m.HotY || digest(c.Pix) != m.SHA256 {
				t.Errorf("cursor %d: %+v, %v", i, c, err)
			}
		default:
			t.Fatalf("kind %q", v.Kind)
		}
	}
}

func replayVideos(t *testing.T, m vectorOfOne, changes []screen.Change) {
	t.Helper()
	for _, c := range changes {
		if c.Kind != screen.Video {
			continue
		}
		if len(m.Videos) == 0 {
			t.Fatalf("update %d: a frame too many", m.ID)
		}
		v := m.Videos[0]
		m.Videos = m.Videos[1:]
		if c.Rect != image.Rect(v.X, v.Y, v.X+v.W, v.Y+v.H) || int(c.Video.Stream) != v.Stream || int(c.Video.Codec) != v.Codec ||
			c.Video.Key != v.Key || c.Video.Scale != v.Scale || digest(c.Video.Data) != v.SHA256 {
			t.Errorf("update %d: frame %+v is not what the vector says", m.ID, c)
		}
	}
	if len(m.Videos) != 0 {
		t.Errorf("update %d: %d frames too few", m.ID, len(m.Videos))
	}
}
