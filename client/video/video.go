// Package video turns the pictures of a moving region into frames of a video stream: VP8 or VP9 by the helper process that the client brings
// along (docs/design/0005-video-encoder.md), or JPEG where there is none. A helper that crashes or hangs costs one frame.
package video

import (
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"deskhand/client/video/message"
	"deskhand/screen"
)

// Limits of one frame's region, in pixels.
const (
	MaxWidth  = message.MaxWidth
	MaxHeight = message.MaxHeight
)

// ErrClosed is the answer of an encoder that was closed.
var ErrClosed = errors.New("video encoder: closed")

// Options are what tests replace; the zero value is what the product uses.
type Options struct {
	Program string           // file to run as the helper in place of the one that is embedded
	Idle    time.Duration    // without frames the helper ends after this; 0: 10 s
	Timeout time.Duration    // for a frame, to which 1 ms for each 10 000 pixels is added; 0: 500 ms
	Now     func() time.Time // nil: time.Now
}

// Quality is what a frame should cost.
type Quality struct {
	Codec         screen.VideoCodec // 0: VP8. JPEG never needs the helper
	BitsPerSecond int               // that the stream may use; below 50 000 counts as that
	FPS           float64           // frames a second that are expected; 0: 30
	Key           bool              // a key frame is wanted: somebody begins to watch
}

// Encoder turns pictures of regions into video frames. It is for one goroutine; it ends its helper by itself when it is idle.
type Encoder struct {
	log     *slog.Logger
	opt     Options
	began   time.Time
	jpeg    [screen.MaxStreams]jpegStream
	idle    *time.Timer
	retries retries

	mu     sync.Mutex // guards what follows against the idle timer
	helper *helper    // nil: not running
	last   time.Time  // when a frame was last encoded
	cpu    time.Duration
	closed bool
}

// New returns an encoder. Nothing is started before the first frame.
func New(log *slog.Logger, opt Options) *Encoder {
	if opt.Idle == 0 {
		opt.Idle = 10 * time.Second
	}
	if opt.Timeout == 0 {
		opt.Timeout = 500 * time.Millisecond
	}
	if opt.Now == nil {
		opt.Now = time.Now
	}
	e := &Encoder{log: log, opt: opt, began: opt.Now()}
	e.idle = time.AfterFunc(opt.Idle, e.endIdle)
	e.idle.Stop()
	return e
}

// Encode compresses src, the stream's next picture. The data is appended to dst[:0] and is the caller's. Streams are below screen.MaxStreams; a
// picture of another size or codec than the one before begins the stream anew, with a key frame. The decoded picture is even in width and
// height: its top left is src.
//
// It waits for the helper, about as long as Options.Timeout at most. An error means that this frame is lost and the next will be a key frame:
// go on with the next one. While the helper cannot be had, frames are JPEG; see VideoFrame.Codec.
func (e *Encoder) Encode(stream uint8, src *screen.Frame, q Quality, dst []byte) (screen.VideoFrame, error) {
	if stream >= screen.MaxStreams {
		return screen.VideoFrame{}, fmt.Errorf("video stream %d, the most is %d", stream, screen.MaxStreams-1)
	}
	if src.W < 1 || src.H < 1 || src.W > MaxWidth || src.H > MaxHeight {
		return screen.VideoFrame{}, fmt.Errorf("a video of %d×%d pixels, the most is %d×%d", src.W, src.H, MaxWidth, MaxHeight)
	}
	if q.Codec == 0 {
		q.Codec = screen.VP8
	}
	if q.FPS <= 0 {
		q.FPS = 30
	}
	q.BitsPerSecond = min(max(q.BitsPerSecond, 50_000), 1_000_000_000)
	e.mu.Lock()
	defer e.mu.Unlock()
	now := e.opt.Now()
	switch {
	case e.closed:
		return screen.VideoFrame{}, ErrClosed
	case q.Codec != screen.JPEG && e.ready(now):
		return e.ask(now, stream, src, q, dst)
	}
	return e.jpeg[stream].encode(stream, src, q, dst)
}

// ready tells whether the helper runs, starting it when that may be tried.
func (e *Encoder) ready(now time.Time) bool {
	if e.helper != nil && e.helper.gone() {
		e.fail(now, errors.New("it ended by itself"))
	}
	if e.helper != nil {
		return true
	}
	if !e.retries.allowed(now) {
		return false
	}
	h, err := startHelper(e.opt.Program)
	if err != nil {
		e.retries.failed(now)
		if errors.Is(err, errNoHelper) {
			e.retries.never = true
			e.log.Info("no video encoder is built in; moving pictures are sent as JPEG")
		} else {
			e.log.Warn("the video encoder does not start; moving pictures are sent as JPEG meanwhile", "error", err)
		}
		return false
	}
	e.helper = h
	e.idle.Reset(e.opt.Idle)
	return true
}

// ask has the helper compress a frame.
func (e *Encoder) ask(now time.Time, stream uint8, src *screen.Frame, q Quality, dst []byte) (screen.VideoFrame, error) {
	e.last = now
	r := message.Request{
		Kind: message.Encode, Stream: stream, Codec: uint8(q.Codec), Key: q.Key, Width: uint32(src.W), Height: uint32(src.H),
		BitsPerSecond: uint32(q.BitsPerSecond), FrameTime: uint32(1e6 / q.FPS), Time: uint64(now.Sub(e.began).Microseconds()),
	}
	timeout := e.opt.Timeout + time.Duration(src.W*src.H/10_000)*time.Millisecond
	a, data, err := e.helper.ask(r, src, timeout, dst)
	if err != nil {
		e.fail(now, err)
		return screen.VideoFrame{}, fmt.Errorf("encode a video frame: %w", err)
	}
	e.cpu += time.Duration(a.CPU) * time.Microsecond
	return screen.VideoFrame{Stream: stream, Codec: q.Codec, Key: a.Key, Data: data}, nil
}

// Drop ends a stream and frees its codec. The next frame of this stream is a key frame.
func (e *Encoder) Drop(stream uint8) {
	if stream >= screen.MaxStreams {
		return
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	e.jpeg[stream] = jpegStream{}
	if e.helper == nil {
		return
	}
	if _, _, err := e.helper.ask(message.Request{Kind: message.Drop, Stream: stream}, nil, e.opt.Timeout, nil); err != nil {
		e.fail(e.opt.Now(), err)
	}
}

// fail ends a helper that did not do its work.
func (e *Encoder) fail(now time.Time, err error) {
	said := e.helper.end()
	e.helper = nil
	e.retries.failed(now)
	e.log.Warn("the video encoder failed", "error", err, "said", said)
}

// CPU is the processor time that the helper has used for frames so far.
func (e *Encoder) CPU() time.Duration {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.cpu
}

// Close ends the helper; nothing of it is left when Close returns.
func (e *Encoder) Close() {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.closed = true
	e.idle.Stop()
	if e.helper != nil {
		e.helper.end()
		e.helper = nil
	}
}

// endIdle ends a helper that has had no frame for a while; the timer calls it.
func (e *Encoder) endIdle() {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.helper == nil {
		return
	}
	if left := e.opt.Idle - e.opt.Now().Sub(e.last); left > 0 {
		e.idle.Reset(left)
		return
	}
	e.helper.end()
	e.helper = nil
}
