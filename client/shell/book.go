// Package shell keeps shells that outlive the connections of those who type in them: their output is numbered, and kept until it was shown.
//
//	terminal ─→ pump ─→ ring ─→ Seat: who is connected now
//	                      └───→ Output: the transcript
//
// The pump reads no more while Window bytes wait to be shown, so that the program waits, too, and nothing is lost.
package shell

import (
	"errors"
	"io"
	"slices"
	"sync"
	"time"
)

// What a shell may hold.
const (
	Window  = 256 << 10 // bytes of output that nobody has shown yet, and that are kept for who comes back
	Most    = 64        // shells at once
	Grace   = 120 * time.Second
	headEnd = 256 << 10 // the transcript is whole up to here
	tail    = 768 << 10 // bytes of output that wait to be reported beyond it
)

// Reasons of our own; the others are those of who ends a shell.
const (
	Exited    = ""            // by itself
	Abandoned = "viewer-lost" // nobody came back to it
)

// ErrTooMany says that Most shells are open.
var ErrTooMany = errors.New("too many command prompts are open on this computer; close one of them")

// ErrClosed says that no more shells are opened.
var ErrClosed = errors.New("this computer takes no more command prompts")

// Terminal is a program on a terminal. Read ends with an error after the program's end; Close waits for that.
type Terminal interface {
	io.ReadWriter
	Resize(columns, rows int) error
	Redraw() error
	Foreground() string // what runs in the shell; empty: the shell itself
	Hangup()
	Close() (exitCode int, err error)
}

// Ending is how a shell ended.
type Ending struct {
	ID       string
	Reason   string
	ExitCode int
}

// Entry names a shell.
type Entry struct{ ID, Program string }

// Options are what a Book stands on.
type Options struct {
	// Start starts a program; an empty one is the user's own shell. program is the one that was started.
	Start func(program string, columns, rows int) (t Terminal, started string, err error)
	Grace time.Duration // a shell waits so long for its viewer to come back; 0: Grace
}

// Book holds all shells. Its methods may be called by any goroutine.
type Book struct {
	options Options
	told    chan struct{} // capacity 1
	pumps   sync.WaitGroup

	mu      sync.Mutex // guards all below; before a shell's
	closed  bool
	shells  map[string]*Shell
	left    []*Shell // ended ones whose transcript is not reported yet
	endings []Ending // the last Most
	ended   int      // how many there were in all
}

// NewBook returns an empty book.
func NewBook(o Options) *Book {
	if o.Grace == 0 {
		o.Grace = Grace
	}
	return &Book{options: o, told: make(chan struct{}, 1), shells: map[string]*Shell{}}
}

// Told receives after there is something new in Output or Endings.
func (b *Book) Told() <-chan struct{} { return b.told }

func (b *Book) tell() {
	select {
	case b.told <- struct{}{}:
	default:
	}
}

// Find finds a shell that somebody can come to; nil: there is none.
func (b *Book) Find(id string) *Shell {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.shells[id]
}

// List names the shells.
func (b *Book) List() []Entry {
	b.mu.Lock()
	defer b.mu.Unlock()
	list := make([]Entry, 0, len(b.shells))
	for _, s := range b.shells {
		list = append(list, Entry{s.ID, s.Program})
	}
	return list
}

// Over tells whether no shell is left, and no output that is not Kept.
func (b *Book) Over() bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	return len(b.shells) == 0 && !slices.ContainsFunc(b.left, func(s *Shell) bool { return s.unreported() > 0 })
}

// Open starts a shell, which waits for its viewer from now on. Errors: ErrTooMany, ErrClosed, those of Start.
func (b *Book) Open(id, program string, columns, rows int) (*Shell, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	switch {
	case b.closed:
		return nil, ErrClosed
	case b.shells[id] != nil:
		return b.shells[id], nil
	case len(b.shells) >= Most:
		return nil, ErrTooMany
	}
	term, program, err := b.options.Start(program, columns, rows)
	if err != nil {
		return nil, err
	}
	s := newShell(b, id, program, term, columns)
	b.shells[id] = s
	b.tell()
	b.pumps.Go(s.pump)
	b.pumps.Go(s.typing)
	return s, nil
}

// End ends a shell; one that is not there has ended.
func (b *Book) End(id, reason string) {
	if s := b.Find(id); s != nil {
		s.End(reason)
	}
}

// EndAll ends all shells.
func (b *Book) EndAll(reason string) {
	b.mu.Lock()
	list := make([]*Shell, 0, len(b.shells))
	for _, s := range b.shells {
		list = append(list, s)
	}
	b.mu.Unlock()
	for _, s := range list {
		s.End(reason)
	}
}

// Close ends all shells, opens no more, and waits until their programs are gone.
func (b *Book) Close(reason string) {
	b.mu.Lock()
	b.closed = true
	b.mu.Unlock()
	b.EndAll(reason)
	b.pumps.Wait()
}

// forget takes a shell off the book: nobody can come to it any more. It is told once.
func (b *Book) forget(s *Shell, e Ending) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.shells[s.ID] != s {
		return
	}
	delete(b.shells, s.ID)
	b.left = append(b.left, s)
	b.left = b.left[max(0, len(b.left)-Most):]
	b.endings = append(b.endings, e)
	b.endings = b.endings[max(0, len(b.endings)-Most):]
	b.ended++
	b.tell()
}

// Endings are the shells that ended, but for the first so many, and how many there were in all. Only the last ones are remembered.
func (b *Book) Endings(after int) (list []Ending, all int) {
	b.mu.Lock()
	defer b.mu.Unlock()
	n := min(max(0, b.ended-after), len(b.endings))
	return slices.Clone(b.endings[len(b.endings)-n:]), b.ended
}
