package corpus

import (
	"fmt"
	"image"
	"math/rand/v2"
	"strings"

	"deskhand/screen"
)

func rgb(v uint32) screen.Color {
	return screen.Color{R: uint8(v >> 16), G: uint8(v >> 8), B: uint8(v)}
}

var (
	white, black, paper, ink = rgb(0xffffff), rgb(0), rgb(0xfbfaf5), rgb(0x222428)
	night, moon              = rgb(0x1d2026), rgb(0xc9d1d9)
)

var vocabulary = strings.Fields(`window printer letter meeting invoice office garden budget summer winter harbour bridge engine
paper ladder bottle candle mirror pocket basket thunder silver copper marble velvet orchard lantern compass journey
if else for return func range struct type nil error string int map chan go select defer import package const var
a an the of on in at by to from with without over under between before after while until because although`)

func newRand(seed uint64) *rand.Rand { return rand.New(rand.NewPCG(seed, 1234)) }

// words makes a text of about n letters.
func words(r *rand.Rand, n int) string {
	var b strings.Builder
	for b.Len() < n {
		b.WriteString(vocabulary[r.IntN(len(vocabulary))])
		b.WriteByte(" ,. "[r.IntN(4)])
		b.WriteByte(' ')
	}
	return b.String()
}

// look is how a document is drawn.
type look struct {
	face   *typeface
	paper  screen.Color
	inks   []screen.Color
	number bool // a column with the lines' numbers
}

var (
	codeLook  = look{mono13, white, []screen.Color{rgb(0x24292e), rgb(0x005cc5), rgb(0xd73a49), rgb(0x22863a), rgb(0x6a737d)}, true}
	lcdLook   = look{mono18, paper, []screen.Color{ink, rgb(0x8a2be2)}, true}
	proseLook = look{plain15, white, []screen.Color{ink}, false}
	oldLook   = look{plain11, rgb(0xd4d0c8), []screen.Color{black, rgb(0x000080)}, false}
	darkLook  = look{mono13, night, []screen.Color{moon, rgb(0xff7b72), rgb(0x79c0ff), rgb(0xa5d6ff), rgb(0x8b949e)}, true}
	noteLook  = look{italic14, rgb(0xfff8c4), []screen.Color{rgb(0x403000)}, false}
)

// document draws lines of text; line i is the same in every picture with this seed.
func document(w, lines int, l look, seed uint64) picture {
	h := l.face.line()
	p := newPicture(w, lines*h)
	p.fill(p.Bounds(), l.paper)
	for i := range lines {
		p.line(image.Rect(0, i*h, w, i*h+h), l, seed, i)
	}
	return p
}

// line draws line i of a document into r, on paper that is there.
func (p picture) line(r image.Rectangle, l look, seed uint64, i int) {
	rnd := newRand(seed<<20 + uint64(i))
	base, x := r.Max.Y-l.face.line()/4, r.Min.X+6
	if l.number {
		p.text(l.face, x, base, r, l.inks[len(l.inks)-1], fmt.Sprintf("%4d", i+1))
		x += l.face.width("mmmmm")
	}
	if rnd.IntN(9) == 0 {
		return // an empty line
	}
	x += rnd.IntN(4) * 20
	for range 1 + rnd.IntN(5) {
		x = p.text(l.face, x, base, r, l.inks[rnd.IntN(len(l.inks))], words(rnd, 6+rnd.IntN(18)))
	}
}

// titled makes a window with a title bar and a border around content.
func titled(content picture, title string) *window {
	const bar, edge = 24, 2
	w := newPicture(content.W+2*edge, content.H+bar+edge)
	w.fill(w.Bounds(), rgb(0x3c6ea5))
	w.ramp(image.Rect(0, 0, w.W, bar), rgb(0x3c6ea5), rgb(0x6fa8dc), 0)
	w.text(bold16, 8, 18, image.Rect(0, 0, w.W-60, bar), white, title)
	for k := range 3 {
		b := image.Rect(w.W-20-k*20, 4, w.W-4-k*20, 20)
		w.fill(b, rgb(0xdddddd))
		w.border(b, rgb(0x444444))
	}
	w.put(content.Bounds().Add(image.Pt(edge, bar)), content, image.Point{})
	return &window{img: w}
}

// wallpaper is a desktop's background with icons and a bar.
func wallpaper(size image.Point, seed uint64) picture {
	p := newPicture(size.X, size.Y)
	p.put(p.Bounds(), photoOnce(size.X, size.Y, seed), image.Point{})
	for i := range size.Y / 90 {
		b := image.Rect(20, 20+i*90, 68, 68+i*90)
		p.ramp(b, rgb(0xf0c040+uint32(i)*0x1a0b35), rgb(0x204080), i*9)
		p.text(plain13, 16, 84+i*90, p.Bounds(), white, vocabulary[i%20])
	}
	bar := image.Rect(0, size.Y-30, size.X, size.Y)
	p.fill(bar, rgb(0x20242c))
	p.text(plain13, size.X-60, size.Y-10, bar, white, "14:02")
	for i := range 4 {
		b := image.Rect(8+i*150, size.Y-27, 150+i*150, size.Y-3)
		p.fill(b, rgb(0x343a46))
		p.text(plain13, b.Min.X+8, b.Max.Y-8, b, rgb(0xe0e0e0), vocabulary[20+i])
	}
	return p
}

// page is one of the pages that people go back and forth between.
func page(size image.Point, n int) picture {
	looks := []look{codeLook, proseLook, darkLook, oldLook, lcdLook}
	l := looks[n%len(looks)]
	p := newPicture(size.X, size.Y)
	p.put(p.Bounds(), document(size.X, size.Y/l.face.line()+1, l, uint64(100+n)), image.Point{})
	head := image.Rect(0, 0, size.X, 44)
	p.fill(head, rgb(0x1a73e8+uint32(n)*0x352211))
	p.text(bold28, 20, 33, head, white, fmt.Sprintf("Page %d", n+1))
	if n%2 == 1 {
		r := image.Rect(size.X/2, 80, size.X*9/10, size.Y*3/4)
		p.put(r, photoOnce(max(r.Dx(), 1), max(r.Dy(), 1), uint64(n)), image.Point{})
		p.border(r, black)
	}
	return p
}
