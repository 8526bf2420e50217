package session

import (
	"sync"

	"deskhand/wire"
)

// maxUntaken is how much of a prompt's input may wait for its shell. See "Command prompt" in docs/protocol.md.
const maxUntaken = 256 << 10

// keyboard is what was typed into a prompt and not taken by its shell. It never makes the viewer wait, since what the viewer has shown comes
// on the same way.
type keyboard struct {
	wake chan struct{} // capacity 1

	mu  sync.Mutex
	buf []byte
}

func (k *keyboard) add(b []byte) error {
	k.mu.Lock()
	defer k.mu.Unlock()
	if len(k.buf)+len(b) > maxUntaken {
		return wire.Violation("more than %d bytes of input that were not taken", maxUntaken)
	}
	k.buf = append(k.buf, b...)
	select {
	case k.wake <- struct{}{}:
	default:
	}
	return nil
}

// take takes all; the caller owns it.
func (k *keyboard) take() []byte {
	k.mu.Lock()
	defer k.mu.Unlock()
	b := k.buf
	k.buf = nil
	return b
}
