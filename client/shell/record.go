package shell

import (
	"cmp"
	"slices"
)

// Piece is a part of a shell's output.
type Piece struct {
	ID      string
	Offset  uint64
	Columns int // of the terminal
	Data    []byte

	shell *Shell
}

// Sizes of a report.
const (
	pieceSize  = 32 << 10 // of one shell
	reportSize = 64 << 10
)

// Output is what is to be reported next of the output of all shells; nothing when all is reported. It stays so until it is Kept.
func (b *Book) Output() (pieces []Piece) {
	b.mu.Lock()
	list := slices.Clone(b.left)
	for _, s := range b.shells {
		list = append(list, s)
	}
	b.mu.Unlock()
	slices.SortStableFunc(list, func(x, y *Shell) int { return cmp.Compare(x.unreported(), y.unreported()) })
	room := reportSize
	for _, s := range list { // who says little is heard first
		for from, rest := uint64(0), min(room, pieceSize); rest > 0; {
			p := s.piece(from, rest)
			if len(p.Data) == 0 {
				break
			}
			pieces = append(pieces, p)
			from = p.Offset + uint64(len(p.Data))
			rest -= len(p.Data)
			room -= len(p.Data)
		}
	}
	return pieces
}

// Kept says that pieces of Output are reported.
func (b *Book) Kept(pieces []Piece) {
	for _, p := range pieces {
		p.shell.report(p.Offset + uint64(len(p.Data)))
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	b.left = slices.DeleteFunc(b.left, func(s *Shell) bool { return s.unreported() == 0 })
}

// unreported is how much output is not reported.
func (s *Shell) unreported() uint64 {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.out.end - s.reported
}

// piece is the next output that is not reported, from an offset on: of the beginning all, then what there is still. The terminal has one width in it.
func (s *Shell) piece(from uint64, most int) Piece {
	s.mu.Lock()
	defer s.mu.Unlock()
	from = max(from, s.reported)
	p := Piece{ID: s.ID, Offset: from, shell: s}
	if from < uint64(len(s.head)) {
		rest := s.head[from:]
		p.Data = slices.Clone(rest[:s.asWide(&p, min(len(rest), most))])
		return p
	}
	p.Offset = max(from, s.out.oldest())
	p.Data = make([]byte, s.asWide(&p, min(most, int(s.out.end-p.Offset))))
	s.out.read(p.Offset, p.Data)
	return p
}

// width is how wide a terminal is, for the output from an offset on.
type width struct {
	offset  uint64
	columns int
}

// maxWidths is how many changes of the width are remembered until they are reported.
const maxWidths = 256

// resized notes the terminal's width.
func (s *Shell) resized(columns int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	last := &s.widths[len(s.widths)-1]
	switch {
	case last.columns == columns:
	case last.offset == s.out.end, len(s.widths) == maxWidths:
		last.columns = columns
	default:
		s.widths = append(s.widths, width{s.out.end, columns})
	}
}

// asWide says in a piece how wide the terminal was, and returns how much of the output after its offset, of n bytes, that holds for. mu is held.
func (s *Shell) asWide(p *Piece, n int) int {
	for _, w := range s.widths {
		if w.offset > p.Offset {
			return min(n, int(w.offset-p.Offset))
		}
		p.Columns = w.columns
	}
	return n
}

func (s *Shell) report(to uint64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.reported = max(s.reported, to)
	for len(s.widths) > 1 && s.widths[1].offset <= s.reported {
		s.widths = s.widths[1:]
	}
	if s.reported >= headEnd {
		s.head = nil
	}
}
