package shell

import (
	"context"
	"sync"
	"time"
)

// chunk is the most that is read from a terminal at once.
const chunk = 32 << 10

// Shell is one shell.
//
//	waiting ⇄ a Seat is taken ── its program ends, or End ──→ ended ── the Seat has delivered all, or nobody came ──→ forgotten
type Shell struct {
	ID, Program string

	book  *Book
	term  Terminal
	input chan []byte   // to typing
	gone  chan struct{} // closed when the program is gone and all output has come

	mu       sync.Mutex // guards all below
	changed  *sync.Cond
	out      ring
	head     []byte  // the first output, until it is reported
	shown    uint64  // output up to here is shown
	reported uint64  // output up to here is in the transcript
	widths   []width // of the terminal, for the output that is not; never empty
	seat     *Seat   // who is there; nil: nobody
	leaving  *time.Timer
	ending   bool // the program is told to end: nobody waits for what it still says
	ended    bool
	reason   string
	code     int
}

func newShell(b *Book, id, program string, term Terminal, columns int) *Shell {
	s := &Shell{ID: id, Program: program, book: b, term: term, input: make(chan []byte), gone: make(chan struct{}), out: ring{size: tail}, widths: []width{{columns: columns}}}
	s.changed = sync.NewCond(&s.mu)
	s.leaving = time.AfterFunc(b.options.Grace, s.abandon)
	return s
}

// pump reads the terminal until the program is gone.
func (s *Shell) pump() {
	buf := make([]byte, chunk)
	for {
		n, err := s.term.Read(buf[:s.room()])
		if n > 0 {
			s.came(buf[:n])
		}
		if err != nil {
			break
		}
	}
	code, _ := s.term.Close()
	s.mu.Lock()
	s.ended, s.code = true, code
	unwanted := s.ending && s.seat == nil
	s.changed.Broadcast()
	s.mu.Unlock()
	close(s.gone)
	if unwanted {
		s.forget()
	}
}

// room waits until output may come, and is how much.
func (s *Shell) room() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	for !s.ending && s.out.end-s.shown >= Window {
		s.changed.Wait()
	}
	if s.ending {
		return chunk
	}
	return min(chunk, int(Window-(s.out.end-s.shown)))
}

// came keeps output.
func (s *Shell) came(b []byte) {
	s.mu.Lock()
	s.out.write(b)
	if room := headEnd - len(s.head); room > 0 && s.out.end-uint64(len(b)) < headEnd {
		s.head = append(s.head, b[:min(len(b), room)]...)
	}
	s.changed.Broadcast()
	s.mu.Unlock()
	s.book.tell()
}

// typing writes what viewers type, one after the other, until the program is gone.
func (s *Shell) typing() {
	for {
		select {
		case b := <-s.input:
			_, _ = s.term.Write(b) // a program that is gone reads no more
		case <-s.gone:
			return
		}
	}
}

// End hangs the shell up. The first reason counts.
func (s *Shell) End(reason string) { s.end(reason, func() bool { return true }) }

// abandon ends a shell that nobody came back to.
func (s *Shell) abandon() { s.end(Abandoned, func() bool { return s.seat == nil }) }

// end ends the shell if, with mu held, that is so.
func (s *Shell) end(reason string, so func() bool) {
	s.mu.Lock()
	if !so() {
		s.mu.Unlock()
		return
	}
	if !s.ending && !s.ended {
		s.reason = reason
	}
	s.ending = true
	ended, unwanted := s.ended, s.ended && s.seat == nil
	s.changed.Broadcast()
	s.mu.Unlock()
	switch {
	case unwanted:
		s.forget()
	case !ended:
		s.term.Hangup()
	}
}

// forget is for a shell that has ended.
func (s *Shell) forget() {
	s.mu.Lock()
	s.leaving.Stop()
	e := Ending{ID: s.ID, Reason: s.reason, ExitCode: s.code}
	s.mu.Unlock()
	s.book.forget(s, e)
}

// wait waits for a change until ctx ends. mu is held.
func (s *Shell) wait(ctx context.Context) error {
	stop := context.AfterFunc(ctx, func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		s.changed.Broadcast()
	})
	defer stop()
	if ctx.Err() == nil {
		s.changed.Wait()
	}
	return context.Cause(ctx)
}
