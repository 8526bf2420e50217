package session

import (
	"context"
	"errors"

	"deskhand/client/input"
	"deskhand/wire"
)

// inject carries out the viewer's input in order. Everything held is released when it ends.
func (s *Session) inject(ctx context.Context, in *inbox, d Desktop, st *stream) error {
	inj := d.Input()
	defer func() {
		if err := inj.ReleaseAll(); err != nil {
			s.Log.Debug("releasing keys", "err", err)
		}
	}()
	stop := context.AfterFunc(ctx, func() { _ = inj.ReleaseAll() }) // interrupts what is being typed
	defer stop()
	released := make(chan struct{})
	defer func() { <-released }()
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	go func() {
		defer close(released)
		for {
			select {
			case <-ctx.Done():
				return
			case <-in.release:
				_ = inj.ReleaseAll()
			}
		}
	}()
	for {
		select {
		case <-ctx.Done():
			return context.Cause(ctx)
		case events := <-in.input:
			if d.Paused() {
				continue
			}
			for _, e := range events {
				if err := apply(inj, e, st); err != nil && !expected(err) {
					s.Log.Warn("input failed", "err", err)
				}
			}
		}
	}
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
