package wire

// Channel is one of the streams of messages inside the sealed connection. See "Sealed frame" in docs/protocol.md.
type Channel uint8

// The channels of version 1.
const (
	ChannelControl Channel = 0 // both ways, Control
	ChannelScreen  Channel = 1 // client to viewer, see "Screen update"
	ChannelAck     Channel = 2 // viewer to client, see "Ack"
	ChannelCursor  Channel = 3 // client to viewer, see "Cursor"
	ChannelInput   Channel = 4 // viewer to client, see "Input"
	ChannelPrompt  Channel = 5 // both ways, see "Command prompt"

	// ChannelLast is the last one that this version knows.
	ChannelLast = ChannelPrompt
)

// MaxMessage is the most bytes that a message of the channel may have; 0 for a channel that this version does not know.
func (c Channel) MaxMessage() int {
	switch c {
	case ChannelControl, ChannelInput, ChannelPrompt:
		return 64 << 10
	case ChannelScreen:
		return 64 << 20
	case ChannelAck:
		return 1 << 10
	case ChannelCursor:
		return 257 << 10
	}
	return 0
}
