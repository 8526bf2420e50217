package keeper

import (
	"context"
	"fmt"
)

// On Windows a worker can show only the session that it runs in, so each session that comes to the console gets a worker of its own. That is decided here;
// what asks Windows stands behind these two interfaces.

// console is the session of which somebody has the screen, the keyboard and the mouse.
type console interface {
	// session is there at a login screen, too; !ok while one is attached or detached.
	session() (id uint32, ok bool)
	// changed tells that the session may be another one now.
	changed() <-chan struct{}
}

// runner is a worker that runs.
type runner interface {
	// ended tells how it has ended, once.
	ended() <-chan error
	// end has it end in order, or by force when that takes too long, and returns how it has ended.
	end() error
}

// attend keeps a worker in the session at the console, and starts another one when the console is switched, until one ends by itself or ctx does.
func attend(ctx context.Context, c console, start func(session uint32) (runner, error)) error {
	for {
		id, err := awaitSession(ctx, c)
		if err != nil {
			return err
		}
		w, err := start(id)
		if err != nil {
			return fmt.Errorf("starting a worker in session %d: %w", id, err)
		}
		if switched, err := follow(ctx, c, id, w); !switched {
			return err
		}
	}
}

func awaitSession(ctx context.Context, c console) (uint32, error) {
	for {
		if id, ok := c.session(); ok {
			return id, nil
		}
		select {
		case <-ctx.Done():
			return 0, context.Cause(ctx)
		case <-c.changed():
		}
	}
}

// follow waits until the console is switched away from a worker's session; else it returns how the worker has ended.
func follow(ctx context.Context, c console, id uint32, w runner) (switched bool, err error) {
	for {
		select {
		case err := <-w.ended():
			return false, err
		case <-ctx.Done():
			return false, w.end()
		case <-c.changed():
			if now, ok := c.session(); ok && now == id {
				continue
			}
			_ = w.end() // it was told to
			return true, nil
		}
	}
}
