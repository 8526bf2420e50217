package consent

import (
	"context"
	"errors"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// screen is a Prompt that remembers what it showed.
type screen struct {
	mu     sync.Mutex
	sheets []Sheet
	shown  bool
	fault  error
}

func (s *screen) Show(sh Sheet) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.sheets = append(s.sheets, sh)
	s.shown = true
	return s.fault
}

func (s *screen) Hide() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.shown = false
}

func (s *screen) last() Sheet {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.sheets[len(s.sheets)-1]
}

// questions counts the different questions that were shown.
func (s *screen) questions() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	ids := map[uint64]bool{}
	for _, sh := range s.sheets {
		ids[sh.ID] = true
	}
	return len(ids)
}

var (
	rodney = Agent{ID: "a1", Name: "Rodney"}
	alice  = Agent{ID: "a2", Name: "Alice"}
)

func wish(a Agent, ask Ask) Request { return Request{Session: "s1", Agent: a, Ask: ask} }

// bubble runs a test on a fake clock.
func bubble(t *testing.T, f func(t *testing.T, b *Book, s *screen)) {
	synctest.Test(t, func(t *testing.T) {
		s := &screen{}
		f(t, NewBook(s, Default), s)
	})
}

// asking begins to ask and waits until the question is shown.
func asking(b *Book, r Request) <-chan Answer {
	done := make(chan Answer, 1)
	go func() { done <- b.Ask(context.Background(), r, nil) }()
	synctest.Wait()
	return done
}

// answers asks, waits for the first second to pass, and chooses.
func answers(b *Book, s *screen, r Request, c Choice) Answer {
	done := asking(b, r)
	time.Sleep(2 * time.Second)
	b.Choose(s.last().ID, c)
	return <-done
}

func TestAskedOnce(t *testing.T) {
	bubble(t, func(t *testing.T, b *Book, s *screen) {
		if a := answers(b, s, wish(rodney, Control), AllowControl); a.Outcome != GrantedControl || a.Reason != Chosen {
			t.Fatalf("answer %+v", a)
		}
		if s.shown {
			t.Error("the question is still there")
		}
		for ask, want := range map[Ask]Outcome{Control: GrantedControl, View: GrantedView} {
			if a := b.Ask(t.Context(), wish(rodney, ask), nil); a.Outcome != want || a.Reason != Remembered {
				t.Errorf("%v again: %+v", ask, a)
			}
		}
		if n := s.questions(); n != 1 {
			t.Errorf("%d questions", n)
		}
	})
}

// Another agent, another session, a higher level and another wish are asked for; unattended access each time.
func TestAskedAgain(t *testing.T) {
	bubble(t, func(t *testing.T, b *Book, s *screen) {
		answers(b, s, wish(rodney, Control), ViewOnly)
		for i, r := range []Request{
			wish(rodney, Control), wish(alice, View),
			{Session: "s2", Agent: rodney, Ask: View},
			wish(rodney, Files), wish(rodney, KeepAccess),
			wish(rodney, KeepAccess),
		} {
			c := Allow
			if r.Ask <= Control {
				c = ViewOnly
			}
			if a := answers(b, s, r, c); a.Reason != Chosen || !a.Granted() {
				t.Errorf("%+v: %+v", r, a)
			}
			if n := s.questions(); n != i+2 {
				t.Errorf("%d questions after %+v", n, r)
			}
		}
		b.Forget("s1")
		if a := answers(b, s, wish(rodney, View), Deny); a.Reason != Chosen {
			t.Errorf("after the session: %+v", a)
		}
	})
}

func TestSilenceDenies(t *testing.T) {
	bubble(t, func(t *testing.T, b *Book, s *screen) {
		begin := time.Now()
		a := <-asking(b, wish(rodney, Control))
		if a.Outcome != Unanswered || a.Granted() || time.Since(begin) != 30*time.Second {
			t.Errorf("%+v after %v", a, time.Since(begin))
		}
	})
}

func TestMoreTimeChangesTheSheet(t *testing.T) {
	bubble(t, func(t *testing.T, b *Book, s *screen) {
		var deadlines []time.Duration
		begin := time.Now()
		done := make(chan Answer, 1)
		go func() {
			done <- b.Ask(t.Context(), wish(rodney, Control), func(d time.Time) { deadlines = append(deadlines, d.Sub(begin)) })
		}()
		synctest.Wait()
		first := s.last()
		time.Sleep(20 * time.Second)
		b.Touch(first.ID)
		synctest.Wait()
		if sh := s.last(); sh.ID != first.ID || sh.Deadline.Sub(first.Deadline) != 20*time.Second || !sh.CanExtend {
			t.Errorf("sheet %+v", sh)
		}
		if a := <-done; a.Outcome != Unanswered || time.Since(begin) != 50*time.Second {
			t.Errorf("%+v after %v", a, time.Since(begin))
		}
		if want := []time.Duration{30 * time.Second, 50 * time.Second}; !slices.Equal(deadlines, want) {
			t.Errorf("deadlines %v", deadlines)
		}
	})
}

