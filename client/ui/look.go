package ui

import (
	"math"
	"strconv"
	"strings"
	"time"

	"deskhand/client/locales"
	"deskhand/client/ui/typeset"
)

// look is what all windows share: how things are drawn and said. It belongs to the goroutine that owns the display.
type look struct {
	fonts  *typeset.Fonts
	colors *palette
	scale  float64
	rtl    bool
	native bool // the ID is typed into a field of the windowing system
	words  *locales.Text
	now    func() time.Time
	brand  Brand
	onDark bool
	system *palette // colours that the person chose for all programs; nil: none
	logo   *logo    // nil: none

	settings map[setting]*typeset.Text
}

// px converts units to device pixels.
func (lk *look) px(units int) int {
	return int(math.Round(float64(units) * lk.scale))
}

func (lk *look) style(s textStyle) typeset.Style {
	return typeset.Style{Size: lk.px(s.size), LineHeight: lk.px(s.line), Tracking: s.tracking, Tabular: s.tabular}
}

// setting is a paragraph that was laid out before.
type setting struct {
	text            string
	style           textStyle
	width, maxLines int
}

// maxSettings bounds the memory of laid out paragraphs; a window has about twenty.
const maxSettings = 256

// set lays out a message, in which marks mean bold. Lines are about equally long, so that no word stands alone.
func (lk *look) set(text string, s textStyle, width, maxLines int) *typeset.Text {
	k := setting{text, s, width, maxLines}
	if t, ok := lk.settings[k]; ok {
		return t
	}
	if lk.settings == nil || len(lk.settings) >= maxSettings {
		lk.settings = map[setting]*typeset.Text{}
	}
	t := lk.balance(spans(text, s.weight), lk.style(s), typeset.Box{Width: width, MaxLines: maxLines, RTL: lk.rtl})
	lk.settings[k] = t
	return t
}

// balance narrows a paragraph of two or three lines step by step until its last line is no longer very short.
func (lk *look) balance(text []typeset.Span, st typeset.Style, box typeset.Box) *typeset.Text {
	first := lk.fonts.Layout(text, st, box)
	n, full := len(first.Lines), box.Width
	if n < 2 || n > 3 || first.Truncated {
		return first
	}
	for t := first; len(t.Lines) == n && !t.Truncated; t = lk.fonts.Layout(text, st, box) {
		if t.Lines[n-1].Width.Ceil() > full/3 {
			return t
		}
		if box.Width -= full / 24; box.Width < full/2 {
			break
		}
	}
	return first
}

// forget drops what was laid out, after new fonts were found.
func (lk *look) forget() { lk.settings = nil }

// setDigits lays out digits, which run from left to right in every language.
func (lk *look) setDigits(d string) *typeset.Text {
	one := []typeset.Span{{Text: d, Weight: styleDigits.weight}}
	return lk.fonts.Layout(one, lk.style(styleDigits), typeset.Box{Width: lk.px(1000), MaxLines: 1})
}

// boldMark begins and ends bold text; starMark is an asterisk of an argument. Text from others contains neither.
const (
	boldMark = "\ue000"
	starMark = "\ue001"
)

func spans(text string, w typeset.Weight) []typeset.Span {
	var out []typeset.Span
	for i, part := range strings.Split(text, boldMark) {
		weight := w
		if i%2 == 1 {
			weight = typeset.SemiBold
		}
		if part != "" {
			out = append(out, typeset.Span{Text: part, Weight: weight})
		}
	}
	return out
}

// say returns a message of the catalogue. Arguments are kept apart from the sentence's own direction, and asterisks in
// them stay asterisks.
func (lk *look) say(id string, args ...string) string {
	return lk.render(args, func(a locales.Args) string { return lk.words.Say(id, a) })
}

// count is say for a message with plural forms.
func (lk *look) count(id string, n int, args ...string) string {
	return lk.render(args, func(a locales.Args) string { return lk.words.Count(id, n, a) })
}

func (lk *look) render(args []string, say func(locales.Args) string) string {
	named := locales.Args{}
	for i := 0; i+1 < len(args); i += 2 {
		named[args[i]] = isolate(strings.ReplaceAll(args[i+1], "*", starMark))
	}
	return strings.ReplaceAll(strings.ReplaceAll(say(named), "**", boldMark), starMark, "*")
}

// isolate keeps a name's direction from changing the order of the words around it (UAX #9: FSI … PDI).
func isolate(s string) string { return "\u2068" + s + "\u2069" }

// who names a person with what is known about them.
func (lk *look) who(p Person) string {
	switch {
	case p.Title != "" && p.Company != "":
		return lk.say("person.title.company", "Name", p.Name, "Title", p.Title, "Company", p.Company)
	case p.Title != "":
		return lk.say("person.title", "Name", p.Name, "Title", p.Title)
	case p.Company != "":
		return lk.say("person.company", "Name", p.Name, "Company", p.Company)
	}
	return isolate(p.Name)
}

// role is what a person does, without the name.
func (lk *look) role(p Person) string {
	if p.Title != "" && p.Company != "" {
		return lk.say("role.title.company", "Title", p.Title, "Company", p.Company)
	}
	return p.Title + p.Company // at most one of the two
}

// names is a short list of people.
func (lk *look) names(list []string) string {
	switch len(list) {
	case 0:
		return ""
	case 1:
		return isolate(list[0])
	case 2:
		return lk.say("names.two", "First", list[0], "Second", list[1])
	}
	return lk.say("names.more", "First", list[0], "Second", list[1], "More", strconv.Itoa(len(list)-2))
}
