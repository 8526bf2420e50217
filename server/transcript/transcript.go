// Package transcript makes plain text of what a terminal showed: it does what programs do to the line that they are on, and drops the rest.
package transcript

import (
	"io"
	"strings"
	"unicode/utf8"
)

// maxLine is how far a program can move on a line.
const maxLine = 4096

// Writer is an io.Writer that writes the text of what is written to it. Close writes the last line.
//
//	text ── ESC ─→ escape ── [ ─→ control sequence ── a final byte ─→ text
//	                 └── ] P X ^ _ ─→ string ── BEL or ESC \ ─→ text
type Writer struct {
	out   io.Writer
	state func(*Writer, byte)
	args  []byte // of a control sequence
	char  []byte // bytes of a character that is not whole

	line   []rune
	at     int  // where the next character goes
	hidden bool // a program shows its own screen, of which nothing is kept
	err    error
}

// NewWriter writes text to out.
func NewWriter(out io.Writer) *Writer { return &Writer{out: out, state: (*Writer).text} }

func (w *Writer) Write(b []byte) (int, error) {
	for _, c := range b {
		w.state(w, c)
	}
	return len(b), w.err
}

// Line writes a line of our own.
func (w *Writer) Line(s string) {
	if len(w.line) > 0 {
		w.flush()
	}
	w.state, w.char = (*Writer).text, nil
	w.print(s + "\n")
}

// Close writes what is left.
func (w *Writer) Close() error {
	if len(w.line) > 0 {
		w.flush()
	}
	return w.err
}

func (w *Writer) print(s string) {
	if w.err == nil {
		_, w.err = io.WriteString(w.out, s)
	}
}

// flush ends the line.
func (w *Writer) flush() {
	w.print(strings.TrimRight(string(w.line), " ") + "\n")
	w.line, w.at = w.line[:0], 0
}

func (w *Writer) text(c byte) {
	switch {
	case c == 0x1b:
		w.state = (*Writer).escape
	case c >= 0x80:
		w.part(c)
		return
	case w.hidden:
	case c == '\n':
		w.flush()
	case c == '\r':
		w.at = 0
	case c == '\b':
		w.at = max(0, w.at-1)
	case c == '\t':
		for next := w.at/8*8 + 8; w.at < next && w.at < maxLine; {
			w.put(' ')
		}
	case c >= 0x20 && c != 0x7f:
		w.put(rune(c))
	}
	w.char = w.char[:0]
}

// part takes a byte of a character that has several.
func (w *Writer) part(c byte) {
	w.char = append(w.char, c)
	if !utf8.FullRune(w.char) {
		return
	}
	r, _ := utf8.DecodeRune(w.char)
	w.char = w.char[:0]
	if !w.hidden && (r < 0x80 || r > 0x9f) { // C1 controls
		w.put(r)
	}
}

func (w *Writer) put(r rune) {
	if w.at >= maxLine {
		w.flush()
	}
	for len(w.line) <= w.at {
		w.line = append(w.line, ' ')
	}
	w.line[w.at] = r
	w.at++
}

func (w *Writer) escape(c byte) {
	switch {
	case c == '[':
		w.args, w.state = w.args[:0], (*Writer).control
	case strings.IndexByte("]PX^_", c) >= 0:
		w.state = (*Writer).string
	case c >= 0x20 && c <= 0x2f: // one more byte follows: a character set
	default:
		w.state = (*Writer).text
	}
}

func (w *Writer) string(c byte) {
	switch c {
	case 0x07:
		w.state = (*Writer).text
	case 0x1b:
		w.state = (*Writer).escape // ESC \ ends it
	}
}

func (w *Writer) control(c byte) {
	switch {
	case c == 0x1b:
		w.state = (*Writer).escape
	case c < 0x20 || c > 0x7e:
		w.state = (*Writer).text
	case c < 0x40:
		if len(w.args) < 64 {
			w.args = append(w.args, c)
		}
	default:
		w.state = (*Writer).text
		w.do(c, string(w.args))
	}
}

// do does what a control sequence does to the line.
func (w *Writer) do(final byte, args string) {
	if strings.HasPrefix(args, "?") {
		if (final == 'h' || final == 'l') && (args == "?1049" || args == "?1047" || args == "?47") {
			w.hidden = final == 'h'
		}
		return
	}
	if w.hidden {
		return
	}
	n := number(args)
	switch final {
	case 'K':
		w.erase(args)
	case 'C':
		w.at = min(w.at+max(1, n), maxLine-1)
	case 'D':
		w.at = max(0, w.at-max(1, n))
	case 'G':
		w.at = min(max(1, n), maxLine) - 1
	case 'P': // deletes characters
		if w.at < len(w.line) {
			w.line = append(w.line[:w.at], w.line[min(len(w.line), w.at+max(1, n)):]...)
		}
	case '@': // makes room
		for range min(max(1, n), maxLine-len(w.line)) {
			if w.at < len(w.line) {
				w.line = append(w.line[:w.at+1], w.line[w.at:]...)
				w.line[w.at] = ' '
			}
		}
	case 'H', 'f', 'J': // moves about the screen, or clears it: what was there is a line of its own
		if len(w.line) > 0 {
			w.flush()
		}
	}
}

func (w *Writer) erase(args string) {
	switch number(args) {
	case 0:
		w.line = w.line[:min(w.at, len(w.line))]
	case 1:
		for i := range min(w.at+1, len(w.line)) {
			w.line[i] = ' '
		}
	case 2:
		w.line = w.line[:0]
	}
}

// number is the first argument of a control sequence; 0: it has none.
func number(args string) (n int) {
	for _, c := range args {
		if c < '0' || c > '9' {
			break
		}
		n = min(n*10+int(c-'0'), maxLine)
	}
	return n
}
