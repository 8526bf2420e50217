package session

import (
	"context"

	"google.golang.org/protobuf/proto"

	"deskhand/wire"
)

// tellCompany tells the viewer what it does not know of those who are there with it.
func (t *stream) tellCompany(ctx context.Context) error {
	c := t.desktop.Company()
	if !proto.Equal(c.Watchers, t.told.watchers) {
		t.told.watchers = c.Watchers
		if err := t.s.send(ctx, &wire.Control{Message: &wire.Control_Watchers{Watchers: c.Watchers}}); err != nil {
			return err
		}
	}
	if !proto.Equal(c.Owner, t.told.owner) {
		t.told.owner = c.Owner
		if err := t.s.send(ctx, &wire.Control{Message: &wire.Control_ControlOwner{ControlOwner: c.Owner}}); err != nil {
			return err
		}
	}
	if c.Question != nil {
		if err := t.s.send(ctx, &wire.Control{Message: &wire.Control_ControlQuestion{ControlQuestion: c.Question}}); err != nil {
			return err
		}
	}
	return t.tellPointers(ctx, c.Pointers)
}

// tellPointers tells those that moved, and takes away those of who has left.
func (t *stream) tellPointers(ctx context.Context, now []*wire.AgentPointer) error {
	there := make(map[string]*wire.AgentPointer, len(now))
	for _, p := range now {
		there[p.GetAgentId()] = p
		if t.told.pointers[p.GetAgentId()] == p {
			continue
		}
		if err := t.s.send(ctx, &wire.Control{Message: &wire.Control_AgentPointer{AgentPointer: p}}); err != nil {
			return err
		}
	}
	for agent, p := range t.told.pointers {
		if there[agent] != nil || p.GetGone() {
			continue
		}
		gone := &wire.AgentPointer{AgentId: agent, Gone: true}
		if err := t.s.send(ctx, &wire.Control{Message: &wire.Control_AgentPointer{AgentPointer: gone}}); err != nil {
			return err
		}
	}
	t.told.pointers = there
	return nil
}
