package transcript

import (
	"bytes"
	"fmt"

	"deskhand"
)

// Text is the text of a transcript, whose pieces come in order, with a line where something is missing.
func Text(pieces []deskhand.PromptOutput) []byte {
	var out bytes.Buffer
	w := NewWriter(&out)
	var at int64
	for _, p := range pieces {
		w.Resize(p.Columns)
		if missing := p.Position - at; missing > 0 {
			w.Line(fmt.Sprintf("[… %d bytes are not kept …]", missing))
		}
		_, _ = w.Write(p.Data) // a buffer takes all
		at = p.Position + int64(len(p.Data))
	}
	_ = w.Close()
	return out.Bytes()
}
