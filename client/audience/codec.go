package audience

import (
	"slices"

	"deskhand/screen"
)

// VP9 shows more of a film for the same few bits, and takes twice the time: below the one rate it is chosen, above the other no longer, in bits a second
// of all videos (docs/design/0005-video-encoder.md).
const (
	vp9Below = 1_500_000
	vp8Above = 3_000_000
)

// chooseCodec is what videos are compressed with for viewers who can all show some codecs, when they were with another and may now have so many bits a
// second; 0: none.
func chooseCodec(can func(screen.VideoCodec) bool, was screen.VideoCodec, bits int) screen.VideoCodec {
	slow := bits < vp9Below || was == screen.VP9 && bits < vp8Above
	order := []screen.VideoCodec{screen.VP8, screen.VP9, screen.JPEG}
	if slow {
		order = []screen.VideoCodec{screen.VP9, screen.VP8, screen.JPEG}
	}
	for _, c := range order {
		if can(c) {
			return c
		}
	}
	return 0
}

// can tells whether all seats can show a codec. mu is held.
func (st *stage) can(c screen.VideoCodec) bool {
	return !slices.ContainsFunc(st.seats, func(s *Seat) bool { return !slices.Contains(s.codecs, c) })
}
