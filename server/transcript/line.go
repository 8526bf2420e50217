package transcript

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/width"
)

// line is one line of text on a terminal, which is as many rows as it needs there. The cursor moves on these rows and on no others.
//
// After the last cell of a row the cursor stays on it until the next character, which begins the next row. A shell that edits a line counts on that:
// to be on the next row, it writes a space there and goes back to the row's beginning.
type line struct {
	width int      // of a row, in cells; maxLine: not known
	cells []string // of a wide character the second one is empty
	at    int      // the cell where the next character goes
	full  bool     // that is the first one of a row, and the cursor is still on the last one of the row before
}

// maxMarks is how many bytes of a cell's character and its marks are kept.
const maxMarks = 64

func (l *line) resize(columns int) {
	if columns <= 0 || columns > maxLine {
		columns = maxLine
	}
	if l.width != columns {
		l.width, l.full = columns, false
	}
}

// take gives the text, and begins anew.
func (l *line) take() string {
	text := strings.TrimRight(strings.Join(l.cells, ""), " ")
	l.cells, l.at, l.full = l.cells[:0], 0, false
	return text
}

// put writes a character over what is there.
func (l *line) put(r rune) {
	n := cellsOf(r)
	if n == 0 && l.mark(r) {
		return
	}
	n = min(max(1, n), l.width)
	if l.at%l.width+n > l.width { // a wide one does not stand on two rows
		l.grow(l.at + 1)
		l.cells[l.at] = ""
		l.at++
	}
	l.grow(l.at + n)
	l.halve(l.at)
	l.halve(l.at + n)
	l.cells[l.at] = string(r)
	if n == 2 {
		l.cells[l.at+1] = ""
	}
	l.at += n
	l.full = l.at%l.width == 0
}

// mark adds to the character before the cursor, if there is one.
func (l *line) mark(r rune) bool {
	i := min(l.at, len(l.cells)) - 1
	for i > 0 && l.cells[i] == "" {
		i--
	}
	if i < 0 || l.at > len(l.cells) {
		return false
	}
	if len(l.cells[i]) < maxMarks {
		l.cells[i] += string(r)
	}
	return true
}

func (l *line) grow(to int) {
	for len(l.cells) < to {
		l.cells = append(l.cells, " ")
	}
}

// halve takes away the wide character that a change begins or ends in the middle of.
func (l *line) halve(i int) {
	if i <= 0 || i >= len(l.cells) || l.cells[i] != "" {
		return
	}
	l.cells[i] = " "
	if r, _ := utf8.DecodeRuneInString(l.cells[i-1]); cellsOf(r) == 2 {
		l.cells[i-1] = " "
	}
}

// settle has at be where the cursor is, and returns the first cell of its row.
func (l *line) settle() (row int) {
	if l.full {
		l.at, l.full = l.at-1, false
	}
	return l.at / l.width * l.width
}

func (l *line) to(column int) { l.at = l.settle() + min(max(0, column), l.width-1) }

func (l *line) left(n int) {
	row := l.settle()
	l.at = max(row, l.at-n)
}

func (l *line) right(n int) {
	row := l.settle()
	l.at = min(row+l.width-1, l.at+n)
}

func (l *line) up(n int) {
	row := l.settle()
	l.at -= min(n, row/l.width) * l.width
}

func (l *line) tab() {
	if !l.full {
		l.to((l.at%l.width/8 + 1) * 8)
	}
}

// down goes n rows down, to the last one with text on it at most; false: there is none below. Blanks at the end go, so that nobody can have them
// looked through again and again.
func (l *line) down(n int) bool {
	row, end := l.settle(), len(l.cells)
	for end > max(row, l.at)+1 && l.cells[end-1] == " " {
		end--
	}
	l.cells = l.cells[:end]
	n = min(n, (end-1-row)/l.width)
	l.at += max(0, n) * l.width
	return n > 0
}

// erase blanks a part of the row: from the cursor (0), up to it (1), or all (2).
func (l *line) erase(part int) {
	if part == 0 && l.full {
		return
	}
	row := l.settle()
	switch part {
	case 0:
		l.blank(l.at, row+l.width)
	case 1:
		l.blank(row, l.at+1)
	case 2:
		l.blank(row, row+l.width)
	}
}

// cut blanks all from the cursor on.
func (l *line) cut() { l.blank(l.at, len(l.cells)) }

// clear blanks cells from the cursor on.
func (l *line) clear(n int) {
	row := l.settle()
	l.blank(l.at, min(row+l.width, l.at+n))
}

func (l *line) blank(from, to int) {
	l.halve(from)
	if to >= len(l.cells) {
		l.cells = l.cells[:min(from, len(l.cells))]
		return
	}
	l.halve(to)
	for i := from; i < to; i++ {
		l.cells[i] = " "
	}
}

// remove takes away cells of the row; the rest of it moves up.
func (l *line) remove(n int) {
	end := min(l.settle()+l.width, len(l.cells))
	if n = min(n, end-l.at); n > 0 {
		l.halve(l.at)
		l.halve(l.at + n)
		copy(l.cells[l.at:end], l.cells[l.at+n:end])
		l.blank(end-n, end)
	}
}

// insert makes room in the row; what moves beyond its end is lost.
func (l *line) insert(n int) {
	end := l.settle() + l.width
	if l.at >= len(l.cells) {
		return
	}
	l.halve(l.at)
	n = min(n, end-l.at)
	l.grow(min(end, len(l.cells)+n))
	end = min(end, len(l.cells))
	copy(l.cells[l.at+n:end], l.cells[l.at:end])
	for i := l.at; i < l.at+n; i++ {
		l.cells[i] = " "
	}
}

// cellsOf is how many cells a character has.
func cellsOf(r rune) int {
	switch {
	case r < 0x300:
		return 1
	case unicode.In(r, unicode.Mn, unicode.Me, unicode.Cf), r >= 0x1160 && r <= 0x11ff: // the latter join a Korean letter
		return 0
	}
	switch width.LookupRune(r).Kind() {
	case width.EastAsianWide, width.EastAsianFullwidth:
		return 2
	}
	return 1
}
