package damage

import (
	"image"

	"github.com/zeebo/xxh3"

	"deskhand/screen"
)

const placeSlots = 4096 // a power of two

// places remembers where on the surface pieces of text were last seen, by a hash of their pixels. It may be wrong: what is found is compared
// before it is believed.
type places struct {
	table  []place
	packed []byte
}

type place struct {
	hash       uint64
	x, y, w, h int16 // w 0: free
}

// hash is a hash of what r shows.
func (p *places) hash(f *screen.Frame, r image.Rectangle) uint64 {
	b := p.packed[:0]
	for y := r.Min.Y; y < r.Max.Y; y++ {
		b = append(b, f.Row(y, r.Min.X, r.Max.X)...)
	}
	for i := 3; i < len(b); i += 4 {
		b[i] = 0
	}
	b = append(b, byte(r.Dx()), byte(r.Dx()>>8))
	p.packed = b
	return xxh3.Hash(b)
}

// put notes that what has this hash is at r, and get tells where it was seen last.
func (p *places) put(hash uint64, r image.Rectangle) {
	if p.table == nil {
		p.table = make([]place, placeSlots)
	}
	p.table[hash%placeSlots] = place{hash, int16(r.Min.X), int16(r.Min.Y), int16(r.Dx()), int16(r.Dy())}
}

func (p *places) get(hash uint64) (r image.Rectangle, ok bool) {
	if p.table == nil {
		return r, false
	}
	e := &p.table[hash%placeSlots]
	return e.rect(), e.hash == hash && e.w > 0
}

func (e *place) rect() image.Rectangle {
	return image.Rect(int(e.x), int(e.y), int(e.x)+int(e.w), int(e.y)+int(e.h))
}

// moved notes that r was copied from r+by.
func (p *places) moved(r image.Rectangle, by image.Point) {
	for i := range p.table {
		if e := &p.table[i]; e.w > 0 && e.rect().In(r.Add(by)) {
			e.x, e.y = e.x-int16(by.X), e.y-int16(by.Y)
		}
	}
}
