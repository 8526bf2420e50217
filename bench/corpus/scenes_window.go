package corpus

import (
	"fmt"
	"image"

	"deskhand/screen"
)

// note is a window with text, of a part of the display.
func (c *canvas) note(l look, title string, seed uint64, x, y, w, h int) *window {
	win := titled(document(max(c.W*w/100, 1), max(c.H*h/100, 1)/l.face.line()+1, l, seed), title)
	win.at = image.Pt(c.W*x/100, c.H*y/100)
	return win
}

func drag(c *canvas) func(int) {
	win := c.note(codeLook, "Editor", 31, 5, 5, 45, 40)
	c.begin(wallpaper(c.size(), 5), c.note(proseLook, "Behind", 32, 40, 30, 40, 50), win)
	way := image.Pt(1, 1)
	return func(n int) {
		d := image.Pt(7+n%5, 3+n*3%7)
		if n%11 == 10 { // a hand that pulls hard
			d = image.Pt(c.W/5, c.H/7)
		}
		to := win.at.Add(image.Pt(d.X*way.X, d.Y*way.Y))
		if to.X < -c.W/6 || to.X > c.W*3/4 { // beyond the display's edge, and back
			way.X = -way.X
		}
		if to.Y < -c.H/6 || to.Y > c.H*3/4 {
			way.Y = -way.Y
		}
		c.move(win, to)
	}
}

func menus(c *canvas) func(int) {
	menu := func(at image.Point, seed uint64) *window {
		const w, h, n = 190, 22, 9
		p := newPicture(w, h*n+6)
		p.fill(p.Bounds(), rgb(0xf7f7f7))
		p.border(p.Bounds(), rgb(0x999999))
		for i := range n {
			if i%4 == 3 {
				p.fill(image.Rect(6, i*h+10, w-6, i*h+11), rgb(0xcccccc))
				continue
			}
			p.text(plain13, 28, i*h+18, p.Bounds(), ink, words(newRand(seed+uint64(i)), 12))
		}
		return &window{at: at, img: p, hidden: true}
	}
	first, second, sub := menu(image.Pt(c.W/10, 44), 40), menu(image.Pt(c.W/10+90, 44), 60), menu(image.Pt(c.W/10+180, 90), 80)
	c.begin(page(c.size(), 1), first, second, sub)
	hover := func(w *window, i int, on bool) {
		r := image.Rect(3, i*22+4, 187, i*22+24)
		w.img.each(r, func(_, _ int, px []byte) { // the colours turn round, and back again
			px[0], px[2] = px[2], px[0]
			px[1] ^= 0x30
		})
		c.inside(w, r)
	}
	return func(n int) {
		switch n % 10 {
		case 1:
			c.show(first, true)
		case 2, 3:
			hover(first, n%10-2, true)
		case 4:
			c.show(sub, true)
		case 5:
			c.show(sub, false)
		case 6, 7:
			hover(first, n%10-6, false)
		case 8: // the next menu of the bar
			c.show(first, false)
			c.show(second, true)
		case 9:
			c.show(second, false)
		}
	}
}

func raise(c *canvas) func(int) {
	all := []*window{
		c.note(proseLook, "Letter", 51, 5, 5, 50, 50), c.note(darkLook, "Log", 52, 25, 20, 50, 50),
		c.note(noteLook, "Note", 53, 45, 35, 45, 50), c.note(oldLook, "Old", 54, 15, 45, 40, 40),
	}
	c.begin(wallpaper(c.size(), 6), all...)
	return func(n int) {
		w := all[n*3%len(all)]
		if n%7 == 6 { // to the task bar, and back
			c.show(w, w.hidden)
			return
		}
		w.hidden = false
		c.raise(w)
	}
}

func pages(c *canvas) func(int) {
	var all [4]picture
	for i := range all {
		all[i] = page(c.size(), i)
	}
	c.begin(all[0])
	return func(n int) {
		c.desk.back = all[[]int{1, 0, 1, 2, 1, 2, 3, 0}[n%8]]
		c.repaint(c.Bounds())
	}
}

func tooltip(c *canvas) func(int) {
	tip := newPicture(220, 40)
	tip.fill(tip.Bounds(), rgb(0xffffe1))
	tip.border(tip.Bounds(), black)
	tip.text(plain11, 8, 16, tip.Bounds(), black, "Saves the letter and")
	tip.text(plain11, 8, 32, tip.Bounds(), black, "prints it at once.")
	w := &window{at: image.Pt(c.W/3, c.H/3), img: tip, hidden: true}
	c.begin(page(c.size(), 3), w)
	return func(n int) {
		if n%8 == 0 {
			w.at.X += 30
		}
		c.show(w, n%2 == 1)
	}
}

func progress(c *canvas) func(int) {
	box := newPicture(max(c.W/3, 120), 90)
	box.fill(box.Bounds(), rgb(0xf0f0f0))
	win := titled(box, "Copying")
	win.at = image.Pt(c.W/4, c.H/3)
	c.begin(wallpaper(c.size(), 7), win)
	return func(n int) {
		r := image.Rect(16, 60, win.img.W-16, 80)
		full := r
		full.Max.X = r.Min.X + r.Dx()*n/40
		win.img.fill(r, white)
		win.img.ramp(full, rgb(0x2ecc71), rgb(0x27ae60), n*4)
		win.img.border(r, rgb(0x888888))
		label := image.Rect(16, 34, win.img.W-16, 56)
		win.img.fill(label, rgb(0xf0f0f0))
		win.img.text(plain13, 16, 50, label, ink, fmt.Sprintf("%d %% of 40 files", n*100/40))
		c.inside(win, r.Union(label))
	}
}

