package damage

import (
	"image"
	"math/bits"
	"slices"
	"time"

	"deskhand/screen"
)

const (
	history    = 8                      // updates that are remembered
	often      = 5                      // updates, of those within recently or of the last six, in which a tile must have changed
	recently   = 700 * time.Millisecond // a film changes that often in this time
	slowly     = 2500 * time.Millisecond
	steady     = 3                      // updates in a row that must find the same rectangle
	expiry     = 200 * time.Millisecond // without damage, a film rests; one that is slow is given three of its frames
	patience   = time.Second            // but not longer
	minFilmX   = 160                    // pixels
	minFilmY   = 120                    // pixels
	minFilled  = 70                     // percent of the rectangle's tiles that must change
	minColours = 160                    // of so many pixels in a sample of 1024
	slack      = 16                     // pixels by which the box of a film's damage may differ from what is usual
)

// Motion finds the parts of the screen that are a film: where pixels change all the time, in a rectangle that stays, and look like a photograph.
// The zero value is ready. It is not safe for concurrent use.
//
// For each update, first Touched is called with what was damaged, then Observe with what the Differ made of it; the films that Regions
// names are to be left out of what the Differ looks at.
//
//	         changes often, same place,            no damage for 200 ms,
//	         like a photograph                     or damage of another shape
//	still ───────────────────────────────▶ film ───────────────────────────────▶ still
type Motion struct {
	grid
	tiles  []moving
	times  [history]time.Time // of the last updates; the newest is times[turn]
	turn   int
	damage screen.Region // of the update at hand
	films  []film
	found  []candidate
	out    []image.Rectangle

	queue []int
	moved []move // of the update at hand
}

// moving is what a tile did in the last updates.
type moving struct {
	when  uint8             // bit 0: it changed in the newest update
	boxes [history][4]uint8 // by turn: left, top, right, bottom of what changed, in the tile
	mark  bool              // it is in a candidate of this update
}

// candidate is a rectangle that may become a film.
type candidate struct {
	rect  image.Rectangle
	times int // updates in a row that found it
}

// film is a rectangle that is one.
type film struct {
	rect    image.Rectangle
	last    time.Time       // when it was last damaged
	every   time.Duration   // about, between damages
	usual   image.Rectangle // box of the first damages, but for the largest
	recent  image.Rectangle // box of the last ones, but for the largest
	largest image.Rectangle // of them: it may be what a new viewer needs rather than what the film does
	damages int             // in recent
}

// Regions returns the films, at most screen.MaxStreams rectangles that do not overlap. They belong to m and hold until its next call.
func (m *Motion) Regions() []image.Rectangle {
	m.out = m.out[:0]
	for _, f := range m.films {
		m.out = append(m.out, f.rect)
	}
	return m.out
}

// Touched says what was damaged since it was last called: films live by it. One whose damage has got another shape ends.
func (m *Motion) Touched(damage *screen.Region, at time.Time) {
	m.damage.Set(damage)
	for i := 0; i < len(m.films); i++ {
		f := &m.films[i]
		box := m.damaged(f.rect)
		if box.Empty() {
			continue
		}
		f.every += (at.Sub(f.last) - f.every) / 4
		f.last = at
		if area(box) > area(f.largest) {
			box, f.largest = f.largest, box
		}
		f.recent = f.recent.Union(box)
		if f.damages++; f.damages < history {
			continue
		}
		if f.usual.Empty() {
			f.usual = f.recent
		} else if !alike(f.usual, f.recent) {
			m.films = slices.Delete(m.films, i, i+1)
			i--
			continue
		}
		f.recent, f.largest, f.damages = image.Rectangle{}, image.Rectangle{}, 0
	}
}

// damaged is the box of the damage that touches r.
func (m *Motion) damaged(r image.Rectangle) (box image.Rectangle) {
	for _, d := range m.damage.Rects() {
		if d.Overlaps(r) {
			box = box.Union(d)
		}
	}
	return box
}

