// Package codec packs the changes of a screen into messages and unpacks them: the "Screen update" and the "Cursor" of
// docs/protocol.md, to which the names here refer.
//
// An Encoder belongs to one audience and a Decoder to one picture, for each continues one zstd stream. header.go and payload.go are the two
// parts of an update, encoder.go and decoder.go put them together, cursor.go is the pointer's shape.
package codec

import (
	"errors"
	"fmt"

	"deskhand/screen"
)

// window is how far back, in bytes, the zstd stream may refer.
const window = 8 << 20

// Errors that decoding returns, wrapped.
var (
	// ErrInvalid: the message is not one that an Encoder makes.
	ErrInvalid = errors.New("invalid screen message")
	// ErrNeedRefresh: the update continues a stream that this decoder does not have, or that an earlier error broke. Only an update that is a
	// refresh can follow.
	ErrNeedRefresh = errors.New("the picture must be refreshed first")
)

func invalid(format string, args ...any) error {
	return fmt.Errorf("%w: %s", ErrInvalid, fmt.Sprintf(format, args...))
}

// maxInflated is how many bytes an update of a w×h surface may inflate to, whatever it says.
func maxInflated(w, h int) int { return 4*w*h*4 + 64<<10 }

// maxArea is how many pixels all changes of one update may cover together: a hundred bytes must not keep a viewer copying
// for minutes.
func maxArea(w, h int) int { return 6*w*h + 16<<10 }

// checkSize is screen.CheckSize as a fault of the message.
func checkSize(w, h int) error {
	if err := screen.CheckSize(w, h); err != nil {
		return invalid("%v", err)
	}
	return nil
}
