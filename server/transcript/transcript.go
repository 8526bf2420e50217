// Package transcript makes plain text of what a terminal showed: it does what programs do to the line that they are on, and drops the rest.
package transcript

import (
	"io"
	"strings"
	"unicode/utf8"
)

// maxLine is how many cells a line has before it is cut, and how far a program can move on it.
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

	line   line
	above  line // the one before, if it is held
	held   bool // nothing was put on line yet: a shell may go down to make a row empty, and up again
	hidden bool // a program shows its own screen, of which nothing is kept
	err    error
}

// NewWriter writes text to out. How wide the terminal is is not known until Resize.
func NewWriter(out io.Writer) *Writer {
	return &Writer{out: out, state: (*Writer).text, line: line{width: maxLine}, above: line{width: maxLine}}
}

func (w *Writer) Write(b []byte) (int, error) {
	for _, c := range b {
		w.state(w, c)
	}
	return len(b), w.err
}

// Resize tells how wide the terminal is from now on; 0: that is not known.
func (w *Writer) Resize(columns int) {
	w.line.resize(columns)
	w.above.resize(columns)
}

// Line writes a line of our own.
func (w *Writer) Line(s string) {
	w.end()
	w.state, w.char = (*Writer).text, nil
	w.print(s + "\n")
}

// Close writes what is left.
func (w *Writer) Close() error {
	w.end()
	return w.err
}

func (w *Writer) print(s string) {
	if w.err == nil {
		_, w.err = io.WriteString(w.out, s)
	}
}

// end ends the line if anything is on it.
func (w *Writer) end() {
	w.release()
	if len(w.line.cells) > 0 {
		w.print(w.line.take() + "\n")
	}
}

// release gives away the line above.
func (w *Writer) release() {
	if w.held {
		w.print(w.above.take() + "\n")
		w.held = false
	}
}

// down goes to the next row, which may be that of a new line.
func (w *Writer) down() {
	if !w.line.down(1) {
		w.release()
		w.line, w.above, w.held = w.above, w.line, true
	}
}

// up goes to a row above.
func (w *Writer) up(n int) {
	if w.held && len(w.line.cells) == 0 {
		column := w.line.at
		w.line.take()
		w.line, w.above, w.held = w.above, w.line, false
		w.line.to(column)
		n--
	}
	w.line.up(n)
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
		w.down()
	case c == '\r':
		w.line.to(0)
	case c == '\b':
		w.line.left(1)
	case c == '\t':
		w.line.tab()
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
	w.release()
	if w.line.at >= maxLine {
		w.end()
		w.line.take() // also when nothing is on it: only the cursor went so far
	}
	w.line.put(r)
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
	case 'A':
		w.up(max(1, n))
	case 'B':
		w.line.down(max(1, n))
	case 'C':
		w.line.right(max(1, n))
	case 'D':
		w.line.left(max(1, n))
	case 'G':
		w.line.to(n - 1)
	case 'K':
		w.line.erase(n)
	case 'P':
		w.line.remove(max(1, n))
	case 'X':
		w.line.clear(max(1, n))
	case '@':
		w.line.insert(max(1, n))
	case 'J':
		if n == 0 {
			w.line.cut()
			return
		}
		w.end()
	case 'H', 'f': // moves about the screen: what was there is a line of its own
		w.end()
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
