package corpus

import (
	"fmt"
	"image"

	"deskhand/screen"
)

// middle is the part of size that leaves a margin of a tenth on each side, at least one pixel large.
func middle(size image.Point) image.Rectangle {
	r := image.Rect(size.X/10, size.Y/10, size.X-size.X/10, size.Y-size.Y/10)
	return image.Rect(r.Min.X, r.Min.Y, max(r.Max.X, r.Min.X+1), max(r.Max.Y, r.Min.Y+1))
}

func (c *canvas) size() image.Point { return image.Pt(c.W, c.H) }

func still(c *canvas) func(int) {
	c.begin(page(c.size(), 1))
	return func(n int) { c.repaint(middle(c.size()).Inset(n)) }
}

func typing(c *canvas) func(int)    { return typeInto(c, codeLook) }
func typingLCD(c *canvas) func(int) { return typeInto(c, lcdLook) }

// typeInto writes a letter a frame; the whole line is reported, and at its end what is below moves down.
func typeInto(c *canvas, l look) func(int) {
	view := middle(c.size())
	h := l.face.line()
	doc := document(view.Dx(), view.Dy()/h+2, l, 3)
	c.begin(wallpaper(c.size(), 2), &window{at: view.Min, img: doc})
	w := c.desk.windows[0]
	line, from := doc.H/h/4, l.face.width("mmmmm")+10
	x, rnd := from, newRand(8)
	doc.fill(image.Rect(0, line*h, doc.W, line*h+h), l.paper)
	text := words(rnd, 400)
	return func(n int) {
		box := image.Rect(0, line*h, doc.W, line*h+h)
		doc.fill(image.Rect(x, box.Min.Y, x+1, box.Max.Y), l.paper) // the caret goes
		x = doc.text(l.face, x, box.Max.Y-h/4, box, l.inks[0], text[n:n+1])
		c.inside(w, box)
		if x > view.Dx()*4/5 || n%25 == 24 { // a new line
			x, line = from, min(line+1, doc.H/h-2)
			below := image.Rect(0, line*h, doc.W, doc.H)
			doc.Move(image.Rect(0, min(below.Min.Y+h, doc.H-1), doc.W, doc.H), below.Min)
			doc.fill(image.Rect(0, line*h, doc.W, line*h+h), l.paper)
			c.inside(w, below)
		}
		caret := image.Rect(x, line*h, x+1, line*h+h)
		doc.fill(caret, l.inks[0])
		c.inside(w, caret.Inset(-1))
	}
}

func caret(c *canvas) func(int) {
	c.begin(page(c.size(), 0))
	r := image.Rect(c.W/3, c.H/3, c.W/3+2, c.H/3+17)
	saved := newPicture(r.Dx(), r.Dy())
	saved.put(saved.Bounds(), c.picture, r.Min)
	return func(n int) {
		if n%2 == 1 {
			c.fill(r, black)
		} else {
			c.put(r, saved, image.Point{})
		}
		c.touched(r)
	}
}

// scrolled is a window onto a long document.
type scrolled struct {
	window
	doc  picture
	view image.Rectangle // in the window
	at   int
}

func newScrolled(doc picture, view image.Rectangle, at image.Point, frame string) *scrolled {
	content := newPicture(view.Dx(), view.Dy())
	s := &scrolled{doc: doc, view: content.Bounds()}
	if frame == "" {
		s.img = content
	} else {
		s.img = titled(content, frame).img
		s.view = s.view.Add(image.Pt(2, 24))
	}
	s.window.at = at
	s.to(0)
	return s
}

// to draws the view anew, as toolkits do, and its scroll bar.
func (s *scrolled) to(y int) {
	s.at = max(0, min(y, s.doc.H-s.view.Dy()))
	s.img.put(s.view, s.doc, image.Pt(0, s.at))
	bar := image.Rect(s.view.Max.X-12, s.view.Min.Y, s.view.Max.X, s.view.Max.Y)
	s.img.fill(bar, rgb(0xe4e4e4))
	thumb := bar.Min.Y + s.at*(bar.Dy()-20)/max(s.doc.H-s.view.Dy(), 1)
	s.img.fill(image.Rect(bar.Min.X+2, thumb, bar.Max.X-2, thumb+20), rgb(0x8a8a8a))
}

