package corpus

import (
	"encoding/binary"
	"fmt"
	"image"

	"deskhand/screen"
)

// pan pulls a map about; what comes in at two sides is new.
func pan(c *canvas) func(int) {
	land := photoOnce(c.W+c.W/2+2, c.H+c.H/2+2, 61)
	whole := newPicture(land.W, land.H)
	whole.put(whole.Bounds(), land, image.Point{})
	for i := range 60 { // names and roads
		rnd := newRand(uint64(i))
		p := image.Pt(rnd.IntN(whole.W), rnd.IntN(whole.H))
		whole.text(bold16, p.X, p.Y, whole.Bounds(), white, vocabulary[i%len(vocabulary)])
		whole.fill(image.Rect(p.X, p.Y+8, p.X+200, p.Y+11), rgb(0xffd966))
	}
	c.begin(whole)
	at := image.Pt(c.W/5, c.H/5)
	return func(n int) {
		at = at.Add([]image.Point{{9, 4}, {12, -7}, {-5, 11}, {-14, -3}}[n/4%4])
		at = image.Pt(max(0, min(at.X, whole.W-c.W)), max(0, min(at.Y, whole.H-c.H)))
		c.put(c.Bounds(), whole, at)
		c.touched(c.Bounds())
	}
}

// sixteen is an old program: few colours, mixed by patterns.
func sixteen(c *canvas) func(int) {
	vga := [16]uint32{0, 0xaa, 0xaa00, 0xaaaa, 0xaa0000, 0xaa00aa, 0xaa5500, 0xaaaaaa, 0x555555, 0x5555ff, 0x55ff55, 0x55ffff, 0xff5555, 0xff55ff, 0xffff55, 0xffffff}
	pattern := [16]int{0, 8, 2, 10, 12, 4, 14, 6, 3, 11, 1, 9, 15, 7, 13, 5}
	back := newPicture(c.W, c.H)
	paint := func(r image.Rectangle, shift int) {
		back.each(r, func(x, y int, px []byte) {
			v := (x + y*2 + shift) / 6 % 256
			i := v / 16 % 16
			if v%16 > pattern[y%4*4+x%4] {
				i = (i + 1) % 16
			}
			col := rgb(vga[i])
			px[0], px[1], px[2] = col.B, col.G, col.R
		})
	}
	paint(back.Bounds(), 0)
	c.begin(back)
	return func(n int) {
		r := middle(c.size()).Inset(n % 5 * 8)
		paint(r, n*9)
		back.text(mono12, r.Min.X+4, r.Min.Y+14, r, white, fmt.Sprintf("F%d=Help  F10=Menu", n))
		c.repaint(r)
	}
}

func gradients(c *canvas) func(int) {
	back := newPicture(c.W, c.H)
	back.ramp(back.Bounds(), rgb(0x102040), rgb(0x80a0ff), 0)
	c.begin(back)
	return func(n int) {
		r := middle(c.size())
		back.ramp(r, rgb(0xff8040), rgb(0x4010a0), n*5)
		c.repaint(r)
	}
}

func zoom(c *canvas) func(int) {
	src := photoOnce(max(c.W/2, 1), max(c.H/2, 1), 62)
	c.begin(page(c.size(), 1))
	faces := []*typeface{plain11, plain13, plain15, bold16, mono18, bold28}
	return func(n int) {
		if n < 12 {
			c.scaled(middle(c.size()).Inset(-n*2), src)
		} else {
			l := look{faces[n%len(faces)], white, []screen.Color{ink}, false}
			c.put(c.Bounds(), document(c.W, c.H/l.face.line()+1, l, 64), image.Point{})
		}
		c.touched(c.Bounds())
	}
}

// slideshow shows photos, and lets one fade into the next.
func slideshow(c *canvas) func(int) {
	var all [3]picture
	for i := range all {
		all[i] = photoOnce(c.W, c.H, uint64(70+i))
	}
	c.begin(all[0])
	return func(n int) {
		a, b := all[n/10%3], all[(n/10+1)%3]
		k := n % 10
		if k > 5 {
			return // it rests
		}
		part := byte(k * 255 / 5)
		c.each(c.Bounds(), func(x, y int, px []byte) {
			p, q := a.Row(y, x, x+1), b.Row(y, x, x+1)
			px[0], px[1], px[2] = mix(p[0], q[0], part), mix(p[1], q[1], part), mix(p[2], q[2], part)
		})
		c.touched(c.Bounds())
	}
}

