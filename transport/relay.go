package transport

import (
	"deskhand/wire"
)

// JoinRelay says hello on a new relay connection and waits until the other end is there: afterwards the connection leads
// to it. The error is a *wire.ClosedError when the relay refuses the ticket or the other end does not come. The caller
// bounds the time by closing the connection. See "Relay" in docs/protocol.md.
func JoinRelay(c Conn, ticket string) error {
	hello, err := wire.EncodeFrame(wire.FrameRelayHello, &wire.RelayHello{Ticket: ticket, Version: wire.Version, MinVersion: wire.MinVersion})
	if err != nil {
		return err
	}
	if err := c.Write(hello); err != nil {
		return err
	}
	for {
		f, err := c.ReadFrame()
		if err != nil {
			return err
		}
		switch f.Type() {
		case wire.FrameRelayReady:
			c.SetLimit(wire.MaxRelay)
			return nil
		case wire.FrameRelayClose:
			var m wire.RelayClose
			if err := f.Decode(&m); err != nil {
				return err
			}
			return &wire.ClosedError{Reason: wire.ParseReason(m.Reason)}
		}
	}
}
