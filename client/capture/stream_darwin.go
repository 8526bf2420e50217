package capture

import (
	"errors"
	"fmt"
	"image"
	"sync"
	"unsafe"

	"github.com/ebitengine/purego/objc"

	"deskhand/internal/mac"
	"deskhand/screen"
)

var (
	createStream func(display uint32, w, h uint64, format int32, properties, queue uintptr, handler objc.Block) uintptr
	startDisplay func(stream uintptr) int32
	stopDisplay  func(stream uintptr) int32
	updateRects  func(update uintptr, kind int32, count *uint64) *mac.Rect

	lockSurface   func(surface uintptr, options uint32, seed *uint32) int32
	unlockSurface func(surface uintptr, options uint32, seed *uint32) int32
	surfaceBase   func(surface uintptr) uintptr
	surfaceRow    func(surface uintptr) uint64
	surfaceWidth  func(surface uintptr) uint64
	surfaceHeight func(surface uintptr) uint64
	useSurface    func(surface uintptr)
	unuseSurface  func(surface uintptr)

	createQueue func(label string, attributes uintptr) uintptr
	retain      func(object uintptr) uintptr
	release     func(object uintptr)

	showCursor, minimumTime uintptr
)

// streaming opens what streams need. Sources: CGDisplayStream.h, IOSurfaceRef.h.
var streaming = sync.OnceValue(func() error {
	var err1, err2 error
	showCursor, err1 = mac.Constant(mac.CoreGraphics, "kCGDisplayStreamShowCursor")
	minimumTime, err2 = mac.Constant(mac.CoreGraphics, "kCGDisplayStreamMinimumFrameTime")
	return errors.Join(err1, err2, mac.Load(mac.CoreGraphics, map[string]any{
		"CGDisplayStreamCreateWithDispatchQueue": &createStream,
		"CGDisplayStreamStart":                   &startDisplay,
		"CGDisplayStreamStop":                    &stopDisplay,
		"CGDisplayStreamUpdateGetRects":          &updateRects,
	}), mac.Load(mac.IOSurface, map[string]any{
		"IOSurfaceLock":              &lockSurface,
		"IOSurfaceUnlock":            &unlockSurface,
		"IOSurfaceGetBaseAddress":    &surfaceBase,
		"IOSurfaceGetBytesPerRow":    &surfaceRow,
		"IOSurfaceGetWidth":          &surfaceWidth,
		"IOSurfaceGetHeight":         &surfaceHeight,
		"IOSurfaceIncrementUseCount": &useSurface,
		"IOSurfaceDecrementUseCount": &unuseSurface,
	}), mac.Load(mac.System, map[string]any{"dispatch_queue_create": &createQueue}),
		mac.Load(mac.CoreFoundation, map[string]any{"CFRetain": &retain, "CFRelease": &release}))
})

const (
	bgra          = 'B'<<24 | 'G'<<16 | 'R'<<8 | 'A'
	frameComplete = 0
	frameStopped  = 3
	dirtyRects    = 2
	readOnly      = 1

	frameTime = 1.0 / 30
)

// queue is where all streams call us, one at a time.
var queue = sync.OnceValue(func() uintptr { return createQueue("deskhand.capture", 0) })

// stream is the pictures of one display.
type stream struct {
	display screen.Display
	damaged func(...image.Rectangle)
	ref     uintptr
	handler objc.Block
	stopped chan struct{} // closed when it calls us no more

	mu      sync.Mutex
	surface uintptr // guarded by mu: the last picture; 0: none yet
	ended   bool    // guarded by mu
}

