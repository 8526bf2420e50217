package client

import (
	"fmt"
	"log/slog"
	"testing"
	"time"

	"deskhand/client/capture"
	"deskhand/wire"
)

// Where the system does not allow the screen to be recorded, a viewer comes in, sees the reason and not a failure, and the server hears it, too.
func TestScreenNotAllowed(t *testing.T) {
	w := newDesktop(t)
	sys := w.system()
	allowed, open := false, sys.screen
	sys.screen = func(display string) (capture.Source, error) {
		if !allowed {
			return nil, fmt.Errorf("%w: of a test", capture.ErrPermission)
		}
		return open(display)
	}
	d := &desk{system: sys, bar: w, log: slog.New(slog.DiscardHandler), now: time.Now, changed: make(chan struct{}, 1)}
	attend := func(id string) *visitor {
		v, err := d.attend(&visitor{id: id, agent: id, name: id, level: wire.Level_LEVEL_CONTROL, mayTake: func() bool { return true }})
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
	first := attend("first")
	if first.NoPicture() != wire.NoPicturePermissionMissing || first.House() != nil || first.Input() != nil {
		t.Errorf("not allowed, and the viewer has %q, %v", first.NoPicture(), first.House())
	}
	if list, missing := displaysOf(sys, "", d.log); list != nil || missing != wire.NoPicturePermissionMissing {
		t.Errorf("not allowed, and the server hears of %v, %q", list, missing)
	}
	d.move("", "")
	if first.NoPicture() != wire.NoPicturePermissionMissing {
		t.Errorf("moved, and the viewer is told %q", first.NoPicture())
	}
	first.Close()

	allowed = true
	second := attend("second")
	defer second.Close()
	if second.NoPicture() != "" || second.House() == nil {
		t.Errorf("allowed, and the viewer is told %q", second.NoPicture())
	}
	if list, missing := displaysOf(sys, "", d.log); len(list) == 0 || missing != "" {
		t.Errorf("allowed, and the server hears of %v, %q", list, missing)
	}
}
