package secure

import (
	"google.golang.org/protobuf/proto"

	"deskhand/wire"
)

func send(conn Frames, t wire.FrameType, m proto.Message) error {
	f, err := wire.EncodeFrame(t, m)
	if err != nil {
		return err
	}
	return conn.Write(f)
}

// receive waits for the one frame that may come now. Frames of types that this version does not know are skipped.
func receive(conn Frames, want wire.FrameType, m proto.Message) error {
	for {
		f, err := conn.ReadFrame()
		if err != nil {
			return err
		}
		switch f.Type() {
		case want:
			return f.Decode(m)
		default:
			if err := unexpected(f); err != nil {
				return err
			}
		}
	}
}

// unexpected judges a frame that is not the one waited for: the relay's last word, out of turn, or to be skipped (nil).
func unexpected(f wire.Frame) error {
	switch f.Type() {
	case wire.FrameRelayClose:
		var m wire.RelayClose
		if err := f.Decode(&m); err != nil {
			return err
		}
		return &wire.ClosedError{Reason: wire.ParseReason(m.Reason)}
	case wire.FrameSignal, wire.FrameRelayHello, wire.FrameRelayReady, wire.FrameClientKey, wire.FrameReveal, wire.FrameSealed:
		return wire.Violation("frame 0x%02x out of turn", byte(f.Type()))
	}
	return nil
}
