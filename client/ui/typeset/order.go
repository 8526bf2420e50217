package typeset

import (
	"slices"

	"github.com/go-text/typesetting/bidi"
	"github.com/go-text/typesetting/di"
	"github.com/go-text/typesetting/shaping"
)

// The isolates of UAX #9 that callers put around names: first-strong isolate and its end.
const (
	fsi = '\u2068'
	pdi = '\u2069'
	// object stands for an isolate while the text around it is ordered.
	object = '\ufffc'
)

// resolve gives each character its embedding level, following UAX #9 with isolates handled from the outside in,
// because the segmenter merges runs that differ only in level. Isolates themselves get -1.
func (f *Fonts) resolve(text []rune, base int) []int {
	levels := make([]int, len(text))
	f.resolveInto(levels, text, base, 0)
	return levels
}

const maxNesting = 8

func (f *Fonts) resolveInto(levels []int, text []rune, base, depth int) {
	var outer []rune
	var at []int // index in text of each rune of outer
	for i := 0; i < len(text); i++ {
		end := closing(text, i)
		if end < 0 || depth == maxNesting {
			outer, at = append(outer, text[i]), append(at, i)
			continue
		}
		outer, at = append(outer, object), append(at, i)
		inner := text[i+1 : end]
		f.resolveInto(levels[i+1:end], inner, f.above(base, inner), depth+1)
		if end < len(text) {
			levels[end] = -1
		}
		i = end
	}
	f.order(outer, base, func(i, level int) { levels[at[i]] = level })
	for i, r := range text {
		if r == fsi || r == pdi {
			levels[i] = -1
		}
	}
}

// closing is the index of the end of the isolate that begins at i (the text's length when it is not closed), -1 when
// none begins there.
func closing(text []rune, i int) int {
	if text[i] != fsi {
		return -1
	}
	depth := 0
	for j := i; j < len(text); j++ {
		switch text[j] {
		case fsi:
			depth++
		case pdi:
			if depth--; depth == 0 {
				return j
			}
		}
	}
	return len(text)
}

// order reports the level of each character of a text without isolates.
func (f *Fonts) order(text []rune, base int, level func(i, level int)) {
	def := bidi.LeftToRight
	if base%2 == 1 {
		def = bidi.RightToLeft
	}
	runs := f.bidi.Segment(text, def)
	for n := range runs.NumRuns() {
		r := runs.Run(n)
		for i := r.Start; i < r.End; i++ {
			level(i, base-base%2+int(r.Level))
		}
	}
}

// above is the level inside an isolate: the next one whose direction is that of the first letter.
func (f *Fonts) above(base int, inner []rune) int {
	odd := 0
	if f.startsRTL(inner) {
		odd = 1
	}
	if base%2 == odd {
		return base + 2
	}
	return base + 1
}

func (f *Fonts) startsRTL(text []rune) bool {
	if len(text) == 0 {
		return false
	}
	runs := f.bidi.Segment(text, bidi.Neutral)
	return runs.NumRuns() > 0 && runs.Run(0).Level > 0
}

// hasRTL tells whether a sentence itself, without the isolated names in it, is written from right to left.
func (f *Fonts) hasRTL(text []rune) bool {
	var own []rune
	for i := 0; i < len(text); i++ {
		if end := closing(text, i); end >= 0 {
			i = end
			continue
		}
		own = append(own, text[i])
	}
	if len(own) == 0 {
		return f.startsRTL(text)
	}
	runs := f.bidi.Segment(own, bidi.LeftToRight)
	for n := range runs.NumRuns() {
		if runs.Run(n).Level%2 == 1 {
			return true
		}
	}
	return false
}

// visual orders the runs of a wrapped line, leftmost first: rule L2 of UAX #9 reverses, from the highest level down,
// every stretch at or above it.
func visual(runs shaping.Line, levels []int, base int) []int {
	order, level := make([]int, len(runs)), make([]int, len(runs))
	top := 0
	for i, r := range runs {
		order[i], level[i] = i, base
		if r.Runes.Offset < len(levels) && r.Runes.Count > 0 {
			level[i] = levels[r.Runes.Offset]
		}
		if (r.Direction == di.DirectionRTL) != (level[i]%2 == 1) {
			level[i]++
		}
		top = max(top, level[i])
	}
	for lv := top; lv >= 1; lv-- {
		for i := 0; i < len(order); {
			j := i
			for j < len(order) && level[order[j]] >= lv {
				j++
			}
			slices.Reverse(order[i:j])
			i = max(j, i+1)
		}
	}
	return order
}
