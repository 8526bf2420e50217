package session

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"deskhand/client/shell"
	"deskhand/wire"
)

// PromptHost is the client that a command prompt runs in.
type PromptHost interface {
	// AttendPrompt shows the end-user who has a prompt.
	AttendPrompt(ctx context.Context) (Presence, error)
	// OpenPrompt starts the shell, or finds it. Errors: *PromptError.
	OpenPrompt(o *wire.PromptOpen) (seat *shell.Seat, resumed bool, err error)
	// Shells are the programs that can be chosen.
	Shells() []string
}

// Presence is a viewer that the end-user sees, and can pause.
type Presence interface {
	// Changed receives after Paused changed.
	Changed() <-chan struct{}
	Paused() bool
	Close()
}

// PromptError says why there is no shell.
type PromptError struct {
	Reason wire.Reason
	Err    error
}

func (e *PromptError) Error() string { return e.Err.Error() }

func (e *PromptError) Unwrap() error { return e.Err }

const (
	openTimeout  = 10 * time.Second // for the viewer's PromptOpen
	shownTimeout = 10 * time.Second // for the viewer to show the last output
	outputSize   = 16_000           // bytes of one message of output

	// It is looked what runs in the shell soon after something was typed or shown, and again at the end of that, since a program takes a moment to begin
	// or to end. Nothing of the kind tells when one program follows another in silence.
	lookSoon    = 50 * time.Millisecond
	lookAgain   = 250 * time.Millisecond // at the earliest
	lookRunning = 500 * time.Millisecond // while a program runs
	lookIdle    = 5 * time.Second        // while the shell waits
)

// RunPrompt serves a command prompt's viewer until it goes, the shell ends, or ctx ends, and returns why. It closes the link.
func (s *Session) RunPrompt(ctx context.Context, host PromptHost) wire.Reason {
	return s.run(ctx, func(ctx context.Context, in *inbox) error { return s.servePrompt(ctx, in, host) })
}

func (s *Session) servePrompt(ctx context.Context, in *inbox, host PromptHost) error {
	if err := s.send(ctx, &wire.Control{Message: &wire.Control_Hello{Hello: s.Hello}}); err != nil {
		return err
	}
	if _, err := s.awaitHello(ctx, in); err != nil {
		return err
	}
	level, err := s.consent(ctx)
	if err != nil {
		return err
	}
	open, err := s.awaitOpen(ctx, in)
	if err != nil {
		return err
	}
	presence, err := host.AttendPrompt(ctx)
	if err != nil {
		return fmt.Errorf("showing who has a prompt: %w", err)
	}
	defer presence.Close()
	seat, resumed, err := host.OpenPrompt(open)
	if err != nil {
		return s.noPrompt(ctx, err)
	}
	defer seat.Close()
	if resumed {
		_ = seat.Resize(int(open.GetColumns()), int(open.GetRows()))
	}
	s.Host.Report(wire.ViewerState_WATCHING, level, "")
	in.served.Store(true)
	for _, m := range []*wire.Control{
		{Message: &wire.Control_Consent{Consent: &wire.ConsentState{State: wire.ConsentState_GRANTED, Level: level}}},
		{Message: &wire.Control_PromptOpened{PromptOpened: &wire.PromptOpened{
			Shell: seat.Shell().Program, Shells: host.Shells(), Offset: seat.Offset, Resumed: resumed, Gap: seat.Gap,
		}}},
	} {
		if err := s.send(ctx, m); err != nil {
			return err
		}
	}
	if resumed {
		_ = seat.Redraw() // also where nothing is missing: the size may have changed there and back
	}
	p := &prompt{s: s, seat: seat, in: in, level: level, presence: presence, moved: make(chan struct{}, 1)}
	p.open = sync.NewCond(&p.mu)
	return p.run(ctx)
}

// awaitOpen returns what the viewer wants to open.
func (s *Session) awaitOpen(ctx context.Context, in *inbox) (*wire.PromptOpen, error) {
	late := time.NewTimer(openTimeout)
	defer late.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil, context.Cause(ctx)
		case <-late.C:
			return nil, &EndError{Reason: wire.ReasonTimeout}
		case m := <-in.control:
			if open := m.GetPromptOpen(); open != nil {
				return open, nil
			}
		}
	}
}

// noPrompt tells the viewer why there is no shell.
func (s *Session) noPrompt(ctx context.Context, err error) error {
	reason := wire.ReasonInternal
	var known *PromptError
	if errors.As(err, &known) {
		reason = known.Reason
	}
	s.Log.Warn("no command prompt", "reason", reason, "err", err)
	ended := &wire.PromptEnded{Reason: string(reason), Detail: err.Error()}
	if err := s.send(ctx, &wire.Control{Message: &wire.Control_PromptEnded{PromptEnded: ended}}); err != nil {
		return err
	}
	return &EndError{Reason: reason}
}

// prompt is one viewer at a shell.
type prompt struct {
	s        *Session
	seat     *shell.Seat
	in       *inbox
	level    wire.Level
	presence Presence
	moved    chan struct{} // capacity 1: something was typed or shown

	mu     sync.Mutex
	open   *sync.Cond
	paused bool // guarded by mu: by the end-user
}

func (p *prompt) run(ctx context.Context) error {
	g, ctx := errgroup.WithContext(ctx)
	stop := context.AfterFunc(ctx, func() {
		p.mu.Lock()
		defer p.mu.Unlock()
		p.open.Broadcast()
	})
	defer stop()
	g.Go(func() error { return p.show(ctx) })
	g.Go(func() error { return p.typing(ctx) })
	g.Go(func() error { return p.listen(ctx) })
	g.Go(func() error { return p.watch(ctx) })
	err := g.Wait()
	if errors.Is(err, shell.ErrReplaced) {
		return &EndError{Reason: wire.ReasonReplaced}
	}
	return err
}

