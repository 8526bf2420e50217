package transcript

import (
	"bytes"
	"testing"
	"unicode"
	"unicode/utf8"

	"deskhand"
)

func text(parts ...string) string {
	var pieces []deskhand.PromptOutput
	at := int64(0)
	for _, p := range parts {
		pieces = append(pieces, deskhand.PromptOutput{Position: at, Data: []byte(p)})
		at += int64(len(p))
	}
	return string(Text(pieces))
}

func TestText(t *testing.T) {
	for name, c := range map[string]struct{ in, want string }{
		"plain":                     {"one\r\ntwo\r\n", "one\ntwo\n"},
		"without an end":            {"$ ", "$\n"},
		"colours":                   {"\x1b[1;31mred\x1b[0m\r\n", "red\n"},
		"a title":                   {"\x1b]0;evil \x07title\x1b]2;x\x1b\\!\r\n", "title!\n"},
		"a mistake":                 {"lss\b \b -l\r\n", "ls -l\n"},
		"a mistake, erased":         {"lss\b\x1b[K -l\r\n", "ls -l\n"},
		"progress":                  {"10 %\r20 %\r100 %\r\n", "100 %\n"},
		"inserted":                  {"ac\b\x1b[@b\r\n", "abc\n"},
		"deleted":                   {"abbc\b\b\x1b[P\r\n", "abc\n"},
		"a whole screen":            {"before\r\n\x1b[?1049hvim\x1b[2;3H~\x1b[?1049lafter\r\n", "before\nafter\n"},
		"letters":                   {"Grüße, 你好 🎉\r\n", "Grüße, 你好 🎉\n"},
		"tabs":                      {"a\tb\r\n", "a       b\n"},
		"cleared":                   {"a\x1b[2J\x1b[Hb\r\n", "a\nb\n"},
		"a character set":           {"\x1b(0qq\x1b(Bx\r\n", "qqx\n"},
		"an unfinished sequence":    {"a\x1b[12", "a\n"},
		"C1":                        {"a\u009b31mb\r\n", "a31mb\n"},
		"what is no UTF-8":          {"a\xffb\r\n", "a\ufffdb\n"},
		"bracketed paste and modes": {"\x1b[?2004h$ ls\x1b[?2004l\r\n", "$ ls\n"},
	} {
		if got := text(c.in); got != c.want {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
		// However it is cut, it is the same.
		var parts []string
		for i := range len(c.in) {
			parts = append(parts, c.in[i:i+1])
		}
		if got := text(parts...); got != c.want {
			t.Errorf("%s, cut: %q, want %q", name, got, c.want)
		}
	}
}

func TestAGapIsALine(t *testing.T) {
	got := string(Text([]deskhand.PromptOutput{{Data: []byte("begin\r\nhal\x1b[3")}, {Position: 1_000_000, Data: []byte("end\r\n")}}))
	if got != "begin\nhal\n[… 999987 bytes are not kept …]\nend\n" {
		t.Errorf("%q", got)
	}
}

func FuzzText(f *testing.F) {
	f.Add([]byte("\x1b[2K\x1b[5Dab\t\x1b]0;x\x07\x1b[@\x1b[9999999999C\x1b[P"))
	f.Fuzz(func(t *testing.T, b []byte) {
		got := Text([]deskhand.PromptOutput{{Data: b}})
		if !utf8.Valid(got) {
			t.Fatalf("%q is no UTF-8", got)
		}
		if bytes.ContainsFunc(got, func(r rune) bool { return unicode.IsControl(r) && r != '\n' }) {
			t.Fatalf("%q has control characters", got)
		}
		if len(got) > len(b)*maxLine+1 {
			t.Fatalf("%d bytes became %d", len(b), len(got))
		}
	})
}
