package screen

import "image"

// Display is one monitor of a computer.
type Display struct {
	ID      uint32          // stays the same while the monitor is connected
	Name    string          // as the system calls it, such as "HDMI-1"
	Bounds  image.Rectangle // where it lies on the desktop, in its own pixels; never empty
	Primary bool
}

// Cursor is a pointer's shape.
type Cursor struct {
	Serial     uint32 // another one for another shape; equal shapes may share one
	HotX, HotY int    // the pixel of the shape that points
	W, H       int    // 0×0: no pointer is shown
	Pix        []byte // W×H×4 bytes R, G, B, A, not premultiplied
}

// MaxCursorSide is the largest width and height of a pointer's shape, in pixels.
const MaxCursorSide = 256
