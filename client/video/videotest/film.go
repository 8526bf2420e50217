// Package videotest makes moving pictures for tests and benchmarks of the video encoder, and tells how well they came through.
package videotest

import (
	"math"
	"math/rand/v2"
	"sync"

	"deskhand/screen"
)

// Film is a moving picture as a camera makes it: a textured landscape that is panned and zoomed, a disc that crosses it, and grain that is
// new in each frame. Equal films are equal in every pixel.
type Film struct {
	W, H  int
	Grain int // the grain's values are -Grain/2 to Grain/2; 8 is a good camera indoors

	scene []float32 // sceneSide×sceneSide×3, B, G, R
}

// sceneSide is the landscape's width and height; it repeats beyond them.
const sceneSide = 1024

// NewFilm returns a film of w×h pixels.
func NewFilm(w, h, grain int) *Film {
	return &Film{W: w, H: h, Grain: grain, scene: landscape()}
}

// landscape is the scene of all films, which takes a while to make.
var landscape = sync.OnceValue(func() []float32 {
	scene := make([]float32, sceneSide*sceneSide*3)
	rnd := rand.New(rand.NewPCG(11, 23))
	hills, ground, light := octaves(rnd, 4, 3), octaves(rnd, 32, 4), octaves(rnd, 3, 2)
	for y := range sceneSide {
		for x := range sceneSide {
			i := y*sceneSide + x
			// Three bands fade into each other along the hills: sky, wood, field.
			height := float64(hills[i])*1.4 + 0.5*math.Sin(2*math.Pi*float64(y)/sceneSide)
			wood, field := step(height-0.5, 0.02), step(height-0.95, 0.02)
			texture := float64(ground[i])
			b, g, r := 230.0-40*float64(light[i]), 170.0+30*float64(light[i]), 130.0+60*float64(light[i])
			b, g, r = mix(b, 40+70*texture, wood), mix(g, 60+110*texture, wood), mix(r, 50+80*texture, wood)
			b, g, r = mix(b, 50+40*texture, field), mix(g, 100+90*texture, field), mix(r, 110+120*texture, field)
			scene[3*i], scene[3*i+1], scene[3*i+2] = float32(b), float32(g), float32(r)
		}
	}
	return scene
})

// Frame draws the picture at a time, in seconds; the film repeats after 6.
func (f *Film) Frame(dst *screen.Frame, seconds float64) {
	phase := 2 * math.Pi * seconds / 6
	rnd := rand.New(rand.NewPCG(uint64(seconds*1000), 7))
	zoom := 0.62 + 0.06*math.Sin(phase)
	left, top := 512+140*math.Cos(phase), 512+80*math.Sin(phase)
	discX, discY, disc := float64(f.W)*(0.5+0.35*math.Cos(2*phase)), float64(f.H)*(0.5+0.3*math.Sin(phase)), float64(f.H)/7
	for y := range f.H {
		row := dst.Row(y, 0, f.W)
		for x := range f.W {
			p := f.at(left+float64(x-f.W/2)*zoom, top+float64(y-f.H/2)*zoom)
			dx, dy := (float64(x)-discX)/disc, (float64(y)-discY)/disc
			if d := dx*dx + dy*dy; d < 1 {
				shade := float32(max(0.2, math.Sqrt(1-d)*0.8-0.4*dx-0.3*dy))
				p = [3]float32{70 * shade, 110 * shade, 240 * shade}
			}
			grain := float32(0)
			if f.Grain > 0 {
				grain = float32(rnd.IntN(f.Grain)) - float32(f.Grain-1)/2
			}
			for c, v := range p {
				row[4*x+c] = uint8(min(max(v+grain+0.5, 0), 255))
			}
		}
	}
}

// at is the scene's colour between its pixels.
func (f *Film) at(x, y float64) (c [3]float32) {
	fx, fy := math.Floor(x), math.Floor(y)
	ax, ay := float32(x-fx), float32(y-fy)
	x0, y0 := int(fx)&(sceneSide-1), int(fy)&(sceneSide-1)
	x1, y1 := (x0+1)&(sceneSide-1), (y0+1)&(sceneSide-1)
	for i := range c {
		top := f.scene[3*(y0*sceneSide+x0)+i]*(1-ax) + f.scene[3*(y0*sceneSide+x1)+i]*ax
		bottom := f.scene[3*(y1*sceneSide+x0)+i]*(1-ax) + f.scene[3*(y1*sceneSide+x1)+i]*ax
		c[i] = top*(1-ay) + bottom*ay
	}
	return c
}

// octaves is a seamless field of smooth noise from 0 to 1: cells lattice cells a side, then twice as many at half the strength, n times.
func octaves(rnd *rand.Rand, cells, n int) []float32 {
	out := make([]float32, sceneSide*sceneSide)
	strength, total := float32(1), float32(0)
	for range n {
		lattice := make([]float32, cells*cells)
		for i := range lattice {
			lattice[i] = rnd.Float32()
		}
		for y := range sceneSide {
			v := float64(y*cells) / sceneSide
			y0 := int(v)
			ay := float32(ease(v - float64(y0)))
			for x := range sceneSide {
				u := float64(x*cells) / sceneSide
				x0 := int(u)
				ax := float32(ease(u - float64(x0)))
				x1, y1 := (x0+1)%cells, (y0+1)%cells
				top := lattice[y0*cells+x0]*(1-ax) + lattice[y0*cells+x1]*ax
				bottom := lattice[y1*cells+x0]*(1-ax) + lattice[y1*cells+x1]*ax
				out[y*sceneSide+x] += strength * (top*(1-ay) + bottom*ay)
			}
		}
		total += strength
		strength, cells = strength*0.55, cells*2
	}
	for i := range out {
		out[i] /= total
	}
	return out
}

func ease(t float64) float64 { return t * t * (3 - 2*t) }

func mix(a, b, t float64) float64 { return a + (b-a)*t }

// step goes from 0 to 1 around v = 0, within width.
func step(v, width float64) float64 { return ease(min(max(v/width/2+0.5, 0), 1)) }
