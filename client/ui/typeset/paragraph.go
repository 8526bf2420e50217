package typeset

import (
	"slices"
	"unicode"

	"github.com/go-text/typesetting/di"
	"github.com/go-text/typesetting/font/opentype"
	"github.com/go-text/typesetting/language"
	"github.com/go-text/typesetting/shaping"
	"golang.org/x/image/math/fixed"
)

// maxRunes bounds one paragraph; what a person reads in a small window is far below.
const maxRunes = 2000

// Span is a piece of text in one weight.
type Span struct {
	Text   string
	Weight Weight
}

// Style says how a paragraph is set. Lengths are device pixels.
type Style struct {
	Size       int // em
	LineHeight int
	Tracking   int // letter spacing in 1/1000 em, negative for large sizes
	Tabular    bool
}

// Box is the room that a paragraph may take.
type Box struct {
	Width    int  // pixels; text breaks or ends in … there
	MaxLines int  // 0: any number
	RTL      bool // direction of the paragraph, for neutral text and order
}

// Text is a paragraph broken into lines.
type Text struct {
	Lines    []Line
	Width    int // of the widest line, rounded up
	Height   int
	Baseline int // of the first line, from the top
	// Truncated says that the text ends in … because of [Box].MaxLines.
	Truncated bool
	Said      string // what was laid out, whole
	style     Style
}

// LineHeight is the distance between two baselines.
func (t *Text) LineHeight() int { return t.style.LineHeight }

// Line is a row of runs, leftmost first.
type Line struct {
	Runs  []Run
	Width fixed.Int26_6
}

// Run is glyphs of one face.
type Run struct {
	Glyphs []shaping.Glyph
	face   *face
	size   int
	latin  []bool // per glyph: whether its outline is aligned to the pixel rows
}

// Layout shapes and breaks a paragraph.
func (f *Fonts) Layout(spans []Span, st Style, box Box) *Text {
	t := &Text{style: st}
	ascent, descent := f.extents(st.Size)
	t.Baseline = (st.LineHeight-(ascent-descent)+1)/2 + ascent
	p := f.paragraph(spans, box.RTL)
	t.Said = string(p.text)
	if len(p.text) == 0 {
		t.Height = st.LineHeight
		return t
	}
	var runs []shaping.Output
	for _, in := range f.split(p, st) {
		run := f.shaper.Shape(in)
		if st.Tracking != 0 && spaced(in.Script) {
			run.AddLetterSpacing(fixed.Int26_6(st.Size*st.Tracking*64/1000), false, false)
		}
		runs = append(runs, run)
	}
	cfg := shaping.WrapConfig{Direction: direction(p.base), TruncateAfterLines: box.MaxLines}
	if box.MaxLines > 0 {
		cfg.Truncator = f.shaper.Shape(f.ellipsis(p, st))
	}
	lines, cut := f.wrapper.WrapParagraph(cfg, max(box.Width, st.Size), p.text, shaping.NewSliceIterator(runs))
	for _, l := range lines {
		line := f.line(l, p, st.Size)
		t.Lines = append(t.Lines, line)
		t.Width = max(t.Width, line.Width.Ceil())
	}
	t.Height, t.Truncated = len(t.Lines)*st.LineHeight, cut > 0
	return t
}

// paragraph is text ready to be shaped: without isolates, each character with its weight and embedding level.
type paragraph struct {
	text    []rune
	weights []Weight
	levels  []int
	base    int
}

// paragraph resolves direction. A window for a right-to-left language sets a sentence so only when it is written so,
// because a message that has no translation is English there.
func (f *Fonts) paragraph(spans []Span, rtl bool) paragraph {
	text, weights := join(spans)
	var p paragraph
	if rtl && f.hasRTL(text) {
		p.base = 1
	}
	levels := f.resolve(text, p.base)
	for i, r := range text {
		if levels[i] >= 0 {
			p.text, p.weights, p.levels = append(p.text, r), append(p.weights, weights[i]), append(p.levels, levels[i])
		}
	}
	return p
}

// spaced tells the scripts whose letters stand apart; others join them or have their own rhythm.
func spaced(s language.Script) bool {
	return s == language.Latin || s == language.Greek || s == language.Cyrillic || s == language.Common
}

func direction(level int) di.Direction {
	if level%2 == 1 {
		return di.DirectionRTL
	}
	return di.DirectionLTR
}

func join(spans []Span) (text []rune, weights []Weight) {
	for _, s := range spans {
		for _, r := range s.Text {
			if len(text) == maxRunes {
				return text, weights
			}
			text = append(text, r)
			weights = append(weights, s.Weight)
		}
	}
	return text, weights
}

// extents are the primary face's ascent and (negative) descent in pixels.
func (f *Fonts) extents(size int) (ascent, descent int) {
	p := f.primary[Regular]
	k := float32(size) / p.upem
	return int(p.ascent*k + .5), int(p.descent*k - .5)
}

// split cuts the text where level, script, face or weight change.
func (f *Fonts) split(p paragraph, st Style) []shaping.Input {
	var out []shaping.Input
	for start := 0; start < len(p.text); {
		end := start + 1
		for end < len(p.text) && p.levels[end] == p.levels[start] {
			end++
		}
		in := shaping.Input{
			Text: p.text, RunStart: start, RunEnd: end, Direction: direction(p.levels[start]),
			Size: fixed.I(st.Size), Language: f.lang, FontFeatures: features(st),
		}
		for _, seg := range f.segment.Split(in, f) {
			out = append(out, f.byWeight(seg, p.weights)...)
		}
		start = end
	}
	return out
}

// byWeight cuts a segment where the weight changes.
func (f *Fonts) byWeight(seg shaping.Input, weights []Weight) []shaping.Input {
	var out []shaping.Input
	for i := seg.RunStart; i < seg.RunEnd; {
		j := i + 1
		for j < seg.RunEnd && weights[j] == weights[i] {
			j++
		}
		part := seg
		part.RunStart, part.RunEnd = i, j
		part.Face = f.atWeight(seg.Face, weights[i])
		out = append(out, part)
		i = j
	}
	return out
}

func features(st Style) []shaping.FontFeature {
	if !st.Tabular {
		return nil
	}
	return []shaping.FontFeature{{Tag: opentype.MustNewTag("tnum"), Value: 1}}
}

func (f *Fonts) ellipsis(p paragraph, st Style) shaping.Input {
	face := f.primary[p.weights[len(p.weights)-1]]
	return shaping.Input{
		Text: []rune("…"), RunEnd: 1, Direction: direction(p.base), Face: face.Face, Size: fixed.I(st.Size), Language: f.lang,
	}
}

// line puts a wrapped line's runs into visual order. The wrapper reuses its memory, so everything is copied.
func (f *Fonts) line(runs shaping.Line, p paragraph, size int) Line {
	var l Line
	for _, i := range visual(runs, p.levels, p.base) {
		r := runs[i]
		run := Run{Glyphs: slices.Clone(r.Glyphs), face: f.byFace[r.Face], size: size, latin: make([]bool, len(r.Glyphs))}
		for k, g := range r.Glyphs {
			if at := g.TextIndex(); at < len(p.text) {
				run.latin[k] = aligned(p.text[at])
			}
		}
		l.Runs = append(l.Runs, run)
		l.Width += r.Advance
	}
	return l
}

// aligned tells whether a character belongs to a script with an x-height, whose rows are worth aligning.
func aligned(r rune) bool {
	return r < 0x80 || unicode.In(r, unicode.Latin, unicode.Greek, unicode.Cyrillic)
}