func scroll(c *canvas) func(int) {
	view := middle(c.size())
	h := codeLook.face.line()
	s := newScrolled(document(view.Dx(), view.Dy()/h*3+60, codeLook, 5), view, view.Min, "")
	c.begin(wallpaper(c.size(), 2), &s.window)
	return func(n int) {
		by := 3 * h
		switch {
		case n%13 == 6:
			by = view.Dy() - h // a page
		case n%9 >= 7:
			by = -3 * h
		}
		s.to(s.at + by)
		c.inside(&s.window, s.view)
	}
}

func scrollSmooth(c *canvas) func(int) {
	view := middle(c.size())
	s := newScrolled(document(view.Dx(), view.Dy()/proseLook.face.line()+40, proseLook, 6), view, view.Min, "")
	c.begin(wallpaper(c.size(), 3), &s.window)
	return func(n int) {
		s.to(s.at + 1 + n*5%7)
		c.inside(&s.window, s.view)
	}
}

func scrollTwo(c *canvas) func(int) {
	half := image.Rect(0, 0, max(c.W*2/5, 1), max(c.H*3/5, 1))
	a := newScrolled(document(half.Dx(), half.Dy()/10+60, darkLook, 7), half, image.Pt(c.W/20, c.H/10), "left")
	b := newScrolled(document(half.Dx(), half.Dy()/10+60, oldLook, 8), half, image.Pt(c.W/2, c.H/5), "right")
	b.to(1 << 20)
	c.begin(wallpaper(c.size(), 4), &a.window, &b.window)
	return func(n int) {
		a.to(a.at + 24)
		b.to(b.at - 10 - n%3)
		if n%5 == 4 { // one box over both
			c.repaint(a.box().Union(b.box()))
			return
		}
		c.inside(&a.window, a.view)
		c.inside(&b.window, b.view)
	}
}

func terminal(c *canvas) func(int) {
	l := look{mono12, black, []screen.Color{rgb(0xaaaaaa), rgb(0x55ff55), rgb(0x5555ff)}, false}
	h := l.face.line()
	rows := max(c.H/h, 1)
	term := newPicture(c.W, c.H)
	c.begin(term)
	next := 0
	return func(n int) {
		lines := []int{1, rows / 3, 2 * rows, 4}[n%4] // a flood now and then
		if lines < rows {
			term.Move(image.Rect(0, 0, c.W, max(rows-lines, 1)*h).Intersect(term.Bounds()), image.Pt(0, min(lines*h, max(0, term.H-max(rows-lines, 1)*h))))
		}
		for i := max(rows-lines, 0); i < rows; i++ {
			r := image.Rect(0, i*h, c.W, i*h+h)
			term.fill(r, black)
			term.line(r, l, 11, next)
			next++
		}
		c.repaint(image.Rect(0, 0, c.W, rows*h))
	}
}