// alike tells whether no side of two rectangles differs by more than the slack.
func alike(a, b image.Rectangle) bool {
	d := func(x, y int) bool { return x-y <= slack && y-x <= slack }
	return d(a.Min.X, b.Min.X) && d(a.Min.Y, b.Min.Y) && d(a.Max.X, b.Max.X) && d(a.Max.Y, b.Max.Y)
}

// Expire ends the films that rest.
func (m *Motion) Expire(at time.Time) {
	m.films = slices.DeleteFunc(m.films, func(f film) bool { return !at.Before(f.due()) })
}

// NextExpiry is when Expire may have something to do; zero when there is no film.
func (m *Motion) NextExpiry() (next time.Time) {
	for _, f := range m.films {
		if t := f.due(); next.IsZero() || t.Before(next) {
			next = t
		}
	}
	return next
}

// due is when the film ends, unless it is damaged before.
func (f *film) due() time.Time { return f.last.Add(min(max(expiry, 3*f.every), patience)) }

// Observe takes in what an update changes, and what a budget left of it, and finds new films.
func (m *Motion) Observe(changes []screen.Change, left *screen.Region, now *screen.Frame, at time.Time) {
	if now.Bounds() != m.bounds {
		all := over(now.Bounds())
		*m = Motion{grid: grid{now.Bounds(), all.Dx(), all.Dy()}, damage: m.damage}
		m.tiles = make([]moving, m.cols*m.rows)
	}
	m.turn = (m.turn + 1) % history
	m.times[m.turn] = at
	for i := range m.tiles {
		m.tiles[i].when <<= 1
	}
	m.moves(changes)
	n := 0
	for _, c := range changes {
		if (c.Kind == screen.Pixels || c.Kind == screen.Fill) && !m.scrolled(c.Rect) {
			n += m.hit(c.Rect)
		}
	}
	for _, r := range left.Rects() {
		if !m.scrolled(r) {
			n += m.hit(r)
		}
	}
	if n < minFilmX*minFilmY/4 {
		return // typing, a text cursor: no film begins with it
	}
	m.find(now, at)
}

// move is a part of the screen where something large has just moved by a distance.
type move struct {
	by image.Point
	in image.Rectangle // from and to where
}

// moves notes where large parts of the screen have just moved; what moved by the same distance belongs together.
func (m *Motion) moves(changes []screen.Change) {
	m.moved = m.moved[:0]
	for _, c := range changes {
		if c.Kind != screen.Copy || area(c.Rect) < minFilmX*minFilmY {
			continue
		}
		by := c.Rect.Min.Sub(c.Src)
		in := c.Rect.Union(c.Rect.Sub(by))
		if i := slices.IndexFunc(m.moved, func(o move) bool { return o.by == by }); i >= 0 {
			m.moved[i].in = m.moved[i].in.Union(in)
		} else {
			m.moved = append(m.moved, move{by, in})
		}
	}
}

// scrolled tells whether r, or most of it, is where something moves: the new lines of what scrolls, and those that came late, are no film, though they
// come at the same place each time.
func (m *Motion) scrolled(r image.Rectangle) bool {
	for _, o := range m.moved {
		if 4*area(r.Intersect(o.in)) >= 3*area(r) {
			return true
		}
	}
	return false
}

// hit notes that r changed, as far as it was damaged too, and returns how many pixels that is. What a budget has left over from before is not new.
func (m *Motion) hit(r image.Rectangle) (n int) {
	for _, d := range m.damage.Rects() {
		q := r.Intersect(d)
		if q.Empty() {
			continue
		}
		n += area(q)
		tiles := over(q)
		for ty := tiles.Min.Y; ty < tiles.Max.Y; ty++ {
			for tx := tiles.Min.X; tx < tiles.Max.X; tx++ {
				i := ty*m.cols + tx
				origin := m.tile(i).Min
				in := q.Intersect(m.tile(i)).Sub(origin)
				t := &m.tiles[i]
				if t.when&1 != 0 {
					in = in.Union(t.box(m.turn))
				}
				t.when |= 1
				t.boxes[m.turn] = [4]uint8{uint8(in.Min.X), uint8(in.Min.Y), uint8(in.Max.X), uint8(in.Max.Y)}
			}
		}
	}
	return n
}