// show sends what the shell shows, and at last how it ended.
func (p *prompt) show(ctx context.Context) error {
	message := make([]byte, 8+outputSize)
	for {
		offset, n, err := p.seat.Read(ctx, message[8:])
		if errors.Is(err, io.EOF) {
			return p.ended(ctx)
		}
		if err == nil {
			err = p.unpaused(ctx)
		}
		if err != nil {
			return err
		}
		p.stir()
		binary.BigEndian.PutUint64(message, offset)
		if err := p.s.Link.Send(ctx, wire.ChannelPrompt, message[:8+n]); err != nil {
			return lost(err)
		}
	}
}

// ended tells the viewer how the shell ended. Nobody comes back to it when the viewer has shown all.
func (p *prompt) ended(ctx context.Context) error {
	e := p.seat.Ending()
	ended := EndedPrompt(e)
	if err := p.s.send(ctx, &wire.Control{Message: &wire.Control_PromptEnded{PromptEnded: ended}}); err != nil {
		return err
	}
	waiting, cancel := context.WithTimeout(ctx, shownTimeout)
	defer cancel()
	if err := p.seat.AwaitShown(waiting); err != nil && ctx.Err() != nil {
		return err
	}
	p.seat.Delivered()
	return &EndError{Reason: wire.ParseReason(ended.GetReason())}
}

// EndedPrompt says in the protocol's words how a shell ended.
func EndedPrompt(e shell.Ending) *wire.PromptEnded {
	m := &wire.PromptEnded{PromptId: e.ID, Reason: e.Reason}
	if e.Reason == shell.Exited {
		m.Reason, m.ExitCode = string(wire.ReasonShellEnded), int32(e.ExitCode)
	}
	return m
}

// typing gives the shell what the viewer types.
func (p *prompt) typing(ctx context.Context) error {
	var taken uint64
	for {
		select {
		case <-ctx.Done():
			return context.Cause(ctx)
		case <-p.in.typed.wake:
		}
		b := p.in.typed.take()
		taken += uint64(len(b))
		if !p.isPaused() {
			if err := p.seat.Type(ctx, b); err != nil {
				return err
			}
			p.stir()
		}
		if err := p.s.send(ctx, &wire.Control{Message: &wire.Control_PromptTaken{PromptTaken: &wire.PromptTaken{Bytes: taken}}}); err != nil {
			return err
		}
	}
}

// watch tells what runs in the shell.
func (p *prompt) watch(ctx context.Context) error {
	look := time.NewTimer(0)
	defer look.Stop()
	told, looked := "", time.Now()
	for {
		select {
		case <-ctx.Done():
			return context.Cause(ctx)
		case <-p.moved:
			look.Reset(max(lookSoon, time.Until(looked.Add(lookAgain))))
			select {
			case <-ctx.Done():
				return context.Cause(ctx)
			case <-look.C:
			}
			look.Reset(lookAgain)
		case <-look.C:
			look.Reset(lookRunning)
			if told == "" {
				look.Reset(lookIdle)
			}
		}
		looked = time.Now()
		if name := p.seat.Foreground(); name != told {
			told = name
			look.Reset(lookAgain)
			if err := p.s.send(ctx, &wire.Control{Message: &wire.Control_PromptProgram{PromptProgram: &wire.PromptProgram{Name: name}}}); err != nil {
				return err
			}
		}
	}
}

// stir says that something was typed or shown.
func (p *prompt) stir() {
	select {
	case p.moved <- struct{}{}:
	default:
	}
}

// listen does what the viewer and the end-user ask for.
func (p *prompt) listen(ctx context.Context) error {
	if err := p.presenceChanged(ctx); err != nil {
		return err
	}
	for {
		var err error
		select {
		case <-ctx.Done():
			return context.Cause(ctx)
		case m := <-p.in.control:
			p.control(m)
		case <-p.presence.Changed():
			err = p.presenceChanged(ctx)
		}
		if err != nil {
			return err
		}
	}
}

func (p *prompt) control(m *wire.Control) {
	switch x := m.GetMessage().(type) {
	case *wire.Control_PromptCredit:
		p.seat.Shown(x.PromptCredit.GetOffset())
	case *wire.Control_PromptResize:
		if err := p.seat.Resize(int(x.PromptResize.GetColumns()), int(x.PromptResize.GetRows())); err != nil {
			p.s.Log.Debug("resizing a terminal", "err", err)
		}
	case *wire.Control_PromptClose:
		p.seat.Shell().End(string(wire.ReasonEndedByAgent))
	}
}

// presenceChanged stops and resumes what the viewer sees.
func (p *prompt) presenceChanged(ctx context.Context) error {
	paused := p.presence.Paused()
	p.mu.Lock()
	was := p.paused
	p.paused = paused
	p.open.Broadcast()
	p.mu.Unlock()
	if was == paused {
		return nil
	}
	state, reported := wire.ConsentState_RESUMED, wire.ViewerState_WATCHING
	if paused {
		state, reported = wire.ConsentState_PAUSED, wire.ViewerState_PAUSED
	}
	p.s.Host.Report(reported, p.level, "")
	return p.s.send(ctx, &wire.Control{Message: &wire.Control_Consent{Consent: &wire.ConsentState{State: state}}})
}

func (p *prompt) isPaused() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.paused
}

// unpaused waits until the end-user lets the viewer see.
func (p *prompt) unpaused(ctx context.Context) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	for p.paused && ctx.Err() == nil {
		p.open.Wait()
	}
	return context.Cause(ctx)
}
