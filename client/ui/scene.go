package ui

import (
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"strings"

	"deskhand/client/ui/paint"
	"deskhand/client/ui/typeset"
)

// control names what can be pointed at and focused in a window.
type control string

const (
	ctlNone    control = ""
	ctlID      control = "id"
	ctlConnect control = "connect"
	ctlLeave   control = "leave"
	ctlView    control = "view"
	ctlControl control = "control"
	ctlAllow   control = "allow"
	ctlDeny    control = "deny"
	ctlMore    control = "more"
	ctlPause   control = "pause"
	ctlResume  control = "resume"
	ctlStop    control = "stop"
	ctlOK      control = "ok"
)

// scene is the laid out content of a window.
type scene struct {
	w, h   int
	ground color.NRGBA
	items  []item
	edge   *paint.Box // the window's own shape, for windows without a frame
}

// item is one thing in a scene. Items are drawn in order.
type item interface {
	bounds() *image.Rectangle
	draw(c *paint.Canvas, p *pane)
}

type boxItem struct {
	r   image.Rectangle
	box paint.Box
}

type textItem struct {
	r     image.Rectangle
	t     *typeset.Text
	align paint.Align
	col   color.NRGBA
	mute  bool // a picture rather than words
}

type iconItem struct {
	r     image.Rectangle
	icon  *paint.Icon
	width float64
	col   color.NRGBA
}

type imageItem struct {
	r   image.Rectangle
	img *image.RGBA // of that size
}

type discItem struct {
	r   image.Rectangle
	col color.NRGBA
}

func (i *boxItem) bounds() *image.Rectangle   { return &i.r }
func (i *textItem) bounds() *image.Rectangle  { return &i.r }
func (i *iconItem) bounds() *image.Rectangle  { return &i.r }
func (i *discItem) bounds() *image.Rectangle  { return &i.r }
func (i *imageItem) bounds() *image.Rectangle { return &i.r }

func (i *boxItem) draw(c *paint.Canvas, _ *pane) { c.Box(i.r, i.box) }
func (i *textItem) draw(c *paint.Canvas, p *pane) {
	c.Text(p.lk.fonts, i.t, i.r, i.align, i.col)
}

func (i *iconItem) draw(c *paint.Canvas, _ *pane) {
	c.Icon(i.icon, i.r.Min.X, i.r.Min.Y, i.r.Dx(), i.width, i.col)
}

func (i *discItem) draw(c *paint.Canvas, _ *pane) {
	c.Disc(float64(i.r.Min.X+i.r.Max.X)/2, float64(i.r.Min.Y+i.r.Max.Y)/2, float64(i.r.Dx())/2, i.col)
}

func (i *imageItem) draw(c *paint.Canvas, _ *pane) {
	draw.Draw(c.RGBA, i.r, i.img, image.Point{}, draw.Over)
}

// buttonKind is how much a button stands out.
type buttonKind int

const (
	plainButton buttonKind = iota
	primaryButton
	quietButton // text only, for side matters
	stopButton
	darkButton // on the bar
)

// buttonItem is a push button.
type buttonItem struct {
	r        image.Rectangle
	id       control
	kind     buttonKind
	label    *typeset.Text
	icon     *paint.Icon
	iconSize int
}

func (b *buttonItem) bounds() *image.Rectangle { return &b.r }

// faces gives a button's ground for rest, hover and press, and its text.
func (b *buttonItem) faces(p *palette) (ground [3]color.NRGBA, text color.NRGBA) {
	switch b.kind {
	case primaryButton:
		return [3]color.NRGBA{p.accent, p.accentHover, p.accentDown}, p.onAccent
	case quietButton:
		return [3]color.NRGBA{{}, p.button, p.buttonDown}, p.accentText
	case stopButton:
		return [3]color.NRGBA{p.stop, p.stopHover, p.stopDown}, p.onStop
	case darkButton:
		return [3]color.NRGBA{p.button, p.buttonHover, p.buttonDown}, p.text
	}
	return [3]color.NRGBA{p.button, p.buttonHover, p.buttonDown}, p.text
}

func (b *buttonItem) draw(c *paint.Canvas, p *pane) {
	ground, text := b.faces(p.lk.colors)
	fill := ground[0]
	switch {
	case p.pressed == b.id && p.hover == b.id:
		fill = ground[2]
	case p.hover == b.id && p.pressed == ctlNone:
		fill = ground[1]
	}
	r := float64(p.lk.px(radius))
	c.Box(b.r, paint.Box{Radius: r, Fill: fill, Border: p.lk.colors.outline, BorderWidth: float64(max(1, p.lk.px(1)))})
	if p.focus == b.id && p.focusShown {
		w := float64(p.lk.px(focusWidth))
		c.Ring(b.r.Inset(-p.lk.px(2)), r+float64(p.lk.px(2)), w, p.lk.colors.focus)
	}
	x := b.r.Min.X + (b.r.Dx()-b.contentWidth(p.lk))/2
	iconX, textX := x, x
	if b.icon != nil {
		textX += b.iconSize + p.lk.px(6)
		if p.lk.rtl {
			iconX, textX = x+b.label.Width+p.lk.px(6), x
		}
		c.Icon(b.icon, iconX, b.r.Min.Y+(b.r.Dy()-b.iconSize)/2, b.iconSize, 2, text)
	}
	top := b.r.Min.Y + (b.r.Dy()-b.label.Height)/2
	c.Text(p.lk.fonts, b.label, image.Rect(textX, top, textX+b.label.Width, top+b.label.Height), paint.Center, text)
}

func (b *buttonItem) contentWidth(lk *look) int {
	w := b.label.Width
	if b.icon != nil {
		w += b.iconSize + lk.px(6)
	}
	return w
}

// mirror turns a scene around for languages written from right to left.
func (s *scene) mirror() {
	for _, it := range s.items {
		r := it.bounds()
		r.Min.X, r.Max.X = s.w-r.Max.X, s.w-r.Min.X
		if t, ok := it.(*textItem); ok {
			t.align = paint.Right - t.align // left ↔ right, centre stays
		}
	}
}

// at finds the control under a point.
func (s *scene) at(pt image.Point) control {
	for i := len(s.items) - 1; i >= 0; i-- {
		switch it := s.items[i].(type) {
		case *buttonItem:
			if pt.In(it.r) {
				return it.id
			}
		case *fieldItem:
			if pt.In(it.r) {
				return ctlID
			}
		}
	}
	return ctlNone
}

// controls lists what can have the focus, in the order of Tab.
func (s *scene) controls() []control {
	var out []control
	for _, it := range s.items {
		switch it := it.(type) {
		case *buttonItem:
			out = append(out, it.id)
		case *fieldItem:
			out = append(out, ctlID)
		}
	}
	return out
}

// whereabouts says where each control is, one a line: its id, x, y, width and height within the window, in pixels.
func (s *scene) whereabouts() string {
	var b strings.Builder
	for _, it := range s.items {
		id := ctlID
		switch it := it.(type) {
		case *buttonItem:
			id = it.id
		case *fieldItem:
		default:
			continue
		}
		r := *it.bounds()
		fmt.Fprintf(&b, "%s %d %d %d %d\n", id, r.Min.X, r.Min.Y, r.Dx(), r.Dy())
	}
	return b.String()
}