// startStream begins to watch a display, in its pixels on the desktop.
func startStream(display screen.Display, damaged func(...image.Rectangle)) (s *stream, err error) {
	s = &stream{display: display, damaged: damaged, stopped: make(chan struct{})}
	s.handler = objc.NewBlock(func(_ objc.Block, status int32, _ uint64, surface, update uintptr) { s.called(status, surface, update) })
	mac.Pooled(func() {
		properties := mac.Class("NSMutableDictionary").Send(mac.Sel("dictionary"))
		number := mac.Class("NSNumber")
		properties.Send(mac.Sel("setObject:forKey:"), number.Send(mac.Sel("numberWithBool:"), false), objc.ID(showCursor))
		properties.Send(mac.Sel("setObject:forKey:"), number.Send(mac.Sel("numberWithDouble:"), float64(frameTime)), objc.ID(minimumTime))
		size := display.Bounds.Size()
		s.ref = createStream(display.ID, uint64(size.X), uint64(size.Y), bgra, uintptr(properties), queue(), s.handler)
	})
	if s.ref == 0 {
		s.handler.Release()
		return nil, errors.New("macOS gives no stream of this display")
	}
	if code := startDisplay(s.ref); code != 0 {
		release(s.ref)
		s.handler.Release()
		return nil, fmt.Errorf("starting the stream: error %d of CoreGraphics", code)
	}
	return s, nil
}

// called takes a new picture, on the queue.
func (s *stream) called(status int32, surface, update uintptr) {
	switch {
	case status == frameStopped:
		close(s.stopped)
		return
	case status != frameComplete || surface == 0:
		return
	}
	first, ok := s.keep(surface)
	if !ok {
		return
	}
	within := image.Rectangle{Max: s.display.Bounds.Size()}
	if first {
		s.damaged(s.display.Bounds)
		return
	}
	var count uint64
	list := updateRects(update, dirtyRects, &count)
	if list == nil {
		return
	}
	var rects []image.Rectangle
	for _, r := range unsafe.Slice(list, count) {
		rects = append(rects, r.Covered(within).Add(s.display.Bounds.Min))
	}
	s.damaged(rects...)
}

// keep holds on to a picture instead of the one before. first: there was none; false: the stream has ended.
func (s *stream) keep(surface uintptr) (first, ok bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.ended {
		return false, false
	}
	first = s.surface == 0
	retain(surface)
	useSurface(surface)
	s.drop()
	s.surface = surface
	return first, true
}

// drop lets the picture go. mu is held.
func (s *stream) drop() {
	if s.surface != 0 {
		unuseSurface(s.surface)
		release(s.surface)
		s.surface = 0
	}
}

// copy copies the parts of rectangles of the desktop that are on this display.
func (s *stream) copy(dst *screen.Frame, rects []image.Rectangle) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.surface == 0 {
		return nil
	}
	if code := lockSurface(s.surface, readOnly, nil); code != 0 {
		return fmt.Errorf("reading the picture of %s: error %d of IOSurface", s.display.Name, code)
	}
	defer unlockSurface(s.surface, readOnly, nil)
	row, w, h := int(surfaceRow(s.surface)), int(surfaceWidth(s.surface)), int(surfaceHeight(s.surface))
	base := surfaceBase(s.surface)
	if base == 0 || row < 4*w || h < 1 {
		return fmt.Errorf("reading the picture of %s: %d×%d with rows of %d bytes", s.display.Name, w, h, row)
	}
	pix := mac.Memory(base, row*h)
	there := image.Rect(0, 0, w, h).Add(s.display.Bounds.Min).Intersect(s.display.Bounds)
	for _, r := range rects {
		r = r.Intersect(there)
		for y := r.Min.Y; y < r.Max.Y; y++ {
			from := (y-s.display.Bounds.Min.Y)*row + 4*(r.Min.X-s.display.Bounds.Min.X)
			copy(dst.Row(y, r.Min.X, r.Max.X), pix[from:from+4*r.Dx()])
		}
	}
	return nil
}

// stop ends the stream. It does not wait until macOS has done so.
func (s *stream) stop() {
	s.mu.Lock()
	s.ended = true
	s.drop()
	s.mu.Unlock()
	if stopDisplay(s.ref) != 0 {
		return // it may still call us: what it holds stays
	}
	go func() {
		<-s.stopped
		release(s.ref)
		s.handler.Release()
	}()
}
