package input_test

import (
	"strings"
	"testing"
	"time"

	"deskhand/client/input"
	"deskhand/client/input/inputtest"
)

var layouts = []string{"us", "de", "fr", "ru", "us,ru", "us(intl)"}

const sample = "«é, ß, €, 漢, emoji 😀, ñ, Ж, ﷼, \"quotes\", ~^`ÉÀ|\\@#{[]}» 👨\u200d👩\u200d👧 Hello, Wörld?"

func TestTextIsExact(t *testing.T) {
	for _, layout := range layouts {
		t.Run(layout, func(t *testing.T) {
			t.Parallel()
			display := start(t, layout)
			outside := connect(t, display)
			before := mapOf(t, outside)
			w := inputtest.OpenWindow(t, display, 0, 0, time.Millisecond)
			in, err := input.Open(display)
			must(t, err)
			must(t, in.Text(sample+"\n\tend"))
			w.WaitText(t, sample+"\n\tend")
			if !nothingDown(t, outside) {
				t.Error("a key is still down")
			}
			must(t, in.Close())
			sameMap(t, outside, before)
		})
	}
}

func TestLongTextIsExact(t *testing.T) {
	display := start(t, "us")
	w := inputtest.OpenWindow(t, display, 0, 0, 0)
	in := open(t, display)
	text := strings.Repeat("The quick brown fox (No. 42) jumps over the lazy dog; \"OK\"? ", 34)[:2000]
	must(t, in.Text(text))
	w.WaitText(t, text)
}

// Layouts keep a second AltGr on a keycode that no keyboard sends; programs that know keys by their place want the real one.
func TestAltGrIsTheRealKey(t *testing.T) {
	display := start(t, "de")
	w := inputtest.OpenWindow(t, display, 0, 0, 0)
	must(t, open(t, display).Text("@"))
	w.WaitText(t, "@")
	if e := w.Events(); e[0].Code != 108 || e[1].Text != '@' || e[1].Code != codeQ {
		t.Errorf("got %+v, want AltGr (108) and Q (24)", e)
	}
}
