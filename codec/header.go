package codec

import "encoding/binary"

const (
	flagRefresh  = 1 << 0
	flagRestart  = 1 << 1
	flagAttached = 1 << 2
)

// Header stands before the compressed part of each update.
type Header struct {
	Refresh  bool   // the receiver clears its surface to this size; includes Restart
	Restart  bool   // a new zstd stream begins, kept tiles and videos are forgotten; the surface stays
	ID       uint32 // what the viewer acknowledges: any in a refresh or restart, one more than the update before in others
	Captured uint64 // µs of the client's monotonic clock when the screen was captured
	W, H     int    // pixels of the surface
	Inflated int    // bytes that the compressed part inflates to
}

// place is where a stream of updates has come to; it gives what a header leaves out.
type place struct {
	id       uint32
	captured uint64
	w, h     int
}

func (h *Header) place() place { return place{h.ID, h.Captured, h.W, h.H} }

// append packs the header of an update with as many compressed and attached bytes, which follows the one at before.
func (h *Header) append(dst []byte, before place, packed, attached int) []byte {
	flags, captured := byte(0), h.Captured-before.captured
	switch {
	case h.Refresh:
		flags, captured = flagRefresh, h.Captured
	case h.Restart:
		flags, captured = flagRestart, h.Captured
	}
	if attached > 0 {
		flags |= flagAttached
	}
	dst = append(dst, flags)
	if h.Refresh || h.Restart {
		dst = binary.BigEndian.AppendUint32(dst, h.ID)
	}
	dst = binary.AppendUvarint(dst, captured)
	if h.Refresh {
		dst = binary.BigEndian.AppendUint16(dst, uint16(h.W))
		dst = binary.BigEndian.AppendUint16(dst, uint16(h.H))
	}
	dst = binary.AppendUvarint(dst, uint64(h.Inflated))
	if attached > 0 {
		dst = binary.AppendUvarint(dst, uint64(packed))
	}
	return dst
}

// reader takes values from the front of a message; after the end it is cut.
type reader struct {
	b   []byte
	cut bool
}

func (r *reader) take(n int) []byte {
	if len(r.b) < n {
		r.b, r.cut = nil, true
		return make([]byte, n) // at most 4: the fixed fields of a header
	}
	v := r.b[:n]
	r.b = r.b[n:]
	return v
}

func (r *reader) uvarint() uint64 {
	v, n := binary.Uvarint(r.b)
	if n <= 0 {
		r.b, r.cut = nil, true
		return 0
	}
	r.b = r.b[n:]
	return v
}

// parseHeader reads the header of the update that follows the one at before, and checks its limits; the two other results are the compressed
// part and the attachments. Flags that are not known yet are ignored.
func parseHeader(msg []byte, before place) (h Header, packed, attached []byte, err error) {
	r := reader{b: msg}
	flags := r.take(1)[0]
	h.Refresh = flags&flagRefresh != 0
	h.Restart = h.Refresh || flags&flagRestart != 0
	h.ID, h.W, h.H = before.id+1, before.w, before.h
	if h.Restart {
		h.ID, before.captured = binary.BigEndian.Uint32(r.take(4)), 0
	}
	h.Captured = before.captured + r.uvarint()
	if h.Refresh {
		h.W, h.H = int(binary.BigEndian.Uint16(r.take(2))), int(binary.BigEndian.Uint16(r.take(2)))
	}
	inflated := r.uvarint()
	size := uint64(len(r.b))
	if flags&flagAttached != 0 {
		size = r.uvarint()
	}
	if r.cut {
		return h, nil, nil, invalid("an update of %d bytes", len(msg))
	}
	if err := checkSize(h.W, h.H); err != nil {
		return h, nil, nil, err
	}
	if inflated > uint64(maxInflated(h.W, h.H)) {
		return h, nil, nil, invalid("%d bytes for a surface of %d×%d", inflated, h.W, h.H)
	}
	h.Inflated = int(inflated)
	if size > uint64(len(r.b)) {
		return h, nil, nil, invalid("%d compressed bytes in %d", size, len(r.b))
	}
	return h, r.b[:size], r.b[size:], nil
}