// box is what changed of the tile in one update.
func (t *moving) box(turn int) image.Rectangle {
	b := t.boxes[turn]
	return image.Rect(int(b[0]), int(b[1]), int(b[2]), int(b[3]))
}

// find looks for rectangles that change often.
func (m *Motion) find(now *screen.Frame, at time.Time) {
	fresh := uint8(0) // the updates that count
	for age := range history {
		t := m.times[(m.turn+history-age)%history]
		if since := at.Sub(t); !t.IsZero() && (since <= recently || age < often+1 && since <= slowly) {
			fresh |= 1 << age
		}
	}
	before := m.found
	m.found = nil
	for i := range m.tiles {
		m.tiles[i].mark = bits.OnesCount8(m.tiles[i].when&fresh) >= often
	}
	for i := range m.tiles {
		if !m.tiles[i].mark {
			continue
		}
		r, n := m.flood(i, fresh)
		if r.Dx() < minFilmX || r.Dy() < minFilmY || 100*n < minFilled*area(over(r)) {
			continue
		}
		c := candidate{rect: r, times: 1}
		for _, b := range before {
			if b.rect == r {
				c.times += b.times
			}
		}
		if c.times < steady || !photo(now, r) || !m.begin(r, at) {
			m.found = append(m.found, c)
		}
	}
}

// flood takes the marks of the tiles that hang together with tile i, and returns the box of what changed in them, and how many they are.
func (m *Motion) flood(i int, fresh uint8) (box image.Rectangle, n int) {
	m.tiles[i].mark = false
	m.queue = append(m.queue[:0], i)
	for ; n < len(m.queue); n++ {
		at := m.queue[n]
		t := &m.tiles[at]
		for age := range history {
			if t.when&fresh>>age&1 != 0 {
				box = box.Union(t.box((m.turn + history - age) % history).Add(m.tile(at).Min))
			}
		}
		p := image.Pt(at%m.cols, at/m.cols)
		around := image.Rectangle{p, p}.Inset(-1)
		around.Max = around.Max.Add(image.Pt(1, 1))
		around = around.Intersect(image.Rect(0, 0, m.cols, m.rows))
		for y := around.Min.Y; y < around.Max.Y; y++ {
			for x := around.Min.X; x < around.Max.X; x++ {
				if next := y*m.cols + x; m.tiles[next].mark {
					m.tiles[next].mark = false
					m.queue = append(m.queue, next)
				}
			}
		}
	}
	return box, n
}

// begin makes r a film, with what the damage has beyond it: a few lines at its edge may have stayed the same. A film that it touches becomes a part of it.
func (m *Motion) begin(r image.Rectangle, at time.Time) bool {
	if whole := m.damaged(r); alike(whole, r) {
		r = whole
	}
	for i := 0; i < len(m.films); i++ {
		if f := m.films[i]; f.rect.Inset(-1).Overlaps(r) {
			r = r.Union(f.rect)
			m.films = slices.Delete(m.films, i, i+1)
			i = -1 // it has grown, and may touch others
		}
	}
	if len(m.films) == screen.MaxStreams {
		return false
	}
	every := at.Sub(m.times[(m.turn+history-often)%history]) / often
	m.films = append(m.films, film{rect: r, last: at, every: every})
	return true
}

// photo tells whether r looks like a photograph: in a sample of 1024 pixels it has many colours. Text has few, however many letters.
func photo(f *screen.Frame, r image.Rectangle) bool {
	const side = 32
	colours := make(map[screen.Color]struct{}, minColours)
	for j := range side {
		for i := range side {
			// In each cell of a grid another place: what has a regular pattern is not met at the same one.
			x := r.Min.X + (2*i*(r.Dx()-1)+(i*7+j*13)%side*(r.Dx()-1)/side)/(2*side)
			y := r.Min.Y + (2*j*(r.Dy()-1)+(i*11+j*5)%side*(r.Dy()-1)/side)/(2*side)
			colours[f.At(x, y)] = struct{}{}
			if len(colours) >= minColours {
				return true
			}
		}
	}
	return false
}
