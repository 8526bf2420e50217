package signal

import (
	"fmt"
	"testing"
	"time"
)

type fakeClock struct{ t time.Time }

func (c *fakeClock) now() time.Time { return c.t }

func TestThrottleDoublesAfterFiveWrong(t *testing.T) {
	clock := &fakeClock{time.Unix(1e9, 0)}
	th := newThrottle(clock.now)
	for i := range 4 {
		th.wrong("192.0.2.1")
		if w := th.wait("192.0.2.1"); w != 0 {
			t.Fatalf("after %d wrong tries: wait %v", i+1, w)
		}
	}
	for _, want := range []time.Duration{1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900} {
		th.wrong("192.0.2.1")
		if w := th.wait("192.0.2.1"); w != want*time.Second {
			t.Fatalf("wait %v, want %v", w, want*time.Second)
		}
	}
	if w := th.wait("192.0.2.2"); w != 0 {
		t.Fatalf("another address waits %v", w)
	}
	clock.t = clock.t.Add(901 * time.Second)
	if w := th.wait("192.0.2.1"); w != 0 {
		t.Fatalf("after the wait: %v", w)
	}
	clock.t = clock.t.Add(forgetAfter)
	th.wrong("192.0.2.1")
	if w := th.wait("192.0.2.1"); w != 0 {
		t.Fatalf("an hour later, one wrong try: wait %v", w)
	}
}

func TestThrottleCountsANetworkAsOne(t *testing.T) {
	clock := &fakeClock{time.Unix(1e9, 0)}
	th := newThrottle(clock.now)
	for i := range freeTries {
		th.wrong(fmt.Sprintf("2001:db8::%d", i+1))
	}
	if th.wait("2001:db8::ffff") == 0 {
		t.Error("another address of the same /64 does not wait")
	}
	if th.wait("2001:db8:0:1::1") != 0 {
		t.Error("another /64 waits")
	}
}

func TestThrottleIsBusyAboveHundredAMinute(t *testing.T) {
	clock := &fakeClock{time.Unix(1e9, 0)}
	th := newThrottle(clock.now)
	for i := range busyTries {
		th.wrong(fmt.Sprintf("10.0.%d.1", i))
	}
	if th.busy() {
		t.Fatal("busy at 100")
	}
	th.wrong("10.1.0.1")
	if !th.busy() {
		t.Fatal("not busy above 100")
	}
	clock.t = clock.t.Add(time.Minute)
	if th.busy() {
		t.Fatal("busy a minute later")
	}
	for i := range 3 * busyTries { // slow guessing never becomes busy
		clock.t = clock.t.Add(time.Second)
		th.wrong(fmt.Sprintf("10.2.%d.1", i))
	}
	if th.busy() {
		t.Fatal("busy at 60 a minute")
	}
}

func TestThrottleForgetsTheQuietest(t *testing.T) {
	clock := &fakeClock{time.Unix(1e9, 0)}
	th := newThrottle(clock.now)
	for i := range maxNetworks + 10 {
		th.wrong(fmt.Sprintf("10.%d.%d.%d", i>>16, i>>8&255, i&255))
	}
	if len(th.networks) > maxNetworks {
		t.Fatalf("%d networks remembered, limit %d", len(th.networks), maxNetworks)
	}
}
