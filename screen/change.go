package screen

import (
	"image"
	"iter"
)

// Kind says how a Change is made.
type Kind uint8

// The kinds of change; the values stand on the wire (docs/protocol.md, "Screen update").
const (
	Copy   Kind = 1 // Rect becomes what stands at Src after the changes before this one
	Fill   Kind = 2 // Rect becomes one Color
	Pixels Kind = 3 // Rect becomes what the new image has there
	Keep   Kind = 4 // Rect's tiles, as they are after the changes before this one, are kept in Slot and those after it
	Recall Kind = 5 // Rect becomes the tiles kept in Slot and those after it
	Video  Kind = 6 // a frame of a video lies over Rect
	Reveal Kind = 7 // what lies over Rect is taken away
)

// Change is one step from the image that a viewer has to the one on the screen. Changes are applied in order.
type Change struct {
	Kind  Kind
	Rect  image.Rectangle // what changes, never empty
	Src   image.Point     // Copy only: top left corner of the source, which has the size of Rect and may overlap it
	Color Color           // Fill only
	Slot  int             // Keep and Recall only: of the first tile
	Video *VideoFrame     // Video only
}

// Apply makes one change to f. Pixels come from now, a frame of the same size; so does what is recalled, for it is kept only
// where it is the same. What lies over the image does not change it.
func (f *Frame) Apply(c Change, now *Frame) {
	switch c.Kind {
	case Copy:
		f.Move(c.Rect, c.Src)
	case Fill:
		f.Fill(c.Rect, c.Color)
	case Pixels, Recall:
		f.CopyRect(now, c.Rect)
	}
}

// What Keep and Recall work with.
const (
	TileSide = 64   // pixels of a tile's side, at most
	Slots    = 4096 // places for tiles
)

// Tiles cuts r into tiles from its top left corner, row by row; those at its right and bottom sides may be smaller.
func Tiles(r image.Rectangle) iter.Seq[image.Rectangle] {
	return func(yield func(image.Rectangle) bool) {
		for y := r.Min.Y; y < r.Max.Y; y += TileSide {
			for x := r.Min.X; x < r.Max.X; x += TileSide {
				if !yield(image.Rect(x, y, x+TileSide, y+TileSide).Intersect(r)) {
					return
				}
			}
		}
	}
}

// TileCount is the number of tiles of r.
func TileCount(r image.Rectangle) int {
	return ((r.Dx() + TileSide - 1) / TileSide) * ((r.Dy() + TileSide - 1) / TileSide)
}

// VideoCodec is how a video's frames are compressed; the values stand on the wire.
type VideoCodec uint8

// The codecs.
const (
	VP8  VideoCodec = 1
	VP9  VideoCodec = 2
	H264 VideoCodec = 3
	JPEG VideoCodec = 4 // each frame is a key frame
)

// MaxStreams is how many videos there may be at once.
const MaxStreams = 4

// VideoFrame is the next picture of a video stream.
type VideoFrame struct {
	Stream uint8 // below MaxStreams
	Codec  VideoCodec
	Key    bool // it needs no frame before it
	Scale  int  // 1, 2 or 4: how many times as large as the decoded picture it is shown
	Data   []byte
}
