package shell

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"go.uber.org/goleak"
	"pgregory.net/rapid"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// terminal is a program that a test plays.
type terminal struct {
	out    chan []byte   // what it shows
	gone   chan struct{} // closed at its end
	once   sync.Once
	rest   []byte
	mu     sync.Mutex
	typed  bytes.Buffer // guarded by mu
	redraw int          // guarded by mu
	hung   bool         // guarded by mu
	code   int
}

func newTerminal() *terminal { return &terminal{out: make(chan []byte), gone: make(chan struct{})} }

func (t *terminal) exit(code int) {
	t.once.Do(func() {
		t.code = code
		close(t.gone)
	})
}

func (t *terminal) Read(b []byte) (int, error) {
	if len(t.rest) == 0 {
		select {
		case t.rest = <-t.out:
		case <-t.gone:
			return 0, io.EOF
		}
	}
	n := copy(b, t.rest)
	t.rest = t.rest[n:]
	return n, nil
}

func (t *terminal) Write(b []byte) (int, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.typed.Write(b)
}

func (t *terminal) Foreground() string { return "" }

func (t *terminal) Resize(int, int) error { return nil }

func (t *terminal) Redraw() error {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.redraw++
	return nil
}

func (t *terminal) Hangup() {
	t.mu.Lock()
	t.hung = true
	t.mu.Unlock()
	t.exit(129)
}

func (t *terminal) Close() (int, error) {
	<-t.gone
	return t.code, nil
}

// book is a book whose next shells are the given terminals.
func book(terminals ...*terminal) *Book {
	return NewBook(Options{Start: func(program string, _, _ int) (Terminal, string, error) {
		if program == "missing" {
			return nil, "", errors.New("no such program")
		}
		next := terminals[0]
		terminals = terminals[1:]
		return next, "/bin/sh", nil
	}})
}

func mustOpen(t testing.TB, b *Book, id string) *Shell {
	t.Helper()
	s, err := b.Open(id, "", 80, 24)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func read(t testing.TB, seat *Seat) (uint64, string) {
	t.Helper()
	b := make([]byte, 1<<20)
	offset, n, err := seat.Read(context.Background(), b)
	if err != nil {
		t.Fatal(err)
	}
	return offset, string(b[:n])
}

func TestRing(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r := ring{size: rapid.IntRange(1, 50).Draw(t, "size")}
		var all []byte
		for _, b := range rapid.SliceOfN(rapid.SliceOfN(rapid.Byte(), 0, 50), 1, 30).Draw(t, "writes") {
			r.write(b)
			all = append(all, b...)
			if r.end != uint64(len(all)) || r.oldest() != uint64(max(0, len(all)-r.size)) {
				t.Fatalf("%d bytes: end %d, oldest %d, size %d", len(all), r.end, r.oldest(), r.size)
			}
			from := rapid.Uint64Range(r.oldest(), r.end).Draw(t, "from")
			got := make([]byte, rapid.IntRange(0, 60).Draw(t, "room"))
			n := r.read(from, got)
			want := all[from:]
			if want = want[:min(len(want), len(got))]; !bytes.Equal(got[:n], want) {
				t.Fatalf("from %d: %v, want %v", from, got[:n], want)
			}
		}
	})
}

