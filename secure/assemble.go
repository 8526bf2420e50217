package secure

import (
	"deskhand/wire"
)

// keep is the most memory in bytes that a channel holds on to between messages.
const keep = 4 << 20

// assembler joins parts to messages, channel by channel.
type assembler struct {
	role    Role // of this end
	pending [wire.ChannelLast + 1][]byte
}

// add takes the next part; done says that the message is whole. It is valid until the next call or until the part's frame
// is overwritten.
func (a *assembler) add(p part) (message []byte, done bool, err error) {
	if p.channel.MaxMessage() == 0 {
		return nil, false, nil // of a newer version
	}
	if !sends(1-a.role, p.channel) {
		return nil, false, wire.Violation("a message on channel %d goes the other way", p.channel)
	}
	if len(p.data) == 0 && !p.last {
		return nil, false, wire.Violation("an empty part that is not the last")
	}
	buf := a.pending[p.channel]
	if len(buf)+len(p.data) > p.channel.MaxMessage() {
		return nil, false, wire.Violation("a message of more than %d bytes on channel %d", p.channel.MaxMessage(), p.channel)
	}
	if p.last && len(buf) == 0 {
		return p.data, true, nil
	}
	buf = append(buf, p.data...)
	a.pending[p.channel] = buf
	if !p.last {
		return nil, false, nil
	}
	a.pending[p.channel] = nil
	if cap(buf) <= keep {
		a.pending[p.channel] = buf[:0]
	}
	return buf, true, nil
}

// sends says whether an end of that role sends on a channel that this version knows.
func sends(r Role, c wire.Channel) bool {
	switch c {
	case wire.ChannelControl, wire.ChannelPrompt:
		return true
	case wire.ChannelScreen, wire.ChannelCursor:
		return r == Client
	case wire.ChannelAck, wire.ChannelInput:
		return r == Viewer
	}
	return false
}
