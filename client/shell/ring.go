package shell

// ring holds the last bytes of a stream; each byte is known by its offset from the stream's beginning. Memory is taken as bytes come.
type ring struct {
	buf  []byte
	size int
	end  uint64 // offset of the next byte
}

// write appends.
func (r *ring) write(b []byte) {
	// Until it is full it is a plain slice, and each offset has the place that it has afterwards.
	if grow := min(len(b), r.size-len(r.buf)); grow > 0 {
		r.buf = append(r.buf, b[:grow]...)
		r.end += uint64(grow)
		b = b[grow:]
	}
	for len(b) > 0 {
		n := copy(r.buf[r.end%uint64(r.size):], b)
		r.end += uint64(n)
		b = b[n:]
	}
}

// oldest is the offset of the first byte that is there.
func (r *ring) oldest() uint64 { return r.end - min(r.end, uint64(r.size)) }

// read copies what follows an offset, which is not before the oldest, and returns how much that is.
func (r *ring) read(offset uint64, b []byte) int {
	n := 0
	for n < len(b) && offset < r.end {
		at := offset % uint64(r.size)
		m := copy(b[n:min(len(b), n+int(r.end-offset))], r.buf[at:])
		n += m
		offset += uint64(m)
	}
	return n
}
