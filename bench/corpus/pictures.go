package corpus

import (
	"image"
	"math"
	"math/rand/v2"
	"sync"

	"deskhand/screen"
)

// photo draws a landscape-like picture with soft clouds, hard ridges, texture and the grain of a camera.
func photo(w, h int, seed uint64) picture {
	p := newPicture(w, h)
	soft, rough, tint := newField(seed, 97), newField(seed+1, 11), newField(seed+2, 230)
	ridge := newField(seed+3, 140)
	grain := rand.New(rand.NewPCG(seed, 77))
	p.each(p.Bounds(), func(x, y int, px []byte) {
		top := h*2/5 - ridge.at(x, 40)*h/3/256 + h/12
		s, r, t := soft.at(x, y), rough.at(x, y), tint.at(x, y)
		var c [3]int // R, G, B
		if y < top {
			c = [3]int{120 + s/2, 160 + s/3, 215 + s/8}
		} else {
			light := 60 + r*3/4 + t/3
			c = [3]int{light * 100 / 160, light * (95 + s/8) / 160, light * 70 / 160}
		}
		n := grain.Uint32()
		for k := range 3 {
			px[2-k] = clamp(c[k] + int(n>>(8*k)&7) - 3)
		}
		px[3] = byte(n >> 24)
	})
	return p
}

// field is smooth noise: random values on a grid, and what lies between them.
type field struct {
	step   int
	values [64 * 64]int
}

func newField(seed uint64, step int) *field {
	f := &field{step: step}
	r := rand.New(rand.NewPCG(seed, 9))
	for i := range f.values {
		f.values[i] = int(r.Uint32() & 255)
	}
	return f
}

// at is 0 to 255.
func (f *field) at(x, y int) int {
	gx, gy := x/f.step, y/f.step
	fx, fy := (x%f.step)*256/f.step, (y%f.step)*256/f.step
	v := func(i, j int) int { return f.values[(j&63)*64+i&63] }
	a := v(gx, gy)*(256-fx) + v(gx+1, gy)*fx
	b := v(gx, gy+1)*(256-fx) + v(gx+1, gy+1)*fx
	return (a*(256-fy) + b*fy) >> 16
}

func clamp(v int) byte { return byte(max(0, min(255, v))) }

// film is a video: a slow pan and zoom over a photo, a ball that flies through it, new grain on each frame, now and then a cut.
type film struct {
	src  picture
	seed uint64
}

// The photos that films and slides show are drawn once for each size.
var photos sync.Map // [3]int → *sync.Once-guarded picture

type kept struct {
	once sync.Once
	p    picture
}

func photoOnce(w, h int, seed uint64) picture {
	v, _ := photos.LoadOrStore([3]int{w, h, int(seed)}, &kept{})
	k := v.(*kept)
	k.once.Do(func() { k.p = photo(w, h, seed) })
	return k.p
}

func newFilm(w, h int, seed uint64) *film { return &film{photoOnce(w*3/2+8, h*3/2+8, seed), seed} }

// draw draws frame n of the film into r.
func (f *film) draw(p picture, r image.Rectangle, n int) {
	const cut = 150 // frames
	phase := 2*math.Pi*float64(n%90)/90 + float64(n/cut)
	zoom := int(256 * (1.15 + 0.1*math.Sin(phase)))
	w, h := r.Dx(), r.Dy()
	cx, cy := f.src.W/2+int(float64(w)*0.1*math.Cos(phase)), f.src.H/2+int(float64(h)*0.1*math.Sin(phase))
	ball := image.Pt(r.Min.X+w/2+int(float64(w)*0.35*math.Cos(2*phase)), r.Min.Y+h/2+int(float64(h)*0.3*math.Sin(phase)))
	radius := max(h/7, 1)
	grain := uint64(n)*0x9e3779b97f4a7c15 + f.seed | 1
	p.each(r, func(x, y int, px []byte) {
		sx := max(0, min(f.src.W*256-257, cx*256+(x-r.Min.X-w/2)*zoom))
		sy := max(0, min(f.src.H*256-257, cy*256+(y-r.Min.Y-h/2)*zoom))
		grain ^= grain << 13
		grain ^= grain >> 7
		grain ^= grain << 17
		o := sy>>8*f.src.Stride + sx>>8*4
		a, b := f.src.Pix[o:o+8:o+8], f.src.Pix[o+f.src.Stride:]
		fx, fy := sx&255, sy&255
		dx, dy := x-ball.X, y-ball.Y
		light := -1
		if d := dx*dx + dy*dy; d < radius*radius {
			light = max(40, 255-(d*120/(radius*radius))-(dx+dy)*60/radius)
		}
		for k := range 3 {
			v := ((int(a[k])*(256-fx)+int(a[k+4])*fx)*(256-fy) + (int(b[k])*(256-fx)+int(b[k+4])*fx)*fy) >> 16
			if light >= 0 {
				v = light * (k + 1) / 3
			}
			px[k] = clamp(v + int(grain>>(8*k)&7) - 3)
		}
	})
}

// ramp fills r with a gradient from a to b along its diagonal; shift moves it.
func (p picture) ramp(r image.Rectangle, a, b screen.Color, shift int) {
	n := max(r.Dx()+r.Dy(), 1)
	p.each(r, func(x, y int, px []byte) {
		t := (x - r.Min.X + y - r.Min.Y + shift) % (2 * n)
		if t >= n {
			t = 2*n - 1 - t
		}
		part := byte(t * 255 / n)
		px[0], px[1], px[2] = mix(a.B, b.B, part), mix(a.G, b.G, part), mix(a.R, b.R, part)
	})
}

// scaled draws the whole of src into r, taking the nearest pixel.
func (p picture) scaled(r image.Rectangle, src picture) {
	p.each(r, func(x, y int, px []byte) {
		sx, sy := (x-r.Min.X)*src.W/r.Dx(), (y-r.Min.Y)*src.H/r.Dy()
		copy(px, src.Row(sy, sx, sx+1))
	})
}
