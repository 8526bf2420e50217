package deskhand_test

import (
	"strconv"
	"testing"
	"testing/synctest"
	"time"

	"deskhand"
)

func TestPace(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := deskhand.NewPace(3, 0.5)
		for range 3 {
			if wait := p.Take("a"); wait != 0 {
				t.Fatalf("waits %v", wait)
			}
		}
		for range 2 { // what is refused is not counted
			if wait := p.Take("a"); wait != 2*time.Second {
				t.Errorf("waits %v, want 2s", wait)
			}
		}
		if wait := p.Take("b"); wait != 0 {
			t.Errorf("another waits %v", wait)
		}
		time.Sleep(2 * time.Second)
		if wait := p.Take("a"); wait != 0 {
			t.Errorf("waits %v after its time", wait)
		}
		for i := range 20_000 { // it neither grows for ever nor forgets who has to wait while others are quiet
			p.Take(strconv.Itoa(i))
			if i%5_000 == 0 {
				time.Sleep(time.Minute)
			}
		}
	})
}
