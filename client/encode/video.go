package encode

import (
	"image"
	"slices"
	"time"

	"deskhand/screen"
)

// videos are the regions that are shown by frames which lie over the surface.
type videos struct {
	streams [screen.MaxStreams]*region
	over    screen.Region // where frames of regions that have ended still lie
	look    screen.Region // where the next update must look, whatever the screen says
	small   screen.Frame  // a picture that was made smaller, for its memory
}

// region is one that is a video.
type region struct {
	rect    image.Rectangle
	scale   int           // its frames have 1/scale of its width and height
	scaled  time.Time     // when that last changed
	key     bool          // the next frame is to be a key frame, as soon as it can
	covered bool          // a frame was sent
	last    time.Time     // when one was tried
	rest    time.Duration // how long the next one waits at least
	dirty   bool          // it has changed since one was sent
}

// next is when the next frame may come.
func (r *region) next() time.Time {
	if r.key {
		return time.Time{}
	}
	return r.last.Add(max(frameTime, r.rest))
}

// Frames of a video come no sooner after each other than this, with a little room for those that come each 1/30 s.
const frameTime = 24 * time.Millisecond

// Bits that a pixel of a video may cost where the line does not limit it, and what the whole may at most.
const (
	bitsPerPixel = 0.11 // at 30 frames a second
	mostBits     = 40_000_000
)

// outdated tells whether there is a stream of a region that is none any more: it may end in the middle of an update.
func (v *videos) outdated(regions []image.Rectangle) bool {
	for _, r := range v.streams {
		if r != nil && !slices.Contains(regions, r.rect) {
			return true
		}
	}
	return false
}

// follow makes the streams those of the regions that there are now.
func (v *videos) follow(regions []image.Rectangle, encoder Video) {
	for i, r := range v.streams {
		if r != nil && !slices.Contains(regions, r.rect) {
			v.end(i, encoder)
		}
	}
	for _, rect := range regions {
		if slices.ContainsFunc(v.streams[:], func(r *region) bool { return r != nil && r.rect == rect }) {
			continue
		}
		if free := slices.Index(v.streams[:], nil); free >= 0 {
			v.streams[free] = &region{rect: rect, scale: 1, key: true, dirty: true}
		}
	}
}

// end gives a stream up; what lies there is to be compared with the screen and revealed.
func (v *videos) end(i int, encoder Video) {
	if r := v.streams[i]; r.covered {
		v.over.Add(r.rect)
	}
	v.look.Add(v.streams[i].rect)
	v.streams[i] = nil
	encoder.Drop(uint8(i))
}

// restart makes each stream begin with a key frame.
func (v *videos) restart() {
	for _, r := range v.streams {
		if r != nil {
			r.key, r.dirty = true, true
		}
	}
}

// due is when the next frame of what has changed may come; zero when nothing has.
func (v *videos) due() time.Time {
	var t time.Time
	for _, r := range v.streams {
		if r != nil && r.dirty && (t.IsZero() || r.next().Before(t)) {
			t = r.next()
		}
	}
	return t
}

// forget gives up all streams without a trace: the surface has another size.
func (v *videos) forget(encoder Video) {
	for i, r := range v.streams {
		if r != nil {
			v.streams[i] = nil
			encoder.Drop(uint8(i))
		}
	}
	v.over.Clear()
	v.look.Clear()
}

// frames takes the videos out of where s looks, and appends their next frames.
func (v *videos) frames(changes []screen.Change, s *Stream, now *screen.Frame) []screen.Change {
	bits := s.videoBits()
	for i, r := range v.streams {
		if r == nil {
			continue
		}
		r.dirty = r.dirty || s.look.Overlaps(r.rect)
		s.look.Subtract(r.rect)
		if !r.dirty || s.limits.NoFrames || s.captured.Before(r.next()) {
			continue
		}
		share := bits * area(r.rect) / v.area()
		r.rescale(share, s.limits.VideoBits, s.captured)
		picture := now.Sub(r.rect)
		if r.scale > 1 {
			shrink(&v.small, &picture, r.scale)
			picture = v.small
		}
		frame, err := s.Video.Encode(uint8(i), &picture, Quality{s.limits.Codec, share, r.key})
		frame.Scale = r.scale
		r.last, r.rest = s.captured, 0
		if frame.Codec == screen.JPEG { // which takes this process 25 ms at 1280×720: at most half of the time
			r.rest = 2 * s.now().Sub(s.captured)
		}
		if err != nil {
			r.key = false // the encoder makes one by itself, and this one may try again after a while
			continue
		}
		if v.over.Overlaps(r.rect) {
			changes = append(changes, screen.Change{Kind: screen.Reveal, Rect: r.rect})
			v.over.Subtract(r.rect)
		}
		changes = append(changes, screen.Change{Kind: screen.Video, Rect: r.rect, Video: &frame})
		r.key, r.dirty, r.covered = false, false, true
	}
	return changes
}

const (
	leastBits    = 0.025     // a pixel: below, fewer pixels look better
	keyBytes     = 0.06      // that a pixel of a key frame takes, about
	keyTime      = 0.05      // seconds that a key frame may take what videos may have of the line: everything else waits for it
	mostPixels   = 2_200_000 // of a frame: 1920×1080 take 15 ms to compress, and there is one thread for it
	rescaleAfter = 3 * time.Second
)

// rescale makes the frames smaller when there are too many pixels, too few of the bits a second for them, or when a key frame would keep the line too
// long, which carries line bits a second (0: any number), and larger again when there are twice as many as that takes.
func (r *region) rescale(bits, line int, at time.Time) {
	fits := func(scale int, room float64) bool {
		pixels := float64(area(r.rect) / (scale * scale))
		if pixels > mostPixels {
			return false
		}
		key := line == 0 || pixels*keyBytes*8*room <= float64(line)*keyTime
		return key && float64(bits) >= pixels*30*leastBits*room
	}
	scale := 1
	for scale < 4 && !fits(scale, 1) {
		scale *= 2
	}
	if scale < r.scale && (at.Sub(r.scaled) < rescaleAfter || !fits(scale, 2)) {
		return
	}
	if scale != r.scale {
		r.scale, r.scaled = scale, at
	}
}

// videoBits is how many bits a second all videos may have.
func (s *Stream) videoBits() int {
	bits := min(mostBits, int(float64(s.videos.area())*bitsPerPixel*30))
	if s.limits.VideoBits > 0 {
		bits = min(bits, s.limits.VideoBits)
	}
	return bits
}

// area is how many pixels the videos have.
func (v *videos) area() int {
	sum := 0
	for _, r := range v.streams {
		if r != nil {
			sum += area(r.rect)
		}
	}
	return sum
}

// reveal takes away what lies over the surface where it is exact again: everywhere but in left.
func (v *videos) reveal(changes []screen.Change, left *screen.Region) []screen.Change {
	if v.over.Empty() {
		return changes
	}
	var exact screen.Region
	exact.Set(&v.over)
	for _, r := range left.Rects() {
		exact.Subtract(r)
	}
	for _, r := range exact.Rects() {
		changes = append(changes, screen.Change{Kind: screen.Reveal, Rect: r})
		v.over.Subtract(r)
	}
	return changes
}

func area(r image.Rectangle) int { return r.Dx() * r.Dy() }