// Whoever comes back after a cut goes on exactly where they were, however often and wherever it is cut.
func TestNoByteIsLostOrDoubled(t *testing.T) {
	term := newTerminal()
	b := book(term)
	s := mustOpen(t, b, "a")
	var want []byte
	source := rand.New(rand.NewPCG(1, 2))
	for len(want) < 3<<20 {
		chunk := make([]byte, 1+source.IntN(40_000))
		for i := range chunk {
			chunk[i] = byte(source.Uint32())
		}
		want = append(want, chunk...)
	}
	go func() {
		for rest := want; len(rest) > 0; {
			n := min(len(rest), 10_000)
			term.out <- rest[:n]
			rest = rest[n:]
		}
		term.exit(3)
	}()
	var got []byte
	for cuts := 0; ; cuts++ {
		seat := s.Attach(uint64(len(got)))
		if seat.Gap || seat.Offset != uint64(len(got)) {
			t.Fatalf("after %d cuts at %d: gap %v, offset %d", cuts, len(got), seat.Gap, seat.Offset)
		}
		buf := make([]byte, 16_000)
		var err error
		for range 1 + source.IntN(20) {
			var offset uint64
			var n int
			if offset, n, err = seat.Read(t.Context(), buf); err != nil {
				break
			}
			if offset != uint64(len(got)) {
				t.Fatalf("output at %d after %d bytes", offset, len(got))
			}
			got = append(got, buf[:n]...)
			seat.Shown(uint64(len(got)))
		}
		if errors.Is(err, io.EOF) {
			if e := seat.Ending(); e.ExitCode != 3 || e.Reason != Exited {
				t.Errorf("ended %+v", e)
			}
			seat.Delivered()
			seat.Close()
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		seat.Close()
	}
	if !bytes.Equal(got, want) {
		t.Fatalf("%d bytes came, want %d", len(got), len(want))
	}
	b.Close("")
}

// A program waits while nobody shows what it says; the memory stays as it is.
func TestAProgramWaitsForItsViewer(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		term := newTerminal()
		b := book(term)
		s := mustOpen(t, b, "a")
		seat := s.Attach(0)
		said := 0
		stop := make(chan struct{})
		go func() {
			for {
				select {
				case term.out <- make([]byte, 1000):
					said += 1000
				case <-stop:
					return
				}
			}
		}()
		synctest.Wait()
		if said < Window || said > Window+2000 {
			t.Errorf("%d bytes were taken from a program whose viewer shows nothing, want about %d", said, Window)
		}
		seat.next = 100_000 // it was sent
		seat.Shown(100_000)
		synctest.Wait()
		if said < Window+100_000 || said > Window+102_000 {
			t.Errorf("%d bytes were taken after 100 000 were shown", said)
		}
		close(stop)
		synctest.Wait()
		b.Close("computer-removed")
	})
}

func TestAShellWaitsForWhoComesBack(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		term := newTerminal()
		b := book(term)
		s := mustOpen(t, b, "a")
		first := s.Attach(0)
		second := s.Attach(0)
		if _, _, err := first.Read(t.Context(), make([]byte, 10)); !errors.Is(err, ErrReplaced) {
			t.Errorf("the first viewer reads %v", err)
		}
		first.Close() // it is not its seat any more
		time.Sleep(2 * Grace)
		if err := second.Type(t.Context(), []byte("x")); err != nil {
			t.Fatal(err)
		}
		second.Close()
		time.Sleep(Grace - time.Second)
		third := s.Attach(0)
		time.Sleep(2 * Grace)
		third.Close()
		if b.Find("a") == nil {
			t.Fatal("the shell is gone too early")
		}
		time.Sleep(Grace + time.Second)
		synctest.Wait()
		if e, n := b.Endings(0); n != 1 || e[0].Reason != Abandoned || b.Find("a") != nil || !term.hung {
			t.Errorf("endings %+v", e)
		}
		b.Close("")
	})
}

// The last output and the exit code wait, too.
func TestAnEndWaitsForWhoComesBack(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		term := newTerminal()
		b := book(term)
		s := mustOpen(t, b, "a")
		s.Attach(0).Close()
		term.out <- []byte("bye")
		term.exit(5)
		synctest.Wait()
		seat := b.Find("a").Attach(0)
		if _, text := read(t, seat); text != "bye" {
			t.Errorf("the last output is %q", text)
		}
		if _, _, err := seat.Read(t.Context(), make([]byte, 1)); !errors.Is(err, io.EOF) {
			t.Errorf("after it %v", err)
		}
		seat.Shown(3)
		if err := seat.AwaitShown(t.Context()); err != nil {
			t.Error(err)
		}
		seat.Delivered()
		seat.Close()
		if e, n := b.Endings(0); n != 1 || e[0].ExitCode != 5 || b.Find("a") != nil {
			t.Errorf("endings %+v", e)
		}
		b.Close("")
	})
}