// player is a window that plays a film, with a title over it and a bar below.
func (c *canvas) player(size image.Point, seed uint64) (*window, func(n int)) {
	const bar = 28
	size = image.Pt(max(size.X, 16), max(size.Y, 16))
	f := newFilm(size.X, size.Y, seed)
	win := titled(newPicture(size.X, size.Y+bar), "Player")
	view := image.Rectangle{Max: size}.Add(image.Pt(2, 24))
	show := func(n int) {
		f.draw(win.img, view, n)
		win.img.text(bold16, view.Min.X+12, view.Min.Y+24, view, white, "The harbour at dusk")
		controls := image.Rect(view.Min.X, view.Max.Y, view.Max.X, view.Max.Y+bar)
		win.img.fill(controls, rgb(0x181818))
		win.img.fill(image.Rect(controls.Min.X+60, controls.Min.Y+12, controls.Min.X+60+(controls.Dx()-70)*(n%300)/300, controls.Min.Y+16), rgb(0xff0000))
		win.img.text(plain13, controls.Min.X+8, controls.Min.Y+19, controls, white, fmt.Sprintf("0:%02d", n/30))
	}
	show(0)
	return win, show
}

func video(c *canvas) func(int) {
	win, show := c.player(image.Pt(c.W*2/3, c.H*2/3), 81)
	win.at = image.Pt(c.W/8, c.H/10)
	c.begin(wallpaper(c.size(), 10), win)
	return func(n int) {
		show(n)
		c.repaint(win.box())
	}
}

// videoLife plays, pauses, is moved while it plays, plays larger, ends.
func videoLife(c *canvas) func(int) {
	small, showSmall := c.player(image.Pt(c.W/3, c.H/3), 82)
	large, showLarge := c.player(image.Pt(c.W*3/5, c.H*3/5), 83)
	small.at, large.at, large.hidden = image.Pt(c.W/10, c.H/10), image.Pt(c.W/6, c.H/6), true
	c.begin(page(c.size(), 0), small, large)
	return func(n int) {
		switch {
		case n < 20:
			showSmall(n)
			c.repaint(small.box())
		case n < 32: // paused; elsewhere somebody types
			c.text(mono18, 40+n*11, c.H-20, c.Bounds(), rgb(0x804000), "x")
			c.touched(image.Rect(40+n*11, c.H-40, 60+n*11, c.H-10))
		case n < 45:
			showSmall(n)
			c.move(small, small.at.Add(image.Pt(c.W/60, c.H/60)))
		case n == 45:
			c.show(small, false)
			c.show(large, true)
		case n < 68:
			showLarge(n)
			c.repaint(large.box())
		case n == 70:
			c.show(large, false)
		}
	}
}

func videoTwo(c *canvas) func(int) {
	a, showA := c.player(image.Pt(c.W/2, c.H/2), 84)
	b, showB := c.player(image.Pt(c.W*2/5, c.H*2/5), 85)
	a.at, b.at = image.Pt(c.W/20, c.H/20), image.Pt(c.W*2/5, c.H*2/5)
	c.begin(wallpaper(c.size(), 11), a, b)
	return func(n int) {
		showA(n)
		c.repaint(a.box())
		if n%3 == 0 { // at 10 frames per second
			showB(n)
			c.repaint(b.box())
		}
		if n%12 == 11 {
			c.raise([]*window{a, b}[n/12%2])
		}
	}
}

func textOverVideo(c *canvas) func(int) {
	f := newFilm(c.W, c.H, 86)
	c.begin(newPicture(c.W, c.H))
	chat := document(max(c.W/4, 1), 200, look{plain13, rgb(0x102030), []screen.Color{white}, false}, 87)
	return func(n int) {
		f.draw(c.picture, c.Bounds(), n)
		c.text(bold28, c.W/6, c.H*9/10, c.Bounds(), white, []string{"Where were you?", "At the harbour, with the others."}[n/15%2])
		c.put(image.Rect(c.W*3/4, c.H/10, c.W, c.H*8/10), chat, image.Pt(0, n/3*plain13.line()))
		c.touched(c.Bounds())
	}
}

func noise(c *canvas) func(int) {
	c.begin(wallpaper(c.size(), 12))
	return func(n int) {
		rnd := newRand(uint64(n / 2)) // each twice: the second time nothing changes
		r := middle(c.size()).Inset(n % 3)
		c.each(r, func(_, _ int, px []byte) { binary.LittleEndian.PutUint32(px, rnd.Uint32()) })
		c.touched(r)
	}
}
