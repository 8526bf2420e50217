package server

import (
	"context"
	"errors"
	"time"
)

const (
	sweepOld    = time.Minute     // how often what has expired is forgotten
	retainFirst = 5 * time.Minute // after the start, what the policy keeps no longer is deleted
	retainEvery = 24 * time.Hour  // and then each day
)

// sweeper does again and again what nobody asks for.
type sweeper struct {
	every              time.Duration // how often stale is called
	now                func() time.Time
	stale, old, retain func(context.Context) error
	failed             func(error)
}

// sweeper ends what nobody waits for any more, forgets what has expired, and deletes what the policy keeps no longer.
func (s *Server) sweeper() sweeper {
	return sweeper{
		every: s.config.SweepEvery, now: s.config.Now, stale: s.endStale, retain: s.retain,
		old:    func(ctx context.Context) error { return errors.Join(s.prune(ctx), s.signal.Seen(ctx)) },
		failed: func(err error) { s.config.Log.Error("sweeping the database", "err", err) },
	}
}

// run goes on until ctx ends. What fails is tried again at its next time. A day is told by the clock, not by a timer, which a computer that sleeps
// would stop.
func (s sweeper) run(ctx context.Context) {
	stale, old := time.NewTicker(s.every), time.NewTicker(sweepOld)
	defer stale.Stop()
	defer old.Stop()
	retainAt := s.now().Add(retainFirst)
	for {
		var err error
		select {
		case <-ctx.Done():
			return
		case <-stale.C:
			err = s.stale(ctx)
		case <-old.C:
			err = s.old(ctx)
			if now := s.now(); !now.Before(retainAt) {
				retainAt = now.Add(retainEvery)
				err = errors.Join(err, s.retain(ctx))
			}
		}
		if err != nil && ctx.Err() == nil {
			s.failed(err)
		}
	}
}

func (s *Server) prune(ctx context.Context) error {
	rules, err := s.auth.Rules(ctx)
	if err != nil {
		return err
	}
	return s.store.Prune(ctx, rules.Idle)
}

// retain deletes what the policy keeps no longer.
func (s *Server) retain(ctx context.Context) error {
	n, err := s.store.Retain(ctx)
	if n.Sessions+n.AuditDetails+n.Deliveries > 0 {
		s.config.Log.Info("deleted what the policy keeps no longer", "sessions", n.Sessions, "audit details", n.AuditDetails, "webhook answers", n.Deliveries)
	}
	return err
}

func (s *Server) endStale(ctx context.Context) error {
	outs, err := s.store.EndStale(ctx)
	s.signal.Tell(outs...)
	return err
}
