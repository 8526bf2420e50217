package codec

import (
	"image"
	"io"
	"slices"

	"github.com/klauspost/compress/zstd"

	"deskhand/screen"
)

// Decoder unpacks the updates of one picture and keeps the picture. It is not safe for concurrent use.
//
// It does not decode videos: it gives their frames out and knows what they lie over.
type Decoder struct {
	zstd     *zstd.Decoder
	in       feed
	inflated []byte
	payload  payload
	at       place
	live     bool // a refresh has come and no error since

	pix   []byte // w×h×4 bytes R, G, B, 255
	w, h  int
	tiles []tile // by slot; nil before the first is kept
	over  [screen.MaxStreams]screen.Region
}

// tile is a kept part of the picture.
type tile struct {
	w, h int
	pix  []byte
}

// feed is the one long stream that the decompressor reads: update after update.
type feed struct{ b []byte }

func (f *feed) Read(p []byte) (int, error) {
	if len(f.b) == 0 {
		return 0, io.ErrUnexpectedEOF // an update ends at a block's end, so nobody asks for more of a whole one
	}
	n := copy(p, f.b)
	f.b = f.b[n:]
	return n, nil
}

// NewDecoder returns a decoder without a picture; the first update must be a refresh. Close frees it.
func NewDecoder() *Decoder {
	z, err := zstd.NewReader(nil, zstd.WithDecoderConcurrency(1), zstd.WithDecoderMaxWindow(window), zstd.WithDecoderLowmem(true))
	if err != nil {
		panic("codec: " + err.Error()) // constant options
	}
	return &Decoder{zstd: z}
}

// Close frees the decoder's memory.
func (d *Decoder) Close() { d.zstd.Close() }

// Surface is the picture: w×h×4 bytes R, G, B, 255. It belongs to the decoder and changes with the next update.
func (d *Decoder) Surface() (pix []byte, w, h int) { return d.pix, d.w, d.h }

// Over is where frames of this video stream lie over the picture.
func (d *Decoder) Over(stream int) []image.Rectangle { return d.over[stream].Rects() }

// Decode applies one update to the picture, whole or not at all. The changes belong to the decoder, and their frames to msg, until the next
// call. An error wraps ErrInvalid or ErrNeedRefresh; after one only a refresh is taken.
func (d *Decoder) Decode(msg []byte) (Header, []screen.Change, error) {
	if len(msg) > 0 && msg[0]&flagRefresh == 0 && !d.live {
		return Header{}, nil, ErrNeedRefresh
	}
	d.live = false // until this update is through
	h, packed, attached, err := parseHeader(msg, d.at)
	if err != nil {
		return h, nil, err
	}
	d.in.b = packed
	if h.Restart {
		if err := d.zstd.Reset(&d.in); err != nil {
			return h, nil, invalid("start a stream: %v", err)
		}
		clear(d.tiles)
	}
	if err := d.inflate(h.Inflated); err != nil {
		return h, nil, err
	}
	if err := d.payload.parse(d.inflated, attached, h.W, h.H); err != nil {
		return h, nil, err
	}
	if err := d.checkTiles(d.payload.changes); err != nil {
		return h, nil, err
	}
	if h.Refresh {
		d.clear(h.W, h.H)
	}
	pixels := d.payload.pixels
	for i := range d.payload.changes {
		pixels = d.apply(&d.payload.changes[i], d.payload.gray[i], pixels)
	}
	d.at, d.live = h.place(), true
	return h, d.payload.changes, nil
}

// inflateStep is how much memory is taken at once for bytes that are only promised.
const inflateStep = 1 << 20

// inflate reads the update's bytes of the stream: exactly n, and none may be left.
func (d *Decoder) inflate(n int) error {
	d.inflated = d.inflated[:0]
	for have := 0; have < n; {
		d.inflated = slices.Grow(d.inflated, min(n-have, inflateStep)+1)
		// One byte more than is due: what a block holds beyond n shows. Read returns what it has rather than wait for the next block.
		got, err := d.zstd.Read(d.inflated[have:min(cap(d.inflated), n+1)])
		have += got
		if err != nil || have > n {
			return invalid("%d of %d bytes: %v", have, n, err)
		}
		d.inflated = d.inflated[:have]
	}
	if len(d.in.b) != 0 {
		return invalid("%d compressed bytes too many", len(d.in.b))
	}
	return nil
}

// clear makes the picture a black one of w×h pixels.
func (d *Decoder) clear(w, h int) {
	if n := w * h * 4; cap(d.pix) >= n {
		d.pix = d.pix[:n]
	} else {
		d.pix = make([]byte, n)
	}
	d.w, d.h = w, h
	for i := range d.over {
		d.over[i].Clear()
	}
	d.fill(image.Rect(0, 0, w, h), screen.Color{})
}

// apply makes one change, and returns the pixels that are left for the next ones.
func (d *Decoder) apply(c *screen.Change, gray bool, pixels []byte) []byte {
	w := c.Rect.Dx() * 4
	switch c.Kind {
	case screen.Copy:
		h := c.Rect.Dy()
		for i := range h {
			if c.Src.Y < c.Rect.Min.Y {
				i = h - 1 - i // downwards: the last row first, so that none is overwritten before it was read
			}
			copy(d.row(c.Rect.Min.X, c.Rect.Min.Y+i, w), d.row(c.Src.X, c.Src.Y+i, w))
		}
	case screen.Fill:
		d.fill(c.Rect, c.Color)
	case screen.Pixels:
		for y := c.Rect.Min.Y; y < c.Rect.Max.Y; y++ {
			row := d.row(c.Rect.Min.X, y, w)
			if gray {
				for i := range c.Rect.Dx() {
					v := pixels[i]
					copy(row[i*4:], []byte{v, v, v, 255})
				}
				pixels = pixels[c.Rect.Dx():]
				continue
			}
			copy(row, pixels)
			for i := 3; i < len(row); i += 4 {
				row[i] = 255
			}
			pixels = pixels[w:]
		}
	case screen.Keep:
		d.keep(c)
	case screen.Recall:
		d.recall(c)
	case screen.Video:
		over := &d.over[c.Video.Stream]
		over.Clear()
		over.Add(c.Rect)
	case screen.Reveal:
		for i := range d.over {
			d.over[i].Subtract(c.Rect)
		}
	}
	return pixels
}

func (d *Decoder) fill(r image.Rectangle, c screen.Color) {
	first := d.row(r.Min.X, r.Min.Y, r.Dx()*4)
	copy(first, []byte{c.R, c.G, c.B, 255})
	for n := 4; n < len(first); n *= 2 {
		copy(first[n:], first[:n])
	}
	for y := r.Min.Y + 1; y < r.Max.Y; y++ {
		copy(d.row(r.Min.X, y, len(first)), first)
	}
}

func (d *Decoder) row(x, y, n int) []byte {
	o := (y*d.w + x) * 4
	return d.pix[o : o+n]
}
