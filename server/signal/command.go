package signal

import (
	"encoding/json"
	"fmt"
	"slices"

	"google.golang.org/protobuf/proto"

	"deskhand"
	"deskhand/wire"
)

// command is what a node tells the one that holds a client, on the bus.
type command struct {
	Kind   string `json:"kind"`             // open, look, newer or wake
	Open   []byte `json:"open,omitempty"`   // open: the Open for the client, protobuf
	Grant  []byte `json:"grant,omitempty"`  // open: the GrantPayload, but for the client's nonce
	Epoch  int64  `json:"epoch,omitempty"`  // newer: of the connection that stays
	Wake   []byte `json:"wake,omitempty"`   // wake: the Wake for the client, protobuf
	Answer string `json:"answer,omitempty"` // wake: the subject that waits for what the client says
}

// Kinds of command.
const (
	commandOpen  = "open"  // a request: the answer is "ok"
	commandLook  = "look"  // something about the client changed: read it
	commandNewer = "newer" // another connection of the same client: the older ones end
	commandWake  = "wake"  // a request: the answer is "ok" when the client was told
)

var answerOK = []byte("ok")

func subject(clientID string) string { return "client." + clientID }

func (c command) encode() []byte {
	b, err := json.Marshal(c)
	if err != nil {
		panic(err) // strings and bytes always marshal
	}
	return b
}

// command does what another node, or this one, asks for on the bus.
func (c *client) command(data []byte) []byte {
	var m command
	if err := json.Unmarshal(data, &m); err != nil {
		return []byte(fmt.Sprintf("reading a command: %v", err))
	}
	switch m.Kind {
	case commandOpen:
		if err := c.open(m); err != nil {
			return []byte(err.Error())
		}
	case commandWake:
		if err := c.wakes(m); err != nil {
			return []byte(err.Error())
		}
	case commandLook:
		c.look()
	case commandNewer:
		if c.isOlder(m.Epoch) {
			_ = c.conn.Close(wire.ReasonReplaced)
		}
	}
	return answerOK
}

// open passes an agent's wish on to the client.
func (c *client) open(m command) error {
	var open wire.Open
	var grant wire.GrantPayload
	if err := proto.Unmarshal(m.Open, &open); err != nil {
		return fmt.Errorf("reading an open: %w", err)
	}
	if err := proto.Unmarshal(m.Grant, &grant); err != nil {
		return fmt.Errorf("reading a grant: %w", err)
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.grants[open.ViewerId] = &grant
	if open.PromptId != "" {
		c.prompts[open.PromptId], c.prompted = true, true
	}
	c.views[open.ViewerId] = rights{told: true, mayTake: grant.MayTakeControl}
	return c.send(&wire.ServerSignal{Message: &wire.ServerSignal_Open{Open: &open}})
}

// Look tells a client, wherever it is connected, to look how it stands: a participant or a computer that something was written about.
func (s *Server) Look(id string) {
	if err := s.Bus.Publish(subject(id), command{Kind: commandLook}.encode()); err != nil {
		s.Log.Warn("telling a client to look", "err", err)
	}
}

// Tell makes those whom outcomes concern look, on whichever node they are, and cuts the views that are closed.
func (s *Server) Tell(outcomes ...deskhand.Outcome) {
	for _, out := range outcomes {
		ids := map[string]bool{}
		for _, p := range slices.Concat(out.Session.Line, out.Left) {
			ids[p.ID] = true
		}
		if out.Session.ComputerID != "" {
			ids[out.Session.ComputerID] = true
		}
		for id := range ids {
			s.Look(id)
		}
		for _, v := range out.Closed {
			s.forget(v.ID)
			s.Relay.Close(v.ID, reasonOf(v.Reason))
		}
	}
}