// Buttons of a question that is over do not answer the next one.
func TestOldButtonsAreIgnored(t *testing.T) {
	bubble(t, func(t *testing.T, b *Book, s *screen) {
		answers(b, s, wish(rodney, Control), ViewOnly)
		old := s.last().ID
		done := asking(b, wish(alice, Control))
		time.Sleep(2 * time.Second)
		b.Choose(old, AllowControl)
		b.Choose(0, AllowControl)
		b.Touch(old)
		if a := <-done; a.Outcome != Unanswered {
			t.Errorf("%+v", a)
		}
	})
}

// Several viewers of one agent share one question.
func TestViewersShare(t *testing.T) {
	bubble(t, func(t *testing.T, b *Book, s *screen) {
		one, two := asking(b, wish(rodney, Control)), asking(b, wish(rodney, Control))
		time.Sleep(2 * time.Second)
		b.Choose(s.last().ID, Deny)
		if a, c := <-one, <-two; a != c || a.Outcome != Denied {
			t.Errorf("%+v and %+v", a, c)
		}
		if n := s.questions(); n != 1 {
			t.Errorf("%d questions", n)
		}
	})
}

// Different agents are asked for one after the other; each has its full time.
func TestOneQuestionAtATime(t *testing.T) {
	bubble(t, func(t *testing.T, b *Book, s *screen) {
		begin := time.Now()
		one, two := asking(b, wish(rodney, Control)), asking(b, wish(alice, Control))
		if n := s.questions(); n != 1 {
			t.Fatalf("%d questions at once", n)
		}
		<-one
		synctest.Wait()
		if sh := s.last(); sh.Request.Agent != alice || sh.Deadline.Sub(begin) != time.Minute {
			t.Errorf("second sheet %+v", sh)
		}
		<-two
	})
}

// The question goes away with the last one who asked.
func TestWithdrawn(t *testing.T) {
	bubble(t, func(t *testing.T, b *Book, s *screen) {
		ctx, cancel := context.WithCancel(t.Context())
		one := make(chan Answer, 1)
		go func() { one <- b.Ask(ctx, wish(rodney, Control), nil) }()
		synctest.Wait()
		two := asking(b, wish(rodney, Control))
		cancel()
		if a := <-one; a.Granted() || a.Reason != Withdrawn {
			t.Errorf("%+v", a)
		}
		synctest.Wait()
		if !s.shown {
			t.Error("the other viewer's question went away too")
		}
		time.Sleep(2 * time.Second)
		b.Choose(s.last().ID, AllowControl)
		if a := <-two; a.Outcome != GrantedControl {
			t.Errorf("%+v", a)
		}

		ctx, cancel = context.WithCancel(t.Context())
		go func() { one <- b.Ask(ctx, wish(alice, Control), nil) }()
		synctest.Wait()
		cancel()
		<-one
		synctest.Wait()
		if s.shown {
			t.Error("the question is still there")
		}
		if a := answers(b, s, wish(alice, Control), ViewOnly); a.Outcome != GrantedView {
			t.Errorf("asked again: %+v", a)
		}
	})
}

// Who was refused three times is not asked for any more in this session.
func TestTooOften(t *testing.T) {
	bubble(t, func(t *testing.T, b *Book, s *screen) {
		for range Default.Denials {
			answers(b, s, wish(rodney, Control), Deny)
		}
		if a := b.Ask(t.Context(), wish(rodney, View), nil); a.Outcome != Denied || a.Reason != TooOften {
			t.Errorf("%+v", a)
		}
		if a := answers(b, s, wish(alice, View), ViewOnly); a.Outcome != GrantedView {
			t.Errorf("another agent: %+v", a)
		}
	})
}

// What was granted stays so, even when more was refused three times.
func TestGrantOutlivesRefusals(t *testing.T) {
	bubble(t, func(t *testing.T, b *Book, s *screen) {
		answers(b, s, wish(rodney, View), ViewOnly)
		for range Default.Denials {
			answers(b, s, wish(rodney, Control), Deny)
		}
		if a := b.Ask(t.Context(), wish(rodney, View), nil); a.Reason != Remembered || !a.Granted() {
			t.Errorf("%+v", a)
		}
	})
}

func TestNotShown(t *testing.T) {
	bubble(t, func(t *testing.T, b *Book, s *screen) {
		s.fault = errors.New("no display")
		if a := b.Ask(t.Context(), wish(rodney, View), nil); a.Granted() || a.Reason != NotShown {
			t.Errorf("%+v", a)
		}
	})
}

func TestManyAtOnce(t *testing.T) {
	bubble(t, func(t *testing.T, b *Book, s *screen) {
		var wg sync.WaitGroup
		for i := range 20 {
			wg.Go(func() {
				ctx, cancel := context.WithTimeout(t.Context(), time.Duration(i)*7*time.Second)
				defer cancel()
				a := b.Ask(ctx, Request{Session: "s1", Agent: Agent{ID: string(rune('a' + i%5))}, Ask: Ask(i % 3)}, nil)
				if a.Granted() {
					t.Errorf("granted by nobody: %+v", a)
				}
			})
			wg.Go(func() { b.Touch(uint64(i)) })
		}
		wg.Wait()
	})
}
