package shell

import (
	"context"
	"errors"
	"io"
)

// ErrReplaced says that another viewer has taken the seat.
var ErrReplaced = errors.New("another viewer has the command prompt now")

// Seat is the place of the one viewer that a shell has at a time.
type Seat struct {
	shell *Shell
	next  uint64 // offset of what Read gives next; guarded by the shell's mu

	// Gap says that output is missing between what the viewer has shown and Offset. Neither changes.
	Gap    bool
	Offset uint64
}

// Attach gives the seat to a viewer that has shown the output up to an offset. Whoever had it loses it.
func (s *Shell) Attach(shown uint64) *Seat {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.leaving.Stop()
	seat := &Seat{shell: s, next: shown}
	if oldest := s.out.end - min(s.out.end, Window); shown < oldest || shown > s.out.end {
		seat.next, seat.Gap = oldest, true
	}
	seat.Offset, s.shown, s.seat = seat.next, seat.next, seat
	s.changed.Broadcast()
	return seat
}

// Shell is whose seat it is.
func (t *Seat) Shell() *Shell { return t.shell }

// Read waits for output and gives it with the offset of its first byte. Errors: ErrReplaced, io.EOF when the shell has ended and all output was
// given, ctx's cause.
func (t *Seat) Read(ctx context.Context, b []byte) (offset uint64, n int, err error) {
	s := t.shell
	s.mu.Lock()
	defer s.mu.Unlock()
	for {
		switch {
		case s.seat != t:
			return 0, 0, ErrReplaced
		case t.next < s.out.oldest(): // only an ending shell does not wait
			t.next = s.out.oldest()
		case t.next < s.out.end:
			offset, n = t.next, s.out.read(t.next, b)
			t.next += uint64(n)
			return offset, n, nil
		case s.ended:
			return 0, 0, io.EOF
		}
		if err := s.wait(ctx); err != nil {
			return 0, 0, err
		}
	}
}

// Shown notes that the viewer shows the output up to an offset.
func (t *Seat) Shown(offset uint64) {
	s := t.shell
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.seat == t && offset > s.shown && offset <= t.next {
		s.shown = offset
		s.changed.Broadcast()
	}
}

// AwaitShown waits until the viewer shows all output of a shell that has ended. Errors: ErrReplaced, ctx's cause.
func (t *Seat) AwaitShown(ctx context.Context) error {
	s := t.shell
	s.mu.Lock()
	defer s.mu.Unlock()
	for s.shown < s.out.end {
		if s.seat != t {
			return ErrReplaced
		}
		if err := s.wait(ctx); err != nil {
			return err
		}
	}
	return nil
}

// Type gives input to the shell; the bytes are its own from then on. It waits while the program does not read. Errors: ErrReplaced, ctx's cause. What is
// typed after the shell's end is lost.
func (t *Seat) Type(ctx context.Context, b []byte) error {
	s := t.shell
	s.mu.Lock()
	mine := s.seat == t
	s.mu.Unlock()
	if !mine {
		return ErrReplaced
	}
	select {
	case s.input <- b:
		return nil
	case <-s.gone:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

// Resize gives the terminal the viewer's size.
func (t *Seat) Resize(columns, rows int) error {
	t.shell.resized(columns)
	return t.shell.term.Resize(columns, rows)
}

// Redraw makes the program in front draw itself anew.
func (t *Seat) Redraw() error { return t.shell.term.Redraw() }

// Foreground names what runs in the shell; empty: the shell itself waits.
func (t *Seat) Foreground() string { return t.shell.term.Foreground() }

// Ending is how the shell ended, after Read's io.EOF.
func (t *Seat) Ending() Ending {
	s := t.shell
	s.mu.Lock()
	defer s.mu.Unlock()
	return Ending{ID: s.ID, Reason: s.reason, ExitCode: s.code}
}

// Delivered says that the viewer knows all, its end included: nobody comes back to it.
func (t *Seat) Delivered() { t.shell.forget() }

// Close leaves the seat. The shell waits for a while for who comes back.
func (t *Seat) Close() {
	s := t.shell
	s.mu.Lock()
	mine := s.seat == t
	over := mine && s.ended && s.ending
	if mine {
		s.seat = nil
		s.leaving.Reset(s.book.options.Grace)
	}
	s.mu.Unlock()
	if over {
		s.forget()
	}
}
