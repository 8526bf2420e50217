package client

import (
	"cmp"
	"context"
	"errors"
	"maps"
	"slices"
	"time"

	"deskhand/client/pty"
	"deskhand/client/session"
	"deskhand/client/shell"
	"deskhand/client/tether"
	"deskhand/wire"
)

// startShell starts a shell of this computer.
func startShell(program string, columns, rows int) (shell.Terminal, string, error) {
	if offered := pty.Shells(); program == "" && len(offered) > 0 {
		program = offered[0]
	}
	t, err := pty.Start(program, pty.Size{Columns: columns, Rows: rows})
	if err != nil {
		return nil, "", err
	}
	return t, program, nil
}

// openShells is the book of this computer's shells; nil when it has none.
func (s *system) openShells() *shell.Book {
	if s.shells == nil || len(s.shells()) == 0 {
		return nil
	}
	return shell.NewBook(shell.Options{Start: s.shell})
}

// closeShells ends all shells.
func closeShells(b *shell.Book, reason wire.Reason) {
	if b != nil {
		b.Close(string(reason))
	}
}

// endShells ends all shells; others may be opened afterwards.
func (c *core) endShells(reason wire.Reason) {
	if c.shells != nil {
		c.shells.EndAll(string(reason))
	}
}

// capabilities are ours beyond version 1.
func (c *core) capabilities() []string {
	if c.shells == nil {
		return nil
	}
	return []string{wire.CapabilityPrompt}
}

// count is how many viewers of a kind are served.
func (c *core) count(k wire.ViewerKind) int {
	return len(slices.DeleteFunc(slices.Collect(maps.Values(c.viewers)), func(v *viewer) bool { return v.open.GetKind() != k }))
}

// isPrompt tells whether the viewer is a command prompt's.
func (v *viewer) isPrompt() bool { return v.open.GetKind() == wire.ViewerKind_VIEWER_KIND_PROMPT }

var _ session.PromptHost = (*viewer)(nil)

// AttendPrompt puts the agent on the bar.
func (v *viewer) AttendPrompt(context.Context) (session.Presence, error) {
	agent := v.payload.GetAgent()
	return v.c.desk.attend(&visitor{
		id: v.open.GetViewerId(), agent: cmp.Or(agent.GetId(), agent.GetName()), name: agent.GetName(), prompt: true, mayTake: func() bool { return false },
	})
}

// OpenPrompt starts the prompt's shell, or finds it.
func (v *viewer) OpenPrompt(o *wire.PromptOpen) (seat *shell.Seat, resumed bool, err error) {
	b, id := v.c.shells, v.payload.GetPromptId()
	switch {
	case b == nil:
		return nil, false, &session.PromptError{Reason: wire.ReasonPromptRefused, Err: pty.ErrUnsupported}
	case id == "":
		return nil, false, &session.PromptError{Reason: wire.ReasonProtocol, Err: errors.New("the grant names no prompt")}
	}
	if s := b.Find(id); s != nil {
		return s.Attach(o.GetReceived()), true, nil
	}
	if o.GetReceived() > 0 {
		return nil, false, &session.PromptError{Reason: wire.ReasonPromptUnknown, Err: errors.New("this command prompt is over; open a new one")}
	}
	s, err := b.Open(id, o.GetShell(), int(min(o.GetColumns(), pty.MaxSize)), int(min(o.GetRows(), pty.MaxSize)))
	if err != nil {
		return nil, false, &session.PromptError{Reason: whyNoShell(err), Err: err}
	}
	return s.Attach(0), false, nil
}

func whyNoShell(err error) wire.Reason {
	var (
		missing      *pty.MissingError
		missingThere *tether.MissingError // at the parent
	)
	switch {
	case errors.Is(err, shell.ErrTooMany):
		return wire.ReasonTooManyPrompts
	case errors.As(err, &missing), errors.As(err, &missingThere):
		return wire.ReasonShellMissing
	}
	return wire.ReasonPromptRefused
}

// Shells are the programs that a prompt can be opened with.
func (v *viewer) Shells() []string { return v.c.system.shells() }

// known is called when the server knows this client, again or for the first time.
func (c *core) known() {
	if c.shells == nil {
		return
	}
	if c.report == nil {
		c.report = newReporter(c.shells, &c.listing, c.tell)
	}
	c.report.again()
}

// lastWords is how long the server may take to keep what shells showed last.
const lastWords = 2 * time.Second

// flush lets the server keep what shells showed until now, and waits for that a little. Nothing else that the server says is heard meanwhile.
func (c *core) flush() {
	if c.report == nil || c.signals() == nil || !c.signal.connected() {
		return
	}
	told := c.report.finish()
	late := time.NewTimer(lastWords)
	defer late.Stop()
	for {
		select {
		case <-told:
			return
		case <-late.C:
			c.log.Info("the server may lack what command prompts showed last")
			return
		case e := <-c.signals():
			switch {
			case e.lost != nil, e.end != nil:
				return
			case e.message.GetPromptKept() != nil:
				c.report.keptAll()
			}
		}
	}
}
