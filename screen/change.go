package screen

import "image"

// Kind says how a Change is made.
type Kind uint8

// The kinds of change; the values stand on the wire (docs/protocol.md, "Screen update").
const (
	Copy   Kind = 1 // Rect becomes what stands at Src after the changes before this one
	Fill   Kind = 2 // Rect becomes one Color
	Pixels Kind = 3 // Rect becomes what the new image has there
)

// Change is one step from the image that a viewer has to the one on the screen. Changes are applied in order.
type Change struct {
	Kind  Kind
	Rect  image.Rectangle // what changes, never empty
	Src   image.Point     // Copy only: top left corner of the source, which has the size of Rect and may overlap it
	Color Color           // Fill only
}

// Apply makes one change to f. Pixels come from now, a frame of the same size.
func (f *Frame) Apply(c Change, now *Frame) {
	switch c.Kind {
	case Copy:
		f.Move(c.Rect, c.Src)
	case Fill:
		f.Fill(c.Rect, c.Color)
	case Pixels:
		f.CopyRect(now, c.Rect)
	}
}
