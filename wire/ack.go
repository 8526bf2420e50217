package wire

import "encoding/binary"

// AckSize is the length of an encoded Ack in bytes.
const AckSize = 9

// Ack is the viewer's word that it shows an update. See "Ack" in docs/protocol.md.
type Ack struct {
	ID           uint32 // of the update
	DecodeMicros uint32 // time from its last byte to its showing, µs
	Queue        uint8  // updates received and not yet shown
}

// Append appends the encoded ack.
func (a Ack) Append(dst []byte) []byte {
	dst = binary.BigEndian.AppendUint32(dst, a.ID)
	dst = binary.BigEndian.AppendUint32(dst, a.DecodeMicros)
	return append(dst, a.Queue)
}

// DecodeAck reads a message of ChannelAck. A longer one is from a newer viewer; what follows is ignored.
func DecodeAck(b []byte) (Ack, error) {
	if len(b) < AckSize {
		return Ack{}, Violation("ack of %d bytes", len(b))
	}
	return Ack{ID: binary.BigEndian.Uint32(b), DecodeMicros: binary.BigEndian.Uint32(b[4:]), Queue: b[8]}, nil
}
