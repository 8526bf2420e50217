package codec

import "encoding/binary"

const (
	version    = 1
	headerSize = 22

	flagRefresh = 1 << 0
)

// Header stands before the compressed part of each update.
type Header struct {
	Refresh  bool   // the receiver clears its surface to this size and starts a new zstd stream
	ID       uint32 // what the viewer acknowledges
	Captured uint64 // µs of the client's monotonic clock when the screen was captured
	W, H     int    // pixels of the surface
	Inflated int    // bytes that the compressed part inflates to
}

func (h Header) append(dst []byte) []byte {
	flags := byte(0)
	if h.Refresh {
		flags = flagRefresh
	}
	dst = append(dst, version, flags)
	dst = binary.BigEndian.AppendUint32(dst, h.ID)
	dst = binary.BigEndian.AppendUint64(dst, h.Captured)
	dst = binary.BigEndian.AppendUint16(dst, uint16(h.W))
	dst = binary.BigEndian.AppendUint16(dst, uint16(h.H))
	return binary.BigEndian.AppendUint32(dst, uint32(h.Inflated))
}

// ParseHeader reads an update's header and checks its limits; rest is the compressed part. Flags that are not known yet are ignored.
func ParseHeader(msg []byte) (h Header, rest []byte, err error) {
	if len(msg) < headerSize {
		return h, nil, invalid("an update of %d bytes", len(msg))
	}
	if msg[0] != version {
		return h, nil, invalid("version %d", msg[0])
	}
	be := binary.BigEndian
	h = Header{
		Refresh:  msg[1]&flagRefresh != 0,
		ID:       be.Uint32(msg[2:]),
		Captured: be.Uint64(msg[6:]),
		W:        int(be.Uint16(msg[14:])),
		H:        int(be.Uint16(msg[16:])),
	}
	if err := checkSize(h.W, h.H); err != nil {
		return h, nil, err
	}
	inflated := be.Uint32(msg[18:])
	if int64(inflated) > int64(maxInflated(h.W, h.H)) {
		return h, nil, invalid("%d bytes for a surface of %d×%d", inflated, h.W, h.H)
	}
	h.Inflated = int(inflated)
	return h, msg[headerSize:], nil
}
