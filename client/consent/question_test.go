package consent

import (
	"testing"
	"time"

	"pgregory.net/rapid"
)

var start = time.Date(2026, 3, 4, 12, 0, 0, 0, time.UTC)

func at(d time.Duration) time.Time { return start.Add(d) }

func TestQuestion(t *testing.T) {
	type step struct {
		at     time.Duration
		choice Choice
		do     string // "choose", "touch", "more", "tick"
		taken  bool
	}
	for _, tt := range []struct {
		name  string
		ask   Ask
		steps []step
		want  Answer
		open  bool
	}{
		{"denied", Control, []step{{2 * time.Second, Deny, "choose", true}}, Answer{Denied, Chosen, at(2 * time.Second)}, false},
		{"view only", Control, []step{{2 * time.Second, ViewOnly, "choose", true}}, Answer{GrantedView, Chosen, at(2 * time.Second)}, false},
		{"control", Control, []step{{2 * time.Second, AllowControl, "choose", true}}, Answer{GrantedControl, Chosen, at(2 * time.Second)}, false},
		{"control is not offered for viewing", View, []step{{2 * time.Second, AllowControl, "choose", false}}, Answer{}, true},
		{"files", Files, []step{{2 * time.Second, Allow, "choose", true}}, Answer{GrantedOther, Chosen, at(2 * time.Second)}, false},
		{"files are not control", Files, []step{{2 * time.Second, AllowControl, "choose", false}}, Answer{}, true},
		{"control is not granted by Allow", Control, []step{{2 * time.Second, Allow, "choose", false}}, Answer{}, true},
		{"the first second does not count", Control, []step{{999 * time.Millisecond, AllowControl, "choose", false}}, Answer{}, true},
		{"from the first second on", Control, []step{{time.Second, Deny, "choose", true}}, Answer{Denied, Chosen, at(time.Second)}, false},
		{"silence", Control, []step{{29 * time.Second, 0, "tick", false}, {30 * time.Second, 0, "tick", false}}, Answer{Unanswered, Timeout, at(30 * time.Second)}, false},
		{"too late", Control, []step{{31 * time.Second, AllowControl, "choose", false}}, Answer{Unanswered, Timeout, at(31 * time.Second)}, false},
		{"any input restarts", Control, []step{{20 * time.Second, 0, "touch", false}, {49 * time.Second, 0, "tick", false}, {50 * time.Second, 0, "tick", false}}, Answer{Unanswered, Timeout, at(50 * time.Second)}, false},
		{"early input does not restart", Control, []step{{500 * time.Millisecond, 0, "touch", false}, {30 * time.Second, 0, "tick", false}}, Answer{Unanswered, Timeout, at(30 * time.Second)}, false},
		{"more time", Control, []step{{29 * time.Second, 0, "more", false}, {58 * time.Second, AllowControl, "choose", true}}, Answer{GrantedControl, Chosen, at(58 * time.Second)}, false},
		{"one answer only", Control, []step{{2 * time.Second, Deny, "choose", true}, {3 * time.Second, AllowControl, "choose", false}}, Answer{Denied, Chosen, at(2 * time.Second)}, false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			q := Open(Request{Ask: tt.ask}, Default, start)
			for _, s := range tt.steps {
				switch s.do {
				case "choose":
					if got := q.Choose(s.choice, at(s.at)); got != s.taken {
						t.Errorf("choice %v at %v taken: %v", s.choice, s.at, got)
					}
				case "touch":
					q.Touch(at(s.at))
				case "more":
					q.More(at(s.at))
				case "tick":
					q.Tick(at(s.at))
				}
			}
			if got, done := q.Answer(); done == tt.open || got != tt.want {
				t.Errorf("answer %+v, done %v", got, done)
			}
		})
	}
}

// More time cannot be had for ever.
func TestMoreTimeIsBounded(t *testing.T) {
	q := Open(Request{}, Default, start)
	var now time.Time
	for q.CanExtend() {
		now = q.Deadline().Add(-time.Second)
		q.More(now)
		if now.Sub(start) > Default.Limit {
			t.Fatalf("still open after %v", now.Sub(start))
		}
	}
	if got := q.Deadline().Sub(start); got != Default.Limit {
		t.Errorf("ends after %v", got)
	}
	q.Tick(q.Deadline())
	if a, done := q.Answer(); !done || a.Outcome != Unanswered {
		t.Errorf("answer %+v, %v", a, done)
	}
}

func TestPolicyWait(t *testing.T) {
	q := Open(Request{Wait: 10 * time.Minute}, Default, start)
	if got := q.Deadline().Sub(start); got != 10*time.Minute {
		t.Errorf("deadline after %v", got)
	}
	if q.CanExtend() {
		t.Error("beyond its limit")
	}
}

// Whatever happens, nothing is granted but by a choice that was offered and counted, and every question ends.
func TestNothingIsGrantedByItself(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		ask := Ask(rapid.IntRange(int(View), int(KeepAccess)).Draw(t, "ask"))
		q := Open(Request{Ask: ask}, Default, start)
		now, allowed := start, false
		for range rapid.IntRange(0, 50).Draw(t, "steps") {
			now = now.Add(time.Duration(rapid.IntRange(0, 31_000).Draw(t, "ms")) * time.Millisecond)
			switch rapid.IntRange(0, 2).Draw(t, "do") {
			case 0:
				c := Choice(rapid.IntRange(int(Deny), int(Allow)).Draw(t, "choice"))
				if q.Choose(c, now) && c != Deny {
					allowed = true
				}
			case 1:
				q.Touch(now)
			case 2:
				q.Tick(now)
			}
			if a, done := q.Answer(); done && a.Granted() != allowed {
				t.Fatalf("granted %v, allowed %v", a, allowed)
			}
		}
		q.Tick(start.Add(Default.Limit))
		if _, done := q.Answer(); !done {
			t.Fatal("never ends")
		}
	})
}
