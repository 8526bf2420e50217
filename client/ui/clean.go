package ui

import (
	"strings"
	"unicode"
)

// Limits of text that comes from others, in characters.
const (
	maxName   = 64
	maxWord   = 32
	maxTicket = 40
	maxHost   = 120
	maxLine   = 200
	maxText   = 600
	maxNames  = 16
	maxMarks  = 3 // combining marks on one letter
)

// tidy makes text from others harmless: one line, no control, direction-changing or private characters, no towers
// of combining marks, at most limit characters.
func tidy(s string, limit int) string {
	var b strings.Builder
	n, marks, space := 0, 0, false
	for _, r := range s {
		switch {
		case unicode.IsSpace(r) || r == '\u2028' || r == '\u2029':
			space = true
			continue
		case !allowed(r):
			continue
		case unicode.Is(unicode.Mn, r) || unicode.Is(unicode.Me, r):
			if marks++; marks > maxMarks {
				continue
			}
		default:
			marks = 0
		}
		if n >= limit {
			return b.String() + "…"
		}
		if space && b.Len() > 0 {
			b.WriteByte(' ')
			n++
		}
		space = false
		b.WriteRune(r)
		n++
	}
	return b.String()
}

// allowed keeps what a person can see, and the joiners that scripts and emoji need.
func allowed(r rune) bool {
	switch {
	case r == '\u200c' || r == '\u200d' || r == '\ufe0f':
		return true
	case r == unicode.ReplacementChar || unicode.IsControl(r):
		return false
	case r >= 0xe0020 && r <= 0xe007f: // tags in flags of regions
		return true
	}
	return !unicode.In(r, unicode.Cf, unicode.Co, unicode.Cs, unicode.Zl, unicode.Zp) && unicode.IsGraphic(r)
}

func (p Person) clean() Person {
	return Person{tidy(p.Name, maxName), tidy(p.Title, maxName), tidy(p.Company, maxName)}
}

func tidyAll(names []string) []string {
	var out []string
	for _, n := range names[:min(len(names), maxNames)] {
		if n = tidy(n, maxName); n != "" {
			out = append(out, n)
		}
	}
	return out
}

func (m Main) clean() content {
	m.Company, m.Server = tidy(m.Company, maxName), tidy(m.Server, maxHost)
	m.Agent, m.Ticket = m.Agent.clean(), tidy(m.Ticket, maxTicket)
	return m
}

func (c Consent) clean() content {
	c.Agent, c.Others = c.Agent.clean(), tidyAll(c.Others)
	c.Ticket, c.Server, c.Line = tidy(c.Ticket, maxTicket), tidy(c.Server, maxHost), tidy(c.Line, maxLine)
	c.Words = [2]string{tidy(c.Words[0], maxWord), tidy(c.Words[1], maxWord)}
	return c
}

func (b Bar) clean() content {
	b.Viewers, b.Control = tidyAll(b.Viewers), tidy(b.Control, maxName)
	b.Prompts = tidyAll(b.Prompts)
	return b
}

func (n Notice) clean() content {
	n.Agent, n.Server = tidy(n.Agent, maxName), tidy(n.Server, maxHost)
	n.Title, n.Text, n.Hint = tidy(n.Title, maxText), tidy(n.Text, maxText), tidy(n.Hint, maxText)
	return n
}
