package transcript

import (
	"bytes"
	"slices"
	"strings"
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
		"one line up":               {"10 %\r\n\x1b[A20 %\r\n\r\nend", "20 %\n\nend\n"},
		"marks":                     {"e\u0301a\u0308 👩\u200d🚒\r\n", "e\u0301a\u0308 👩\u200d🚒\n"},
		"half a wide letter":        {"漢字\r\x1b[Cx\r\n", " x字\n"},
		"blanked":                   {"abcdef\r\x1b[2C\x1b[2X\r\n", "ab  ef\n"},
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

// What bash 5.2 writes on a terminal of 20 columns, with the prompt "$ ".
func TestABashLineThatIsWrapped(t *testing.T) {
	right := func(n int) string { return strings.Repeat("\x1b[C", n) }
	for name, c := range map[string]struct {
		columns  int
		in, want string
	}{
		"as it is typed": {
			20, "\x1b[?2004h$ echo one two three \r four five six\r\n\x1b[?2004l\rone two three four five six\r\n\x1b[?2004h$ ",
			"$ echo one two three four five six\none two three four five six\n$\n",
		},
		"a width that is not known": {
			0, "one\rtwo\r\n\x1b[?2004h$ echo one two three \r four five six\r\n", "two\n four five six three\n",
		},
		"a row and no more": {
			20, "$ echo 0123456789abc \r\x1b[A" + right(19) + "\x1b[Kc\r\n\x1b[?2004l\r0123456789abc\r\n",
			"$ echo 0123456789abc\n0123456789abc\n",
		},
		"a letter before, from home to end": {
			20, "$ echo one two three \r four five six\x1b[A\r" + right(2) + "xecho one two three\x1b[1@ \x1b[A\x1b[C\r\n\r" + right(15) + "\r\n\x1b[?2004l\rbash: xecho: command not found\r\n",
			"$ xecho one two three four five six\nbash: xecho: command not found\n",
		},
		"another line in its place": {
			20, "$ echo one two three four five six\x1b[A\r" + right(2) + "\x1b[K\r\n\r\x1b[K\x1b[A" + right(2) + "echo hi\r\n\x1b[?2004l\rhi\r\n",
			"$ echo hi\nhi\n",
		},
		"a word less": {
			20, "$ echo one two three \r four five six\x1b[A\r" + right(10) + "\b\b\b two three fou\x1b[3P\x1b[A" + right(6) + "\r\n\r\r\n\x1b[?2004l\rtwo three four five six\r\n",
			"$ echo  two three four five six\ntwo three four five six\n",
		},
		"letters less, back over the wrap": {
			20, "$ echo one two three \r four\b\x1b[K\b\x1b[K\b\x1b[K\b\x1b[K\r\x1b[K\x1b[A" + right(19) + "\x1b[K\r\n\r\x1b[K\x1b[A" + right(19) + "\b\x1b[K\b\x1b[K\b\x1b[K\r\n\x1b[?2004l\rone two t\r\n",
			"$ echo one two t\none two t\n",
		},
		"given up from its beginning": {
			20, "$ echo one two three \r four five six\x1b[A\r" + right(2) + "^C\r\n\r\x1b[?2004l\r\x1b[?2004h\x1b[?2004l\r\r\n\x1b[?2004h$ ",
			"$ ^Cho one two three four five six\n$\n",
		},
		"pasted, and drawn anew": {
			20, "$ \x1b[7mecho one two three\x1b[27m\x1b[7m \x1b[27m\x1b[7mfour five six seven\x1b[27m\x1b[7m \x1b[27m\x1b[7meight nine\x1b[27m\x1b[A\x1b[A\r" + right(2) + "echo one two three four five six seven eight nine\r\n",
			"$ echo one two three four five six seven eight nine\n",
		},
		"wide letters": {
			20, "$ echo 漢字漢字漢字 \x1b[K漢字漢字漢字\r\n\x1b[?2004l\r漢字漢字漢字漢字漢字漢字\r\n",
			"$ echo 漢字漢字漢字 漢字漢字漢字\n漢字漢字漢字漢字漢字漢字\n",
		},
		"progress on a row":           {20, "10 % \r20 % \r30 %\r\n", "30 %\n"},
		"a full row is written again": {20, "aaaaaaaaaaaaaaaaaaaa\rbbb\r\n", "bbbaaaaaaaaaaaaaaaaa\n"},
		"zsh's mark for a line without an end": {
			20, "\x1b[7m%\x1b[27m" + strings.Repeat(" ", 19) + "\r \r\r\x1b[J$ ls\x1b[K\r\n", "$ ls\n",
		},
	} {
		for _, whole := range []bool{true, false} {
			var pieces []deskhand.PromptOutput
			for i := range len(c.in) {
				pieces = append(pieces, deskhand.PromptOutput{Position: int64(i), Columns: c.columns, Data: []byte(c.in[i : i+1])})
			}
			if whole {
				pieces = []deskhand.PromptOutput{{Columns: c.columns, Data: []byte(c.in)}}
			}
			if got := string(Text(pieces)); got != c.want {
				t.Errorf("%s, whole %v: %q, want %q", name, whole, got, c.want)
			}
		}
	}
}

func TestTheWidthMayChange(t *testing.T) {
	got := string(Text([]deskhand.PromptOutput{
		{Columns: 6, Data: []byte("abcdef \rgh\r\n")},
		{Position: 11, Columns: 4, Data: []byte("abcd \refgh \rij\r\n")},
		{Position: 27, Columns: 6, Data: []byte("ab \rc\r\n")},
	}))
	if want := "abcdefgh\nabcdefghij\ncb\n"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
}

func TestAGapIsALine(t *testing.T) {
	got := string(Text([]deskhand.PromptOutput{{Data: []byte("begin\r\nhal\x1b[3")}, {Position: 1_000_000, Data: []byte("end\r\n")}}))
	if got != "begin\nhal\n[… 999987 bytes are not kept …]\nend\n" {
		t.Errorf("%q", got)
	}
}

// A program or a client that means ill costs no more than what it sends: without the limits this takes hours, or all memory.
func TestWhatMeansIll(t *testing.T) {
	up := text(strings.Repeat(" ", 4000) + "x" + strings.Repeat("\x1b[4096A\x1b[4096B", 50_000))
	if len(up) > 2*maxLine {
		t.Errorf("moving up and down makes %d bytes", len(up))
	}
	blanks := text(strings.Repeat(" ", 4000) + strings.Repeat("\n\x1b[A", 200_000))
	if len(blanks) > 2*maxLine {
		t.Errorf("lines that come and go make %d bytes", len(blanks))
	}
	var pieces []deskhand.PromptOutput
	for i := range 50_000 {
		pieces = append(pieces, deskhand.PromptOutput{Position: int64(7 * i), Columns: maxLine - i%2, Data: []byte("\x1b[4096C")})
	}
	pieces = append(pieces, deskhand.PromptOutput{Position: 350_000, Columns: 80, Data: []byte("x")})
	if got := Text(pieces); len(got) > 2*maxLine {
		t.Errorf("a width that changes makes %d bytes", len(got))
	}
}

func FuzzText(f *testing.F) {
	f.Add([]byte("\x1b[2K\x1b[5Dab\t\x1b]0;x\x07\x1b[@\x1b[9999999999C\x1b[P"))
	f.Add([]byte("\x1b[A漢\b\x1b[X字\x1b[3@\x1b[2P\n\x1b[K\x1b[B\u0301\x1b[1K\x1b[G\x1b[J"))
	f.Fuzz(func(t *testing.T, b []byte) {
		var pieces []deskhand.PromptOutput
		for at, part := range slices.Collect(slices.Chunk(b, 32)) { // another width for each
			pieces = append(pieces, deskhand.PromptOutput{Position: int64(32 * at), Columns: int(part[0]) * 20, Data: part})
		}
		got := Text(pieces)
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