func TestLimits(t *testing.T) {
	terminals := make([]*terminal, Most)
	for i := range terminals {
		terminals[i] = newTerminal()
	}
	b := book(terminals...)
	if _, err := b.Open("x", "missing", 1, 1); err == nil || errors.Is(err, ErrTooMany) {
		t.Errorf("a shell that is not there: %v", err)
	}
	for i := range Most {
		mustOpen(t, b, string(rune('A'+i)))
	}
	if _, err := b.Open("one more", "", 1, 1); !errors.Is(err, ErrTooMany) {
		t.Errorf("one more: %v", err)
	}
	b.Close("ended-by-end-user")
	if _, n := b.Endings(0); n != Most || len(b.List()) != 0 {
		t.Errorf("%d have ended, %d are there", n, len(b.List()))
	}
	if _, err := b.Open("late", "", 1, 1); !errors.Is(err, ErrClosed) {
		t.Errorf("after the end: %v", err)
	}
}

// Each piece of the transcript is of one width.
func TestTheTranscriptHasTheWidth(t *testing.T) {
	term := newTerminal()
	b := book(term)
	s := mustOpen(t, b, "a")
	seat := s.Attach(0)
	say := func(text string) {
		term.out <- []byte(text)
		for got := 0; got < len(text); {
			_, part := read(t, seat)
			got += len(part)
		}
	}
	resize := func(columns int) {
		if err := seat.Resize(columns, 24); err != nil {
			t.Fatal(err)
		}
	}
	var got []string
	report := func() {
		pieces := b.Output()
		for _, p := range pieces {
			got = append(got, fmt.Sprintf("%d %d %s", p.Columns, p.Offset, p.Data))
		}
		b.Kept(pieces)
	}
	resize(70)
	say("one")
	resize(60)
	resize(50)
	resize(50)
	say("two")
	resize(40)
	report() // all widths at once
	say("three")
	report()
	for i := range 2 * maxWidths { // more than anybody does
		say("x")
		resize(100 + i%2)
	}
	if len(s.widths) > maxWidths {
		t.Errorf("%d widths are remembered", len(s.widths))
	}
	if want := []string{"70 0 one", "50 3 two", "40 6 three"}; !slices.Equal(got, want) {
		t.Errorf("reported %q, want %q", got, want)
	}
	b.Close("")
}

// The transcript has the beginning whole and the newest output, and is reported again until it is kept.
func TestTranscript(t *testing.T) {
	term := newTerminal()
	b := book(term)
	s := mustOpen(t, b, "a")
	seat := s.Attach(0)
	var all []byte
	for i := range 200 {
		chunk := bytes.Repeat([]byte{byte(i)}, 10_000)
		term.out <- chunk
		all = append(all, chunk...)
		for seat.next < uint64(len(all)) {
			read(t, seat)
			seat.Shown(seat.next)
		}
	}
	term.exit(0)
	<-s.gone
	seat.Delivered()
	seat.Close()
	again := b.Output()
	kept := make([]byte, len(all))
	var sum int
	for pieces := b.Output(); len(pieces) > 0; pieces = b.Output() {
		for i, p := range pieces {
			if sum == 0 && (p.Offset != again[i].Offset || !bytes.Equal(p.Data, again[i].Data)) {
				t.Fatal("what is not kept is not reported again")
			}
			sum += copy(kept[p.Offset:], p.Data)
			if !bytes.Equal(p.Data, all[p.Offset:p.Offset+uint64(len(p.Data))]) {
				t.Fatalf("another output at %d", p.Offset)
			}
		}
		b.Kept(pieces)
	}
	if sum != headEnd+tail || !bytes.Equal(kept[:headEnd], all[:headEnd]) || !bytes.Equal(kept[len(all)-tail:], all[len(all)-tail:]) {
		t.Errorf("%d bytes are in the transcript, want the first %d and the last %d", sum, headEnd, tail)
	}
	if len(b.left) != 0 {
		t.Error("the shell is still held")
	}
	b.Close("")
}
