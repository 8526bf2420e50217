package ui

import (
	"image"
	"strings"
	"unicode"

	"deskhand/client/ui/paint"
)

// idDigits is the length of a connection ID.
const idDigits = 6

// idField holds the digits of a connection ID while they are typed. Its text is shown as 123 456.
type idField struct {
	digits string
	caret  int  // 0…len(digits)
	all    bool // everything is selected
}

// digit returns a decimal digit of any script as an ASCII one. Unicode's blocks of digits hold ten each, in order.
func digit(r rune) (byte, bool) {
	for _, b := range unicode.Nd.R16 {
		if r >= rune(b.Lo) && r <= rune(b.Hi) {
			return '0' + byte((r-rune(b.Lo))%10), true
		}
	}
	for _, b := range unicode.Nd.R32 {
		if r >= rune(b.Lo) && r <= rune(b.Hi) {
			return '0' + byte((r-rune(b.Lo))%10), true
		}
	}
	return 0, false
}

// digitsOf keeps the digits of a text and drops everything else.
func digitsOf(s string) string {
	var b strings.Builder
	for _, r := range s {
		if d, ok := digit(r); ok {
			b.WriteByte(d)
		}
	}
	return b.String()
}

// insert puts typed or pasted text at the caret. A paste of a whole ID replaces what is there. It reports whether
// anything changed.
func (f *idField) insert(s string) bool {
	d := digitsOf(s)
	switch {
	case d == "":
		return false
	case f.all, len(d) == idDigits:
		f.digits, f.caret, f.all = "", 0, false
	}
	d = d[:min(len(d), idDigits-len(f.digits))]
	f.digits = f.digits[:f.caret] + d + f.digits[f.caret:]
	f.caret += len(d)
	return d != ""
}

// remove deletes before (back) or after the caret, or the selection.
func (f *idField) remove(back bool) bool {
	switch {
	case f.all:
		f.digits, f.caret, f.all = "", 0, false
	case back && f.caret > 0:
		f.digits = f.digits[:f.caret-1] + f.digits[f.caret:]
		f.caret--
	case !back && f.caret < len(f.digits):
		f.digits = f.digits[:f.caret] + f.digits[f.caret+1:]
	default:
		return false
	}
	return true
}

func (f *idField) move(to int) {
	f.caret, f.all = max(0, min(len(f.digits), to)), false
}

func (f *idField) selectAll() { f.all, f.caret = f.digits != "", len(f.digits) }

// grouped shows digits in two groups of three.
func grouped(d string) string {
	if len(d) > 3 {
		return d[:3] + " " + d[3:]
	}
	return d
}

// fieldItem is the field in a scene.
type fieldItem struct {
	r     image.Rectangle
	fault bool
}

func (f *fieldItem) bounds() *image.Rectangle { return &f.r }

func (f *fieldItem) draw(c *paint.Canvas, p *pane) {
	lk, pal := p.lk, p.lk.colors
	focused := p.focus == ctlID
	border, width := pal.edge, float64(max(1, lk.px(1)))
	switch {
	case f.fault:
		border = pal.danger
	case focused:
		border = pal.focus
	}
	if focused {
		width = float64(lk.px(focusWidth))
	}
	c.Box(f.r, paint.Box{Radius: float64(lk.px(radius)), Fill: pal.window, Border: border, BorderWidth: width})
	if lk.native {
		return
	}

	shown, col := grouped(p.field.digits), pal.text
	if p.field.digits == "" {
		shown, col = "123 456", pal.muted
		col.A = 115
	}
	t := lk.setDigits(shown)
	top := f.r.Min.Y + (f.r.Dy()-t.Height)/2
	left := f.r.Min.X + (f.r.Dx()-t.Width)/2
	box := image.Rect(left, top, left+t.Width, top+t.Height)
	if p.field.all && focused {
		c.Box(box.Inset(-lk.px(2)), paint.Box{Radius: float64(lk.px(4)), Fill: pal.accentSoft})
	}
	c.Text(lk.fonts, t, box, paint.Left, col)
	if focused && p.caretOn && !p.field.all {
		f.drawCaret(c, p, left, top, t.Height)
	}
}

func (f *fieldItem) drawCaret(c *paint.Canvas, p *pane, left, top, height int) {
	lk := p.lk
	x := left + f.offset(p, p.field.caret) - lk.px(2)
	if p.field.digits == "" {
		x -= lk.px(3)
	}
	in := lk.px(4)
	c.Box(image.Rect(x, top+in, x+max(1, lk.px(2)), top+height-in), paint.Box{Radius: 1, Fill: lk.colors.focus})
}

// offset is the distance of the i-th digit's start from the first one's.
func (f *fieldItem) offset(p *pane, i int) int {
	if i == 0 {
		return 0
	}
	before := grouped(p.field.digits)[:i]
	if i > 3 {
		before = grouped(p.field.digits)[:i+1]
	}
	return p.lk.setDigits(before).Width
}

// caretAt is the caret position nearest to a point.
func (f *fieldItem) caretAt(p *pane, x int) int {
	t := p.lk.setDigits(grouped(p.field.digits))
	left := f.r.Min.X + (f.r.Dx()-t.Width)/2
	best, dist := 0, 1<<30
	for i := range len(p.field.digits) + 1 {
		if d := abs(left + f.offset(p, i) - x); d < dist {
			best, dist = i, d
		}
	}
	return best
}

func abs(v int) int {
	if v < 0 {
		return -v
	}
	return v
}
