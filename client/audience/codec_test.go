package audience

import (
	"slices"
	"testing"

	"deskhand/screen"
)

func TestChooseCodec(t *testing.T) {
	all := []screen.VideoCodec{screen.JPEG, screen.VP8, screen.VP9}
	for _, c := range []struct {
		can  []screen.VideoCodec
		was  screen.VideoCodec
		bits int
		want screen.VideoCodec
	}{
		{all, 0, 10_000_000, screen.VP8},
		{all, screen.VP8, 1_000_000, screen.VP9},
		{all, screen.VP9, 2_000_000, screen.VP9}, // not to and fro
		{all, screen.VP8, 2_000_000, screen.VP8},
		{all, screen.VP9, 4_000_000, screen.VP8},
		{[]screen.VideoCodec{screen.VP8}, 0, 500_000, screen.VP8},
		{[]screen.VideoCodec{screen.VP9}, 0, 10_000_000, screen.VP9},
		{[]screen.VideoCodec{screen.JPEG}, 0, 500_000, screen.JPEG},
		{nil, screen.VP8, 500_000, 0},
	} {
		can := func(v screen.VideoCodec) bool { return slices.Contains(c.can, v) }
		if got := chooseCodec(can, c.was, c.bits); got != c.want {
			t.Errorf("of %v, after %d, with %d bits/s: %d, want %d", c.can, c.was, c.bits, got, c.want)
		}
	}
}
