package codec

import (
	"image"

	"github.com/klauspost/compress/zstd"

	"deskhand/screen"
)

// Encoder packs the updates of one viewer, one after the other. It reuses its memory, about twice the window; it is not safe for
// concurrent use.
type Encoder struct {
	zstd    *zstd.Encoder
	out     sink
	ops     []byte
	gray    []bool // of each change of the update: it is Pixels of one byte each
	rows    []byte // some rows of pixels on their way into the compressor
	at      place  // of the last update
	started bool   // there was one
}

// rowsSize is about how many bytes of pixels go into the compressor at once; it works on blocks of 128 KiB.
const rowsSize = 128 << 10

// sink is where the compressor writes to.
type sink struct{ b []byte }

func (s *sink) Write(p []byte) (int, error) {
	s.b = append(s.b, p...)
	return len(p), nil
}

// NewEncoder returns an encoder whose first update must be a refresh, or a restart of what another one began.
func NewEncoder() *Encoder {
	e := &Encoder{}
	z, err := zstd.NewWriter(&e.out,
		zstd.WithEncoderLevel(zstd.SpeedFastest), // the next level saves a tenth of text and takes ten times as long for film
		zstd.WithEncoderConcurrency(1),
		zstd.WithWindowSize(window),
		zstd.WithEncoderCRC(false)) // the frames are sealed
	// Not WithLowerEncoderMem: its history of just one window is moved down, all 8 MiB, before each block of 128 KiB.
	if err != nil {
		panic("codec: " + err.Error()) // constant options
	}
	e.zstd = z
	return e
}

// Encode appends an update to dst. surface is the picture after the changes; it gives the size and the pixels. h.W, h.H and h.Inflated are
// set by Encode. The error is ErrInvalid, or ErrNeedRefresh before the first refresh or restart; nothing was appended then and the stream is as it was.
func (e *Encoder) Encode(dst []byte, h Header, changes []screen.Change, surface *screen.Frame) ([]byte, error) {
	h.Restart = h.Restart || h.Refresh
	if !h.Restart && !e.started {
		return dst, ErrNeedRefresh
	}
	h.W, h.H = surface.W, surface.H
	if err := checkSize(h.W, h.H); err != nil {
		return dst, err
	}
	if !h.Restart && (h.W != e.at.w || h.H != e.at.h || h.ID != e.at.id+1 || h.Captured < e.at.captured) {
		return dst, invalid("update %d of %d×%d after update %d of %d×%d", h.ID, h.W, h.H, e.at.id, e.at.w, e.at.h)
	}
	if len(changes) > maxCount {
		return dst, invalid("%d changes", len(changes))
	}
	var sum sums
	e.gray = e.gray[:0]
	for i := range changes {
		c := &changes[i]
		if err := checkChange(c, surface.Bounds()); err != nil {
			return dst, err
		}
		gray := c.Kind == screen.Pixels && surface.IsGray(c.Rect)
		e.gray = append(e.gray, gray)
		sum.add(c, gray)
	}
	e.ops = appendOps(e.ops[:0], changes, e.gray)
	h.Inflated = len(e.ops) + sum.sent
	if sum.covered > maxArea(h.W, h.H) || h.Inflated > maxInflated(h.W, h.H) {
		return dst, invalid("changes of %d pixels, %d bytes", sum.covered, h.Inflated)
	}

	e.out.b = e.out.b[:0]
	if h.Restart {
		e.zstd.Reset(&e.out)
		e.started = true
	}
	e.pack(changes, surface)
	dst = h.append(dst, e.at, len(e.out.b), sum.attached)
	dst = append(dst, e.out.b...)
	for _, c := range changes {
		if c.Kind == screen.Video {
			dst = append(dst, c.Video.Data...)
		}
	}
	e.at = h.place()
	return dst, nil
}

// pack compresses the ops and then the pixels. The compressor fails only when its writer does, which a sink never does.
func (e *Encoder) pack(changes []screen.Change, surface *screen.Frame) {
	e.write(e.ops)
	for i, c := range changes {
		if c.Kind != screen.Pixels {
			continue
		}
		step := max(1, rowsSize/(c.Rect.Dx()*bytesOfAPix))
		for y := c.Rect.Min.Y; y < c.Rect.Max.Y; y += step {
			part := image.Rect(c.Rect.Min.X, y, c.Rect.Max.X, min(y+step, c.Rect.Max.Y))
			if e.gray[i] {
				e.rows = surface.AppendGray(e.rows[:0], part)
			} else {
				e.rows = surface.AppendRGBA(e.rows[:0], part)
			}
			e.write(e.rows)
		}
	}
	if err := e.zstd.Flush(); err != nil {
		panic("codec: flush: " + err.Error())
	}
}

func (e *Encoder) write(p []byte) {
	if _, err := e.zstd.Write(p); err != nil {
		panic("codec: compress: " + err.Error())
	}
}
