package bench

import (
	"image"
	"math/rand/v2"
	"testing"
	"testing/synctest"
	"time"

	"deskhand/bench/corpus"
	"deskhand/codec"
)

// way is how a viewer takes a scene: what it does after each frame. Whatever it is, in the end the viewer has what is on the screen.
type way struct {
	name string
	step func(v *viewer, n int, rnd *rand.Rand)
}

var ways = []way{
	{"prompt", func(v *viewer, n int, _ *rand.Rand) {
		v.next()
		if err := v.exact(); err != nil {
			v.t.Fatalf("after frame %d: %v", n, err)
		}
	}},
	{"slow", func(v *viewer, n int, _ *rand.Rand) {
		if n%4 == 3 {
			v.next()
		}
	}},
	{"exact", func(v *viewer, n int, _ *rand.Rand) { // a viewer that shows no videos
		v.limits.Codec = 0
		v.next()
		if over := v.over(); !over.Empty() {
			v.t.Fatalf("frame %d: a video though the viewer shows none", n)
		}
	}},
	{"limited", func(v *viewer, _ int, rnd *rand.Rand) {
		v.limits.Bytes = 200 << rnd.IntN(10)
		v.limits.VideoBits = 100_000 << rnd.IntN(6)
		v.limits.NoFrames = rnd.IntN(3) == 0
		v.next()
		v.limits.NoFrames = false // what the end is measured by
	}},
	{"cut", func(v *viewer, _ int, rnd *rand.Rand) {
		switch rnd.IntN(8) {
		case 0: // the connection was cut, the last updates and the viewer's picture are lost
			v.make()
			v.dec.Close()
			v.dec = codec.NewDecoder()
			v.stream.Refresh()
		case 1: // it resumed elsewhere: the viewer has its picture, and knows nothing of the stream
			v.stream.Restart()
		}
		v.next()
	}},
	{"failing", func(v *viewer, _ int, rnd *rand.Rand) { // the video encoder fails now and then
		v.video.fails = rnd
		v.next()
		v.video.fails = nil
	}},
}

// The corpus, in every way.
func TestReplay(t *testing.T) {
	size := image.Pt(420, 270)
	if raced {
		size = image.Pt(140, 100)
	}
	for _, scene := range corpus.All(size) {
		t.Run(scene.Name, func(t *testing.T) {
			t.Parallel()
			rec := record(scene)
			for _, w := range ways {
				t.Run(w.name, func(t *testing.T) { replay(t, rec, w) })
			}
			t.Run("parting", func(t *testing.T) { part(t, rec) })
		})
	}
}

func replay(t *testing.T, rec *recording, w way) {
	synctest.Test(t, func(t *testing.T) {
		v := newViewer(t, 0)
		defer v.close()
		rnd := rand.New(rand.NewPCG(1, 2))
		for n, f := range rec.frames {
			v.feed.show(f, rec.damage[n])
			w.step(v, n, rnd)
			time.Sleep(time.Second / time.Duration(rec.Rate))
		}
		v.rested()
	})
}

// part lets a viewer leave the stream that it shares with another, go on by itself, and come back.
func part(t *testing.T, rec *recording) {
	synctest.Test(t, func(t *testing.T) {
		stays, goes := newViewer(t, 0), newViewer(t, 1<<20)
		defer stays.close()
		alone := false
		for n, f := range rec.frames {
			stays.feed.show(f, rec.damage[n])
			goes.feed.show(f, rec.damage[n])
			msg, ok := stays.make()
			if ok {
				stays.apply(msg)
			}
			switch {
			case alone:
				goes.next()
				if n%8 != 7 || !goes.stream.Meets(stays.stream) {
					break
				}
				alone = false
				last, ok, err := goes.stream.CatchUp(stays.stream)
				if err != nil {
					t.Fatal(err)
				}
				if ok {
					goes.apply(last.Data)
				}
			default:
				if ok {
					goes.apply(msg)
				}
				if n%8 == 3 {
					alone = true
					goes.feed.pending.Add(f.Bounds())
					old := goes.stream
					var err error
					if goes.stream, err = stays.stream.Fork(goes.parts()); err != nil {
						t.Fatal(err)
					}
					old.Close()
				}
			}
			time.Sleep(time.Second / time.Duration(rec.Rate))
		}
		stays.rested()
		if !alone { // what one makes, both take
			goes.dec.Close()
			goes.dec, goes.stream = codec.NewDecoder(), stays.stream
			goes.stream.Refresh()
			goes.feed = stays.feed
		}
		goes.rested()
		goes.dec.Close()
	})
}

// Sizes at which tiles, words of the machine and rows do not come out even.
func TestReplayOddSizes(t *testing.T) {
	sizes := []image.Point{{1, 1}, {65, 63}, {257, 131}}
	if raced {
		sizes = sizes[1:2]
	}
	for _, size := range sizes {
		for _, scene := range corpus.All(size) {
			t.Run(scene.Name, func(t *testing.T) {
				rec := record(scene)
				for _, w := range ways[:1] {
					replay(t, rec, w)
				}
			})
		}
	}
}