func spreadsheet(c *canvas) func(int) {
	const cw, ch, cols, rows, side, head = 84, 19, 60, 80, 44, 40
	cell := func(p picture, r image.Rectangle, s string, back screen.Color, t *typeface) {
		p.fill(r, back)
		p.border(image.Rect(r.Min.X, r.Min.Y, r.Max.X+1, r.Max.Y+1), rgb(0xc8ccd0))
		p.text(t, r.Max.X-6-t.width(s), r.Max.Y-5, r, ink, s)
	}
	sheet := newPicture(cols*cw, rows*ch)
	rnd := newRand(4)
	for i := range cols * rows {
		at := image.Pt(i%cols*cw, i/cols*ch)
		back := []screen.Color{white, white, white, rgb(0xfff2cc), rgb(0xd9ead3)}[rnd.IntN(5)]
		cell(sheet, image.Rectangle{at, at.Add(image.Pt(cw, ch))}, fmt.Sprintf("%.2f", rnd.Float64()*9000), back, plain13)
	}
	back := newPicture(c.W, c.H)
	back.fill(back.Bounds(), rgb(0xe8eaed))
	draw := func(at image.Point) {
		view := image.Rect(side, head, c.W, c.H)
		back.put(view, sheet, at)
		for i := range c.W/cw + 2 {
			x := side + (at.X/cw+i)*cw - at.X
			back.fill(image.Rect(x, head-ch, x+cw, head), rgb(0xf1f3f4))
			back.text(bold16, x+30, head-4, image.Rect(side, 0, c.W, head), ink, string(rune('A'+(at.X/cw+i)%26)))
		}
		for i := range c.H/ch + 2 {
			cell(back, image.Rect(0, head+i*ch, side, head+i*ch+ch), fmt.Sprint(at.Y/ch+i+1), rgb(0xf1f3f4), plain11)
		}
	}
	draw(image.Point{})
	c.begin(back)
	at := image.Point{}
	return func(n int) {
		switch {
		case n%8 == 7:
			at.Y += 3 * ch
		case n%11 == 10:
			at.X = max(0, at.X-5*cw)
		default:
			at.X += cw / (1 + n%3)
		}
		draw(at)
		c.repaint(image.Rect(0, head-ch, c.W, c.H))
	}
}

func darkList(c *canvas) func(int) {
	const h = 26
	rows := max(c.H/h-1, 1)
	list := newPicture(c.W, c.H)
	list.fill(list.Bounds(), night)
	row := func(i int, chosen bool) image.Rectangle {
		r := image.Rect(c.W/8, i*h, c.W*7/8, i*h+h)
		back := night
		if chosen {
			back = rgb(0x264f78)
		}
		list.fill(r, back)
		list.text(plain15, r.Min.X+10, r.Max.Y-8, r, moon, words(newRand(uint64(i)), 60))
		list.fill(image.Rect(r.Max.X-30, r.Min.Y+8, r.Max.X-20, r.Min.Y+18), []screen.Color{rgb(0x3fb950), rgb(0xf85149), rgb(0xd29922)}[i%3])
		return r
	}
	for i := range rows {
		row(i, i == 0)
	}
	c.begin(list)
	at := 0
	return func(n int) {
		c.repaint(row(at, false))
		at = (at + []int{1, 1, 1, rows - 2, 1}[n%5] + rows) % rows
		c.repaint(row(at, true))
	}
}

func scrollPhotos(c *canvas) func(int) {
	view := middle(c.size())
	doc := document(view.Dx(), view.Dy()/proseLook.face.line()*2+40, proseLook, 9)
	for i := range doc.H/max(view.Dy()/2, 1) + 1 {
		r := image.Rect(doc.W/3, i*view.Dy()/2+40, doc.W*4/5, i*view.Dy()/2+40+view.Dy()/3)
		doc.put(r, photoOnce(max(r.Dx(), 1), max(r.Dy(), 1), uint64(20+i)), image.Point{})
	}
	s := newScrolled(doc, view, view.Min, "")
	c.begin(wallpaper(c.size(), 2), &s.window)
	return func(n int) {
		s.to(s.at + []int{57, 57, 19, -38}[n%4])
		c.inside(&s.window, s.view)
	}
}

// typingAllAround writes in the four corners at once; what is reported is the box around them.
func typingAllAround(c *canvas) func(int) {
	c.begin(page(c.size(), 1))
	return func(n int) {
		for i := range 4 {
			p := image.Pt(c.W/8+i%2*c.W*5/8, c.H/4+i/2*c.H/2)
			c.text(plain15, p.X+n*8%(c.W/8+1), p.Y, c.Bounds(), rgb(0xc00000), string(rune('a'+(n+i)%26)))
		}
		c.touched(c.Bounds())
	}
}
