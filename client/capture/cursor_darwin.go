package capture

import (
	"errors"
	"fmt"
	"image"
	"math"
	"sync"
	"unsafe"

	"github.com/ebitengine/purego/objc"
	"github.com/zeebo/xxh3"

	"deskhand/internal/mac"
	"deskhand/screen"
)

var (
	createColors  func() uintptr
	createBitmap  func(pix unsafe.Pointer, w, h, bits, row uint64, colors uintptr, info uint32) uintptr
	drawImage     func(context uintptr, at mac.Rect, image uintptr)
	createEvent   func(source uintptr) uintptr
	eventLocation func(event uintptr) mac.Point
)

// drawing opens what reads the pointer's shape.
var drawing = sync.OnceValue(func() error {
	return mac.Load(mac.CoreGraphics, map[string]any{
		"CGColorSpaceCreateDeviceRGB": &createColors,
		"CGBitmapContextCreate":       &createBitmap,
		"CGContextDrawImage":          &drawImage,
		"CGEventCreate":               &createEvent,
		"CGEventGetLocation":          &eventLocation,
	})
})

// readCursor reads the pointer's shape, and where it is on the desktop.
func readCursor(desk mac.Desktop) (c screen.Cursor, at image.Point, err error) {
	if err := drawing(); err != nil {
		return c, at, err
	}
	if event := createEvent(0); event != 0 {
		at = desk.Pixel(eventLocation(event))
		release(event)
	}
	if failed := mac.OnMain(func() { c, err = shape(desk.Scale()) }); failed != nil {
		return c, at, fmt.Errorf("ask for the pointer: %w", failed)
	}
	return c, at, err
}

// shape draws the pointer's picture as large as it is on the screen. On the main thread. No cursor: the pointer is hidden.
func shape(scale float64) (screen.Cursor, error) {
	cursor := mac.Class("NSCursor").Send(mac.Sel("currentSystemCursor"))
	if cursor == 0 {
		return screen.Cursor{}, nil
	}
	picture := cursor.Send(mac.Sel("image"))
	hot, size := objc.Send[mac.Point](cursor, mac.Sel("hotSpot")), objc.Send[mac.Size](picture, mac.Sel("size"))
	w, h := int(math.Ceil(size.W*scale)), int(math.Ceil(size.H*scale))
	if w < 1 || h < 1 || w > 1024 || h > 1024 {
		return screen.Cursor{}, fmt.Errorf("pointer shape of %d×%d", w, h)
	}
	box := mac.Rect{Size: mac.Size{W: float64(w), H: float64(h)}}
	within := box
	pixels := picture.Send(mac.Sel("CGImageForProposedRect:context:hints:"), &within, objc.ID(0), objc.ID(0))
	if pixels == 0 {
		return screen.Cursor{}, errors.New("the pointer's shape has no pixels")
	}
	pix := make([]byte, w*h*4)
	colors := createColors()
	defer release(colors)
	const premultipliedLast = 1 // R, G, B, A
	context := createBitmap(unsafe.Pointer(&pix[0]), uint64(w), uint64(h), 8, uint64(w*4), colors, premultipliedLast)
	if context == 0 {
		return screen.Cursor{}, errors.New("no memory for the pointer's shape")
	}
	drawImage(context, box, uintptr(pixels))
	release(context)
	straighten(pix)
	return cutCursor(pix, w, h, image.Pt(int(hot.X*scale), int(hot.Y*scale)), max(1, uint32(xxh3.Hash(pix)))), nil
}
