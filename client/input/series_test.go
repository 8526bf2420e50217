package input

import (
	"testing"
	"time"
)

func TestClicks(t *testing.T) {
	var c clicks
	begin := time.Unix(1_700_000_000, 0)
	for i, p := range []struct {
		b     Button
		x, y  int
		after time.Duration
		want  int
	}{
		{ButtonLeft, 10, 10, 0, 1},
		{ButtonLeft, 12, 9, 200 * time.Millisecond, 2},
		{ButtonLeft, 12, 9, 300 * time.Millisecond, 3},
		{ButtonRight, 12, 9, 400 * time.Millisecond, 1},
		{ButtonLeft, 12, 9, 500 * time.Millisecond, 1},
		{ButtonLeft, 40, 9, 600 * time.Millisecond, 1},
		{ButtonLeft, 40, 9, 2 * time.Second, 1},
	} {
		if got := c.press(p.b, p.x, p.y, begin.Add(p.after)); got != p.want {
			t.Errorf("press %d is number %d, want %d", i, got, p.want)
		}
	}
}

func TestTurns(t *testing.T) {
	var w turns
	for i, s := range []struct{ d, want int }{{60, 0}, {60, 1}, {-119, 0}, {-1, -1}, {250, 2}, {110, 1}, {1 << 40, maxNotches}, {-1 << 40, -maxNotches}} {
		if got := w.add(s.d); got != s.want {
			t.Errorf("turn %d makes %d notches, want %d", i, got, s.want)
		}
	}
}