func spinner(c *canvas) func(int) {
	c.begin(page(c.size(), 1))
	const side = 48
	dots := [8]image.Point{{24, 6}, {37, 11}, {42, 24}, {37, 37}, {24, 42}, {11, 37}, {6, 24}, {11, 11}}
	at := image.Pt(c.W/2-side/2, c.H/2-side/2)
	return func(n int) {
		r := image.Rectangle{at, at.Add(image.Pt(side, side))}
		c.put(r, c.desk.back, r.Min)
		for i, d := range dots {
			shade := byte(40 + (n+i)%8*26)
			p := at.Add(d)
			c.fill(image.Rect(p.X-3, p.Y-3, p.X+3, p.Y+3), screen.Color{R: shade, G: shade, B: 255 - shade/4})
		}
		c.touched(r)
	}
}

func windowOpens(c *canvas) func(int) {
	whole := c.note(proseLook, "Letter", 71, 20, 15, 60, 65)
	w := &window{at: whole.at, img: whole.img, hidden: true}
	c.begin(wallpaper(c.size(), 8), w)
	return func(n int) {
		const grow = 8
		k := n % (grow + 4)
		full := whole.box()
		switch {
		case k < grow: // an empty box grows out of its middle
			r := full.Inset((grow - 1 - k) * min(full.Dx(), full.Dy()) / (2 * grow))
			c.repaint(full)
			c.fill(r, white)
			c.border(r.Intersect(c.Bounds()), rgb(0x3c6ea5))
			c.touched(r)
		case k == grow:
			c.show(w, true)
		case k == grow+3:
			c.show(w, false)
		}
	}
}

// sprite is a pointer that a program draws itself: it leaves what was under it.
func sprite(c *canvas) func(int) {
	arrow := newPicture(12, 18)
	shape := func(x, y int) bool { return x <= y*2/3 && x+y < 22 }
	arrow.each(arrow.Bounds(), func(x, y int, px []byte) {
		if !shape(x+1, y) || x == 0 {
			return
		}
		px[0], px[1], px[2] = 255, 255, 255
	})
	c.begin(page(c.size(), 0))
	at := image.Pt(c.W/4, c.H/4)
	return func(n int) {
		old := arrow.Bounds().Add(at)
		c.put(old, c.desk.back, old.Min)
		at = at.Add(image.Pt(9-n%4, 2+n%6))
		now := arrow.Bounds().Add(at)
		arrow.each(arrow.Bounds(), func(x, y int, px []byte) {
			if p := at.Add(image.Pt(x, y)); shape(x, y) && p.In(c.Bounds()) {
				copy(c.Row(p.Y, p.X, p.X+1), px)
			}
		})
		c.touched(old.Union(now))
	}
}

func manySmall(c *canvas) func(int) {
	c.begin(page(c.size(), 2))
	return func(n int) {
		rnd := newRand(uint64(n))
		for range 150 {
			p := image.Pt(rnd.IntN(c.W), rnd.IntN(c.H))
			r := image.Rectangle{p, p.Add(image.Pt(1+rnd.IntN(9), 1+rnd.IntN(9)))}
			c.fill(r, rgb(rnd.Uint32()))
			c.touched(r)
		}
	}
}

func blank(c *canvas) func(int) {
	on, off := page(c.size(), 3), newPicture(c.W, c.H)
	c.begin(on)
	return func(n int) {
		c.desk.back = on
		if n%4 >= 2 {
			c.desk.back = off
		}
		c.repaint(c.Bounds())
	}
}

// resize changes the display's size; what is drawn next is another page.
func resize(c *canvas) func(int) {
	first := c.size()
	c.begin(page(first, 0))
	return func(n int) {
		if n%6 == 3 {
			size := []image.Point{{max(first.X*3/4, 1), max(first.Y*2/3, 1)}, {first.X + 37, first.Y + 11}, first}[n/6%3]
			c.resize(size)
			c.desk.back = page(size, n/6+1)
			c.repaint(c.Bounds())
		}
		d := image.Rect(c.W/5, c.H/5, c.W*4/5, c.H*4/5)
		c.desk.back.text(bold28, c.W/5, c.H/2, d, rgb(0xd00000), fmt.Sprint("frame ", n))
		c.repaint(d)
	}
}

// mirror shows, in a window, the display itself: each frame holds the one before, smaller.
func mirror(c *canvas) func(int) {
	view := newPicture(max(c.W/2, 1), max(c.H/2, 1))
	win := titled(view, "Viewer")
	win.at = image.Pt(c.W/3, c.H/4)
	c.begin(wallpaper(c.size(), 9), win)
	return func(int) {
		r := view.Bounds().Add(image.Pt(2, 24))
		win.img.scaled(r, c.picture)
		c.inside(win, r)
	}
}
