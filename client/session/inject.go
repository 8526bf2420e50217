package session

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"deskhand/client/input"
	"deskhand/wire"
)

// releaseAgain is how soon typing that began just when it was to end is interrupted again.
const releaseAgain = 50 * time.Millisecond

// inject carries out the viewer's input in order. Everything held is released when it ends.
func (s *Session) inject(ctx context.Context, in *inbox, d Desktop, st *stream) error {
	ended, released := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(released)
		s.release(ctx, d, ended)
	}()
	defer func() {
		close(ended)
		<-released
		if err := letGo(d); err != nil {
			s.Log.Debug("releasing keys", "err", err)
		}
	}()
	level := slog.LevelWarn
	for {
		select {
		case <-ctx.Done():
			return context.Cause(ctx)
		case events := <-in.input:
			for _, e := range events {
				if !d.Hears() || ctx.Err() != nil {
					break
				}
				inj := d.Input()
				if inj == nil {
					break // the display is gone, and the next one not there yet
				}
				st.heard(e)
				if err := apply(inj, e, st); err != nil && !expected(err) {
					s.Log.Log(ctx, level, "input failed", "err", err)
					level = slog.LevelDebug // once is enough
				}
				if !d.Hears() { // since just now: what this event holds is not held on
					_ = inj.ReleaseAll()
				}
			}
		}
	}
}

// release interrupts what is being typed when the session ends, until inject has.
func (s *Session) release(ctx context.Context, d Desktop, ended <-chan struct{}) {
	select {
	case <-ended:
		return
	case <-ctx.Done():
	}
	again := time.NewTicker(releaseAgain)
	defer again.Stop()
	for {
		_ = letGo(d)
		select {
		case <-ended:
			return
		case <-again.C:
		}
	}
}

// letGo releases what this viewer holds. While another agent has the control, what is held is theirs.
func letGo(d Desktop) error {
	if inj := d.Input(); inj != nil && (d.Paused() || d.Hears()) {
		return inj.ReleaseAll()
	}
	return nil
}

// expected errors are refusals that the agent sees by nothing happening.
func expected(err error) bool {
	return errors.Is(err, input.ErrOwnWindow) || errors.Is(err, input.ErrNoKey) || errors.Is(err, input.ErrBadText) ||
		errors.Is(err, input.ErrInterrupted)
}

func apply(inj input.Injector, e wire.InputEvent, st *stream) error {
	switch e := e.(type) {
	case wire.PointerEvent:
		origin := st.origin()
		return inj.Pointer(origin.X+int(e.X), origin.Y+int(e.Y))
	case wire.ButtonEvent:
		return inj.Button(input.Button(e.Button), e.Down)
	case wire.WheelEvent:
		return inj.Wheel(int(e.DX), int(e.DY))
	case wire.KeyEvent:
		return inj.Key(input.Key{Code: e.Code, Key: e.Key, Modifiers: input.Modifiers(e.Modifiers)}, e.Down)
	case wire.TextEvent:
		return inj.Text(e.Text)
	case wire.ReleaseAllEvent:
		return inj.ReleaseAll()
	}
	return nil
}
