// Package corpus is a collection of recorded screens: what people have on their displays and what happens there, drawn by this package and the
// same in every run. Each scene tells the damage that an X server would report, which is often more than what changed. Benchmarks, tests
// and the player of bench/player replay it; nothing of it is kept in files.
package corpus

import (
	"image"
	"iter"

	"deskhand/screen"
)

// Scene is one recorded screen. It is drawn while it is played, so that a scene of any size costs no memory before.
type Scene struct {
	Name string
	Size image.Point // of the display at the beginning
	Rate int         // frames per second at which a person would see it
	Len  int         // frames

	begin func(c *canvas) (step func(n int)) // draws frame 0, and returns what draws frame n from n-1
}

// All returns every scene on a display of this size. They work from 1×1 on; below about 320×200 most of them show only their corners.
func All(size image.Point) []Scene {
	all := make([]Scene, len(scenes))
	for i, s := range scenes {
		s.Size = size
		all[i] = s
	}
	return all
}

// Named returns one scene on a display of this size; there is none when it has another name.
func Named(name string, size image.Point) (Scene, bool) {
	for _, s := range All(size) {
		if s.Name == name {
			return s, true
		}
	}
	return Scene{}, false
}

// The scenes by what they are about; each says what is hard in it.
var scenes = []Scene{
	{Name: "still", Rate: 10, Len: 8, begin: still},                        // damage, and no pixel changes
	{Name: "typing", Rate: 10, Len: 70, begin: typing},                     // a few pixels, and at a line's end everything below moves
	{Name: "typing-lcd", Rate: 10, Len: 70, begin: typingLCD},              // coloured edges
	{Name: "caret", Rate: 2, Len: 12, begin: caret},                        // the same two pictures for ever
	{Name: "scroll", Rate: 20, Len: 40, begin: scroll},                     // by three lines, by pages, back
	{Name: "scroll-smooth", Rate: 60, Len: 40, begin: scrollSmooth},        // by 1 to 7 pixels
	{Name: "scroll-two", Rate: 30, Len: 30, begin: scrollTwo},              // two windows, in two directions
	{Name: "terminal", Rate: 60, Len: 30, begin: terminal},                 // more lines a frame than fit
	{Name: "spreadsheet", Rate: 15, Len: 24, begin: spreadsheet},           // sideways, under a heading that stays
	{Name: "pan", Rate: 30, Len: 24, begin: pan},                           // a map pulled in all directions
	{Name: "drag", Rate: 60, Len: 40, begin: drag},                         // a window over a photo, diagonally
	{Name: "menus", Rate: 10, Len: 40, begin: menus},                       // opened and closed, each time the same
	{Name: "raise", Rate: 4, Len: 24, begin: raise},                        // windows that come back
	{Name: "pages", Rate: 2, Len: 20, begin: pages},                        // pages seen before
	{Name: "tooltip", Rate: 8, Len: 24, begin: tooltip},                    // comes and goes
	{Name: "progress", Rate: 20, Len: 40, begin: progress},                 // a bar with its number
	{Name: "spinner", Rate: 30, Len: 30, begin: spinner},                   // small, for ever, and not a video
	{Name: "dark-list", Rate: 15, Len: 30, begin: darkList},                // a selection that wanders
	{Name: "sixteen", Rate: 15, Len: 24, begin: sixteen},                   // few colours, dithered
	{Name: "gradients", Rate: 20, Len: 20, begin: gradients},               // many colours and no edge
	{Name: "zoom", Rate: 15, Len: 24, begin: zoom},                         // everything changes, nothing moves
	{Name: "slideshow", Rate: 10, Len: 30, begin: slideshow},               // photos that rest
	{Name: "video", Rate: 30, Len: 45, begin: video},                       // with a title over it and a bar below
	{Name: "video-life", Rate: 30, Len: 75, begin: videoLife},              // starts, pauses, moves, grows, ends
	{Name: "video-two", Rate: 30, Len: 36, begin: videoTwo},                // one window over the other
	{Name: "sprite", Rate: 60, Len: 40, begin: sprite},                     // a pointer that a program draws
	{Name: "noise", Rate: 15, Len: 16, begin: noise},                       // nothing to compress
	{Name: "blank", Rate: 4, Len: 12, begin: blank},                        // a screen saver
	{Name: "resize", Rate: 10, Len: 24, begin: resize},                     // another display size, and back
	{Name: "many-small", Rate: 30, Len: 24, begin: manySmall},              // more places than a region holds
	{Name: "window-opens", Rate: 30, Len: 24, begin: windowOpens},          // grows in, then shows its content
	{Name: "text-over-video", Rate: 30, Len: 30, begin: textOverVideo},     // subtitles, and a chat that scrolls over it
	{Name: "scroll-with-photos", Rate: 20, Len: 30, begin: scrollPhotos},   // a page with pictures in it
	{Name: "mirror", Rate: 10, Len: 16, begin: mirror},                     // the viewer's own window on the screen it shows
	{Name: "typing-everywhere", Rate: 20, Len: 30, begin: typingAllAround}, // several places at once, one reported box
}

// Play is one playing of a scene.
type Play struct {
	Now *screen.Frame // the display; another frame after it changed its size
	N   int           // number of the frame that Now shows; -1 before the first

	scene  Scene
	canvas canvas
	step   func(n int)
}

// Play begins the scene; nothing is drawn before the first Next.
func (s Scene) Play() *Play { return &Play{N: -1, scene: s} }

// Next draws the next frame and returns what an X server would report as damaged: boxes inside the display, which may overlap and may hold
// pixels that stayed the same. They hold until the next call. ok is false at the scene's end.
func (p *Play) Next() (damage []image.Rectangle, ok bool) {
	if p.N+1 >= p.scene.Len {
		return nil, false
	}
	p.N++
	c := &p.canvas
	c.damage = c.damage[:0]
	if p.N == 0 {
		c.resize(p.scene.Size)
		p.step = p.scene.begin(c)
	} else {
		p.step(p.N)
	}
	p.Now = c.Frame
	return c.damage, true
}

// Frames plays the whole scene: the damage of each frame, and the play that shows it.
func (s Scene) Frames() iter.Seq2[*Play, []image.Rectangle] {
	return func(yield func(*Play, []image.Rectangle) bool) {
		p := s.Play()
		for damage, ok := p.Next(); ok; damage, ok = p.Next() {
			if !yield(p, damage) {
				return
			}
		}
	}
}
