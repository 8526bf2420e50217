package signal

import (
	"context"
	"maps"
	"slices"

	"deskhand"
	"deskhand/wire"
)

// id is the client's: the participant's or the computer's; empty: it is not known yet. mu is held.
func (c *client) id() string {
	if c.computer.ID != "" {
		return c.computer.ID
	}
	return c.participant.ID
}

func (c *client) knownID() string {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.id()
}

// promptList notes which prompts the client has, and tells it which are over.
func (c *client) promptList(m *wire.PromptList) error {
	id := c.knownID()
	if id == "" {
		return nil
	}
	if len(m.Prompts) > deskhand.MaxPrompts {
		return wire.Violation("more than %d command prompts", deskhand.MaxPrompts)
	}
	list := make([]deskhand.Prompt, 0, len(m.Prompts))
	for _, p := range m.Prompts {
		list = append(list, deskhand.Prompt{ID: p.Id, Shell: p.Shell})
	}
	ctx, cancel := c.context()
	defer cancel()
	outs, err := c.server.Prompts.KeepPrompts(ctx, c.actor(), id, list)
	if err != nil {
		return c.failed("keeping the command prompts", err)
	}
	c.mu.Lock()
	for _, p := range list {
		c.prompts[p.ID], c.prompted = true, true
	}
	messages, err := c.promptsStand(ctx)
	c.mu.Unlock()
	if err != nil {
		return c.failed("reading the command prompts", err)
	}
	c.server.Tell(outs...)
	if len(messages) == 0 {
		return nil
	}
	return c.send(messages...)
}

// transcript keeps what prompts showed, and says so.
func (c *client) transcript(m *wire.PromptTranscript) error {
	id := c.knownID()
	if id == "" {
		return nil
	}
	pieces := make([]deskhand.PromptOutput, 0, len(m.Outputs))
	for _, o := range m.Outputs {
		pieces = append(pieces, deskhand.PromptOutput{PromptID: o.PromptId, Position: int64(o.Offset), Columns: int(o.Columns), Data: o.Data})
	}
	ctx, cancel := c.context()
	defer cancel()
	if err := c.server.Prompts.KeepOutput(ctx, id, pieces); err != nil {
		return c.failed("keeping a transcript", err)
	}
	return c.send(&wire.ServerSignal{Message: &wire.ServerSignal_PromptKept{PromptKept: &wire.PromptKept{}}})
}

// promptEnded keeps that a prompt has ended.
func (c *client) promptEnded(m *wire.PromptEnded) error {
	id := c.knownID()
	if id == "" {
		return nil
	}
	reason := deskhand.Reason(wire.ParseReason(m.Reason))
	ctx, cancel := c.context()
	defer cancel()
	out, err := c.server.Prompts.EndPrompt(ctx, whoEnds(c.actor(), reason), id, m.PromptId, reason, int(m.ExitCode))
	if err != nil && deskhand.CodeOf(err) != deskhand.CodeNotFound {
		return c.failed("ending a command prompt", err)
	}
	c.mu.Lock()
	delete(c.prompts, m.PromptId)
	c.mu.Unlock()
	c.server.Tell(out)
	return nil
}

// promptsStand reads which of the client's prompts are over, so that it hears of it. The caller holds mu.
func (c *client) promptsStand(ctx context.Context) (messages []*wire.ServerSignal, err error) {
	if len(c.prompts) == 0 {
		return nil, nil
	}
	over, err := c.server.Prompts.PromptsOver(ctx, c.id(), slices.Collect(maps.Keys(c.prompts)))
	if err != nil {
		return nil, err
	}
	for id, reason := range over {
		delete(c.prompts, id)
		closed := &wire.PromptClosed{PromptId: id, Reason: string(reasonOf(reason))}
		messages = append(messages, &wire.ServerSignal{Message: &wire.ServerSignal_PromptClosed{PromptClosed: closed}})
	}
	return messages, nil
}

// ClosePrompt ends an agent's command prompt.
func (s *Server) ClosePrompt(ctx context.Context, by deskhand.Actor, promptID string) error {
	out, err := s.Prompts.EndPrompt(ctx, by, "", promptID, deskhand.ReasonEndedByAgent, 0)
	if err == nil {
		s.Tell(out)
	}
	return err
}
