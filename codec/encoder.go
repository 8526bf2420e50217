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
	rows    []byte // some rows of pixels on their way into the compressor
	started bool   // a stream is open
}

// rowsSize is about how many bytes of pixels go into the compressor at once; it works on blocks of 128 KiB.
const rowsSize = 128 << 10

// sink is where the compressor writes to.
type sink struct{ b []byte }

func (s *sink) Write(p []byte) (int, error) {
	s.b = append(s.b, p...)
	return len(p), nil
}

// NewEncoder returns an encoder whose first update must be a refresh.
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
// set by Encode. The error is ErrInvalid, or ErrNeedRefresh before the first refresh; nothing was appended then and the stream is as it was.
func (e *Encoder) Encode(dst []byte, h Header, changes []screen.Change, surface *screen.Frame) ([]byte, error) {
	if !h.Refresh && !e.started {
		return dst, ErrNeedRefresh
	}
	h.W, h.H = surface.W, surface.H
	if err := checkSize(h.W, h.H); err != nil {
		return dst, err
	}
	if len(changes) > maxCount {
		return dst, invalid("%d changes", len(changes))
	}
	covered, sent := 0, 0
	for _, c := range changes {
		if err := checkChange(c, surface.Bounds()); err != nil {
			return dst, err
		}
		n := c.Rect.Dx() * c.Rect.Dy()
		covered += n
		if c.Kind == screen.Pixels {
			sent += n
		}
	}
	e.ops = appendOps(e.ops[:0], changes)
	h.Inflated = len(e.ops) + sent*bytesOfAPix
	if covered > maxArea(h.W, h.H) || h.Inflated > maxInflated(h.W, h.H) {
		return dst, invalid("changes of %d pixels, %d bytes", covered, h.Inflated)
	}

	e.out.b = h.append(dst)
	if h.Refresh {
		e.zstd.Reset(&e.out)
		e.started = true
	}
	e.pack(changes, surface)
	dst, e.out.b = e.out.b, nil
	return dst, nil
}

// pack compresses the ops and then the pixels. The compressor fails only when its writer does, which a sink never does.
func (e *Encoder) pack(changes []screen.Change, surface *screen.Frame) {
	e.write(e.ops)
	for _, c := range changes {
		if c.Kind != screen.Pixels {
			continue
		}
		step := max(1, rowsSize/(c.Rect.Dx()*bytesOfAPix))
		for y := c.Rect.Min.Y; y < c.Rect.Max.Y; y += step {
			e.rows = surface.AppendRGBA(e.rows[:0], image.Rect(c.Rect.Min.X, y, c.Rect.Max.X, min(y+step, c.Rect.Max.Y)))
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
