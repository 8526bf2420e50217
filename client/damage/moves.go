package damage

import (
	"encoding/binary"
	"image"
	"slices"

	"github.com/zeebo/xxh3"

	"deskhand/screen"
)

const (
	maxMoves   = 3         // copies in one update, at most: with the rest they cover the screen four times, what codec allows
	minMove    = 128 * 128 // pixels that must differ for a move to be looked for
	minGain    = 4096      // pixels that a move must make right
	minVotes   = 12        // rows or columns that must agree on a distance
	votedLanes = 4         // lanes whose rows or columns are asked
	sampled    = 48        // positions at which each lane is asked whether it takes part
	hashedRows = 16        // rows of a lane that make the hashes of its columns
)

// moveSearch finds a scrolled area along one axis. The dirty part of the screen is cut across the axis into lanes, one tile
// wide: columns of tiles for a vertical move, rows of tiles for a horizontal one. Every position along a lane (a row
// or a column of pixels) has a hash in the image shown and in the one now. Positions whose hash stands elsewhere in the image shown vote
// for that distance; then the area is chosen for which the move makes most pixels right. Only a few lanes are hashed: the cost hardly
// grows with the area.
//
// Nothing depends on the hashes being right: what a move spoils is found by the scan after it, and sent as pixels.
type moveSearch struct {
	vertical   bool
	from, to   int // positions: rows or columns of pixels
	lanes      []lane
	old, now   []uint64 // hashes, (to-from) for each lane
	votes      []int32  // by distance, from -(to-from) to to-from
	score      []int
	seen       []place // hash table of a lane's positions in the image shown
	generation uint32
}

// lane is one tile wide: lo to before hi are the pixels across the axis that differ somewhere in it, or all when none does.
type lane struct {
	lo, hi int
	dirty  int // pixels in the boxes of its tiles
	hashed bool
}

// place is an entry of the hash table.
type place struct {
	hash       uint64
	generation uint32 // of another lane: the entry is free
	at         int32  // -1: at more than one position
}

// findMove looks for the move that explains most of what differs.
func (d *Differ) findMove(shown, now *screen.Frame) (screen.Change, bool) {
	if d.area < minMove {
		return screen.Change{}, false
	}
	for _, vertical := range [2]bool{true, false} {
		s := &d.move
		s.vertical = vertical
		d.cutLanes()
		if distance, ok := s.vote(shown, now); ok {
			if c, ok := s.choose(shown, now, distance); ok {
				return c, true
			}
		}
	}
	return screen.Change{}, false
}

// cutLanes makes the lanes of what differs.
func (d *Differ) cutLanes() {
	s := &d.move
	var all image.Rectangle
	for _, i := range d.dirty {
		all = all.Union(d.boxes[i])
	}
	across := [2]int{all.Min.X, all.Max.X}
	s.from, s.to = all.Min.Y, all.Max.Y
	if !s.vertical {
		across = [2]int{all.Min.Y, all.Max.Y}
		s.from, s.to = all.Min.X, all.Max.X
	}
	first := across[0] >> tileShift
	s.lanes = s.lanes[:0]
	for range (across[1]-1)>>tileShift - first + 1 {
		s.lanes = append(s.lanes, lane{})
	}
	for _, i := range d.dirty {
		b := d.boxes[i]
		n, lo, hi := i%d.cols-first, b.Min.X, b.Max.X
		if !s.vertical {
			n, lo, hi = i/d.cols-first, b.Min.Y, b.Max.Y
		}
		l := &s.lanes[n]
		if l.dirty == 0 {
			l.lo, l.hi = lo, hi
		}
		l.lo, l.hi, l.dirty = min(l.lo, lo), max(l.hi, hi), l.dirty+area(b)
	}
	for n := range s.lanes {
		if l := &s.lanes[n]; l.dirty == 0 {
			l.lo = max((first+n)<<tileShift, across[0])
			l.hi = min((first+n+1)<<tileShift, across[1])
		}
	}
	size := len(s.lanes) * (s.to - s.from)
	s.old = slices.Grow(s.old[:0], size)[:size]
	s.now = slices.Grow(s.now[:0], size)[:size]
}

// vote asks the dirtiest lanes how far their content has moved: old position = new position + distance.
func (s *moveSearch) vote(shown, now *screen.Frame) (distance int, ok bool) {
	n := s.to - s.from
	s.votes = slices.Grow(s.votes[:0], 2*n+1)[:2*n+1]
	clear(s.votes)
	for range min(votedLanes, len(s.lanes)) {
		best := -1
		for i, l := range s.lanes {
			if !l.hashed && l.dirty > 0 && (best < 0 || l.dirty > s.lanes[best].dirty) {
				best = i
			}
		}
		if best < 0 {
			break
		}
		s.hash(best, shown, now)
		s.voteLane(s.old[best*n:][:n], s.now[best*n:][:n])
	}
	most := int32(minVotes - 1)
	for i, v := range s.votes {
		if v > most {
			most, distance, ok = v, i-n, true
		}
	}
	return distance, ok
}

// voteLane counts the distances of those positions that have changed and whose new content stood at exactly one place. Runs of equal
// positions (blank lines) say nothing.
func (s *moveSearch) voteLane(old, now []uint64) {
	n := len(old)
	size := 64
	for size < 2*n {
		size *= 2
	}
	if len(s.seen) < size {
		s.seen = make([]place, size)
		s.generation = 0
	}
	s.generation++
	mask := uint64(len(s.seen) - 1)
	for i, h := range old {
		if i > 0 && h == old[i-1] {
			continue
		}
		p := h & mask
		for s.seen[p].generation == s.generation && s.seen[p].hash != h {
			p = (p + 1) & mask
		}
		if s.seen[p].generation == s.generation {
			s.seen[p].at = -1
		} else {
			s.seen[p] = place{h, s.generation, int32(i)}
		}
	}
	for i, h := range now {
		if h == old[i] || i > 0 && h == now[i-1] {
			continue
		}
		p := h & mask
		for s.seen[p].generation == s.generation && s.seen[p].hash != h {
			p = (p + 1) & mask
		}
		if e := s.seen[p]; e.generation == s.generation && e.at >= 0 {
			s.votes[int(e.at)-i+n]++
		}
	}
}

