// Package encode makes the stream of screen updates that the viewers of one display share. What changes is merged until the next update is asked
// for, so that nothing waits in a queue; how much an update may hold is said each time. It knows no network and starts no goroutine.
//
//	Screen ─Take─▶ regions that are videos ─▶ Video ────────┐
//	               all other changes ───────▶ Differ ───────┴─▶ codec ─▶ an update
//
// stream.go makes updates, video.go knows where videos lie and refines what comes to rest, share.go lets streams part and meet.
package encode

import (
	"image"
	"time"

	"deskhand/screen"
)

// Screen is what a stream shows: a capture.Feed.
type Screen interface {
	// Take calls use with the image now, where it may differ from the last Take or is owed, and where of that it was drawn on since; not at all when
	// nothing changed. The image may have another size than last time. All are only lent.
	Take(use func(now *screen.Frame, changed, damaged *screen.Region)) error
	// Owe makes the next Take find this changed, too: it was not shown.
	Owe(region *screen.Region)
}

// Differ finds the changes that lead from shown to now within changed, and brings shown there: a damage.Differ.
type Differ interface {
	// Diff sends about budget pixels at most (0: any number); Left is where that did not reach.
	Diff(shown, now *screen.Frame, changed *screen.Region, at time.Time, budget int) []screen.Change
	Left() *screen.Region
	// Focus is where the viewer looks: what changed there comes first.
	Focus(at image.Point)
	// Restart forgets what the viewer keeps.
	Restart()
}

// Motion finds the regions that are videos: a damage.Motion.
type Motion interface {
	// Touched is told where an update looks, and then Observe what it changes, and what its limits left.
	Observe(changes []screen.Change, left *screen.Region, now *screen.Frame, at time.Time)
	Touched(damage *screen.Region, at time.Time)
	// Expire gives up what is at rest, next at NextExpiry (zero: nothing moves).
	Expire(at time.Time)
	NextExpiry() time.Time
	// Regions are disjoint, at most screen.MaxStreams.
	Regions() []image.Rectangle
}

// Video compresses regions: a video.Encoder.
type Video interface {
	// Encode compresses the next picture of a stream's region. key asks for a frame that needs none before it; the encoder makes one by itself
	// when it must. An error means that this frame is lost. The frame's data is used until the next Encode.
	Encode(stream uint8, picture *screen.Frame, q Quality) (screen.VideoFrame, error)
	// Drop frees what a stream holds.
	Drop(stream uint8)
}

// Quality is what a frame should be.
type Quality struct {
	Codec         screen.VideoCodec
	BitsPerSecond int
	Key           bool
}

// Parts are what a stream is put together from. They belong to it. Without Video, everything is sent exactly.
type Parts struct {
	Screen Screen
	Differ Differ
	Motion Motion
	Video  Video

	Now func() time.Time // the clock; time.Now when nil
}

// Limits say how much the next update may hold; zero is no limit.
type Limits struct {
	Bytes     int  // about; a part that cannot be cut may be larger
	VideoBits int  // per second, of all videos together
	NoFrames  bool // videos wait

	Codec screen.VideoCodec // of videos; 0: there are none, all is sent exactly
}

// Update is a screen update as it goes to every viewer of the stream. Nobody changes it.
type Update struct {
	ID   uint32
	Data []byte
}
