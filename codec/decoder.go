package codec

import (
	"image"
	"io"
	"slices"

	"github.com/klauspost/compress/zstd"

	"deskhand/screen"
)

// Decoder unpacks the updates of one picture and keeps the picture. It is not safe for concurrent use.
type Decoder struct {
	zstd    *zstd.Decoder
	in      feed
	payload []byte
	changes []screen.Change
	live    bool // a refresh has come and no error since

	pix  []byte // w×h×4 bytes R, G, B, 255
	w, h int
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

// Decode applies one update to the picture, whole or not at all. The changes belong to the decoder until the next call. An error wraps ErrInvalid
// or ErrNeedRefresh; after one only a refresh is taken.
func (d *Decoder) Decode(msg []byte) (Header, []screen.Change, error) {
	h, packed, err := ParseHeader(msg)
	if err != nil {
		d.live = false
		return h, nil, err
	}
	if !h.Refresh && (!d.live || h.W != d.w || h.H != d.h) {
		d.live = false
		return h, nil, ErrNeedRefresh
	}
	d.live = false // until this update is through
	d.in.b = packed
	if h.Refresh {
		if err := d.zstd.Reset(&d.in); err != nil {
			return h, nil, invalid("start a stream: %v", err)
		}
	}
	if err := d.inflate(h.Inflated); err != nil {
		return h, nil, err
	}
	changes, pixels, err := parseOps(d.payload, h.W, h.H, d.changes)
	if err != nil {
		return h, nil, err
	}
	d.changes = changes
	if h.Refresh {
		d.clear(h.W, h.H)
	}
	for _, c := range changes {
		pixels = d.apply(c, pixels)
	}
	d.live = true
	return h, changes, nil
}

// inflateStep is how much memory is taken at once for bytes that are only promised.
const inflateStep = 1 << 20

// inflate reads the update's bytes of the stream: exactly n, and none may be left.
func (d *Decoder) inflate(n int) error {
	d.payload = d.payload[:0]
	for have := 0; have < n; {
		d.payload = slices.Grow(d.payload, min(n-have, inflateStep)+1)
		// One byte more than is due: what a block holds beyond n shows. Read returns what it has rather than wait for the next block.
		got, err := d.zstd.Read(d.payload[have:min(cap(d.payload), n+1)])
		have += got
		if err != nil || have > n {
			return invalid("%d of %d bytes: %v", have, n, err)
		}
		d.payload = d.payload[:have]
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
	d.fill(image.Rect(0, 0, w, h), screen.Color{})
}

// apply makes one change, and returns the pixels that are left for the next ones.
func (d *Decoder) apply(c screen.Change, pixels []byte) []byte {
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
			copy(row, pixels)
			for i := 3; i < len(row); i += 4 {
				row[i] = 255
			}
			pixels = pixels[w:]
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