// choose finds the rectangle for which a move by distance makes most pixels right that are wrong, less those that it spoils: first how far it
// reaches along the lanes that have voted, then which lanes take part, then again how far it reaches in those.
func (s *moveSearch) choose(shown, now *screen.Frame, distance int) (screen.Change, bool) {
	n := s.to - s.from
	// The source lies within the hashed positions too.
	first, end := max(0, -distance), min(n, n-distance)
	a, b, _ := s.bestPositions(0, len(s.lanes), first, end, distance)
	la, lb := s.bestLanes(shown, now, a, b, distance)
	a, b, gain := s.bestPositions(la, lb, first, end, distance)
	if gain < minGain*scoreUnit {
		return screen.Change{}, false
	}
	lo, hi := s.lanes[la].lo, s.lanes[lb-1].hi
	if s.vertical {
		return screen.Change{
			Kind: screen.Copy,
			Rect: image.Rect(lo, s.from+a, hi, s.from+b),
			Src:  image.Pt(lo, s.from+a+distance),
		}, true
	}
	return screen.Change{
		Kind: screen.Copy,
		Rect: image.Rect(s.from+a, lo, s.from+b, hi),
		Src:  image.Pt(s.from+a+distance, lo),
	}, true
}

// scoreUnit is what a pixel made right counts; one that the move neither makes right nor spoils costs 1, so that areas do not grow over what they
// do not improve.
const scoreUnit = 8

// gain is what a move does for width pixels that were right before it, or not, and will be right after it, or not.
func gain(width int, was, will bool) int {
	switch {
	case will && !was:
		return width * scoreUnit
	case was && !will:
		return -width * scoreUnit
	case was:
		return 0
	}
	return -width
}

// bestPositions finds the run of positions, between first and end, with the largest gain in those lanes from la to before lb that are hashed.
func (s *moveSearch) bestPositions(la, lb, first, end, distance int) (a, b, best int) {
	n := s.to - s.from
	s.score = slices.Grow(s.score[:0], max(0, end-first))[:max(0, end-first)]
	clear(s.score)
	for i, l := range s.lanes[la:lb] {
		if !l.hashed {
			continue
		}
		old, now := s.old[(la+i)*n:][:n], s.now[(la+i)*n:][:n]
		for at := first; at < end; at++ {
			s.score[at-first] += gain(l.hi-l.lo, now[at] == old[at], now[at] == old[at+distance])
		}
	}
	a, b, best = bestRun(s.score)
	return first + a, first + b, best
}

// bestLanes finds the run of lanes with the largest gain in the positions a to before b, of which it looks at a sample.
func (s *moveSearch) bestLanes(shown, now *screen.Frame, a, b, distance int) (la, lb int) {
	s.score = s.score[:0]
	for _, l := range s.lanes {
		sum := 0
		for at := a; at < b; at += max(1, (b-a)/sampled) {
			p := s.from + at
			sum += gain(l.hi-l.lo, s.equal(shown, now, &l, p, p), s.equal(shown, now, &l, p+distance, p))
		}
		s.score = append(s.score, sum)
	}
	la, lb, _ = bestRun(s.score)
	return la, lb
}

// equal compares what a lane shows at position p with what it has now at position q.
func (s *moveSearch) equal(shown, now *screen.Frame, l *lane, p, q int) bool {
	if s.vertical {
		return string(shown.Row(p, l.lo, l.hi)) == string(now.Row(q, l.lo, l.hi))
	}
	for y := l.lo; y < l.hi; y++ {
		if [4]byte(shown.Row(y, p, p+1)) != [4]byte(now.Row(y, q, q+1)) {
			return false
		}
	}
	return true
}

// bestRun finds the run with the largest sum (Kadane's algorithm).
func bestRun(score []int) (a, b, sum int) {
	begin, running := 0, 0
	for i, v := range score {
		if running <= 0 {
			begin, running = i, 0
		}
		running += v
		if running > sum {
			a, b, sum = begin, i+1, running
		}
	}
	return a, b, sum
}

// hash computes a lane's hashes in both images, once.
func (s *moveSearch) hash(i int, shown, now *screen.Frame) {
	l := &s.lanes[i]
	if l.hashed {
		return
	}
	l.hashed = true
	n := s.to - s.from
	s.hashLane(s.old[i*n:][:n], shown, l)
	s.hashLane(s.now[i*n:][:n], now, l)
}

func (s *moveSearch) hashLane(out []uint64, f *screen.Frame, l *lane) {
	if s.vertical {
		for i := range out {
			out[i] = xxh3.Hash(f.Row(s.from+i, l.lo, l.hi))
		}
		return
	}
	// Columns: all of them at once, row by row, of which a sample is enough to tell them apart.
	const prime = 0x9e3779b97f4a7c15
	clear(out)
	for y := l.lo; y < l.hi; y += max(1, (l.hi-l.lo)/hashedRows) {
		row := f.Row(y, s.from, s.to)
		for i := range out {
			h := (out[i] ^ uint64(binary.LittleEndian.Uint32(row[i*4:]))) * prime
			out[i] = h ^ h>>32
		}
	}
}
