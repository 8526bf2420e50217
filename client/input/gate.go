package input

import "sync"

// gate lets the calls of an injector through one at a time, and can end the one that is under way.
type gate struct {
	mu     sync.Mutex // held for the length of a call
	closed bool       // guarded by mu

	interruptMu sync.Mutex
	interrupted chan struct{} // guarded by interruptMu; closed by interrupt, and then replaced
}

// enter begins a call. The caller leaves by mu.Unlock. The channel is closed when the call is to end early.
func (g *gate) enter() (interrupted <-chan struct{}, err error) {
	g.mu.Lock()
	if g.closed {
		g.mu.Unlock()
		return nil, ErrClosed
	}
	g.interruptMu.Lock()
	defer g.interruptMu.Unlock()
	return g.interrupted, nil
}

// call carries out f as the one call at a time. The channel is closed when f is to end early.
func (g *gate) call(f func(interrupted <-chan struct{}) error) error {
	interrupted, err := g.enter()
	if err != nil {
		return err
	}
	defer g.mu.Unlock()
	return f(interrupted)
}

// interrupt ends the call that is under way, if it waits or types, and leaves the way free for the next.
func (g *gate) interrupt() {
	g.interruptMu.Lock()
	defer g.interruptMu.Unlock()
	close(g.interrupted)
	g.interrupted = make(chan struct{})
}

// stopped returns ErrInterrupted when a call is to end early.
func stopped(interrupted <-chan struct{}) error {
	select {
	case <-interrupted:
		return ErrInterrupted
	default:
		return nil
	}
}
