package session

import (
	"context"

	"deskhand/wire"
)

// keep answers the wish for unattended access, one at a time, once the viewer is served.
func (s *Session) keep(ctx context.Context, in *inbox) {
	if s.Keep == nil || !in.served.Load() || in.kept.Swap(true) {
		return
	}
	s.keeping.Go(func() {
		defer in.kept.Store(false)
		s.Keep(ctx, func(k *wire.KeepState) {
			if err := s.send(ctx, &wire.Control{Message: &wire.Control_KeepState{KeepState: k}}); err != nil {
				s.Log.Debug("telling the viewer about unattended access", "err", err) // it may have gone
			}
		})
	})
}
