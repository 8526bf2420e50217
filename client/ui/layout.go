package ui

import (
	"image"
	"image/color"

	"deskhand/client/ui/paint"
	"deskhand/client/ui/typeset"
)

// layout places items from the top down, always from left to right; the scene is mirrored afterwards where needed.
type layout struct {
	lk     *look
	pal    *palette
	scene  *scene
	x0, x1 int // the column's edges
	y      int // where the next item goes
}

// newLayout begins a window of the given width and padding, in units.
func newLayout(lk *look, width, padding int) *layout {
	w := lk.px(width)
	return &layout{
		lk: lk, pal: lk.colors, scene: &scene{w: w, ground: lk.colors.window},
		x0: lk.px(padding), x1: w - lk.px(padding), y: lk.px(padding),
	}
}

func (l *layout) add(it item) { l.scene.items = append(l.scene.items, it) }

func (l *layout) gap(units int) { l.y += l.lk.px(units) }

// finish sets the height and mirrors the scene for right-to-left windows.
func (l *layout) finish(padding int) *scene {
	l.scene.h = l.y + l.lk.px(padding)
	if l.lk.rtl {
		l.scene.mirror()
	}
	return l.scene
}

// text puts a paragraph over the whole column.
func (l *layout) text(s string, st textStyle, col color.NRGBA) {
	l.textIn(s, st, col, l.x0, l.x1, paint.Left, 0)
}

// textIn puts a paragraph between two edges, in at most maxLines lines (0: any number), and moves below it.
func (l *layout) textIn(s string, st textStyle, col color.NRGBA, x0, x1 int, al paint.Align, maxLines int) *typeset.Text {
	t := l.lk.set(s, st, x1-x0, maxLines)
	l.add(&textItem{image.Rect(x0, l.y, x1, l.y+t.Height), t, al, col, false})
	l.y += t.Height
	return t
}

// icon puts an icon of the given size (units) with its centre line on the middle of a line of text at y.
func (l *layout) icon(ic *paint.Icon, size, x, y, lineHeight int, col color.NRGBA) {
	s := l.lk.px(size)
	top := y + (lineHeight-s)/2
	l.add(&iconItem{image.Rect(x, top, x+s, top+s), ic, 2, col})
}

// tile is a rounded square with an icon, the mark at the head of a window.
func (l *layout) tile(ic *paint.Icon, size int, ground, col color.NRGBA) {
	s := l.lk.px(size)
	r := image.Rect(l.x0, l.y, l.x0+s, l.y+s)
	l.add(&boxItem{r, paint.Box{Radius: float64(l.lk.px(12)), Fill: ground}})
	in := l.lk.px(size * 6 / 11)
	at := image.Pt(r.Min.X+(s-in)/2, r.Min.Y+(s-in)/2)
	l.add(&iconItem{image.Rectangle{at, at.Add(image.Pt(in, in))}, ic, 1.9, col})
}

// card draws a rounded ground behind what body lays out, inset by padding.
func (l *layout) card(padding int, box paint.Box, body func()) {
	ground := &boxItem{box: box}
	l.add(ground)
	x0, x1, top, p := l.x0, l.x1, l.y, l.lk.px(padding)
	l.x0, l.x1, l.y = x0+p, x1-p, top+p
	body()
	l.x0, l.x1 = x0, x1
	l.y += p
	ground.r = image.Rect(x0, top, x1, l.y)
}

// button makes a button without placing it.
func (l *layout) button(id control, label string, kind buttonKind) *buttonItem {
	return &buttonItem{id: id, kind: kind, label: l.lk.set(l.lk.say(label), styleButton, l.lk.px(1000), 1)}
}

const (
	buttonHeight = 40
	buttonSide   = 16 // room beside a button's text
)

// minWidth is what a button needs with room at its sides.
func (l *layout) minWidth(b *buttonItem) int { return b.contentWidth(l.lk) + 2*l.lk.px(buttonSide) }

// buttons puts buttons into one row: the first ones at the start, the last at the end. Where they do not fit they stand
// one above the other.
func (l *layout) buttons(bs ...*buttonItem) {
	gap, room := l.lk.px(8), l.x1-l.x0
	need := gap * (len(bs) - 1)
	for _, b := range bs {
		need += max(l.minWidth(b), l.lk.px(96))
	}
	if need > room {
		for i, b := range bs {
			if i > 0 {
				l.y += gap
			}
			l.place(b, l.x0, room)
			l.y = b.r.Max.Y
		}
		return
	}
	x := l.x0
	for i, b := range bs {
		w := max(l.minWidth(b), l.lk.px(96))
		if i == len(bs)-1 {
			x = l.x1 - w
		}
		l.place(b, x, w)
		x += w + gap
	}
	l.y += l.lk.px(buttonHeight)
}

// place puts a button of the usual height at the current line.
func (l *layout) place(b *buttonItem, x, w int) {
	b.r = image.Rect(x, l.y, x+w, l.y+l.lk.px(buttonHeight))
	l.add(b)
}

// wide puts one button over the whole column.
func (l *layout) wide(b *buttonItem) {
	l.place(b, l.x0, l.x1-l.x0)
	l.y = b.r.Max.Y
}

// note is an icon with a paragraph beside it.
func (l *layout) note(ic *paint.Icon, s string, st textStyle, iconCol, col color.NRGBA) {
	size := 18
	x := l.x0 + l.lk.px(size+8)
	l.icon(ic, size, l.x0, l.y, l.lk.px(st.line), iconCol)
	l.textIn(s, st, col, x, l.x1, paint.Left, 0)
}
