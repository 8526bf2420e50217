package typeset

import (
	"context"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"golang.org/x/image/font/gofont/goregular"
)

const dejavu = "/usr/share/fonts/truetype/dejavu"

// The machine's fonts; a few tests need what fonts-dejavu-core and fonts-noto-core bring.
func system(t *testing.T) *Fonts {
	t.Helper()
	f := Open(Options{Language: "en"})
	if len(f.files) == 0 {
		t.Fatal("no fonts on this machine: install fonts-dejavu-core, fonts-noto-core, fonts-noto-cjk, fonts-noto-color-emoji")
	}
	return f
}

var body = Style{Size: 15, LineHeight: 22}

func plain(s string) []Span { return []Span{{s, Regular}} }

// order is the text of a line as one reads the glyphs from left to right.
func order(f *Fonts, s string, rtl bool) string {
	p := f.paragraph(plain(s), rtl)
	var out []rune
	for _, l := range f.Layout(plain(s), body, Box{Width: 10_000, RTL: rtl}).Lines {
		for _, r := range l.Runs {
			for _, g := range r.Glyphs {
				out = append(out, p.text[g.TextIndex()])
			}
		}
	}
	return string(out)
}

func TestDirection(t *testing.T) {
	f := Open(Options{Dirs: []string{dejavu}})
	const fsi, pdi = "\u2068", "\u2069"
	for _, tt := range []struct {
		name, in string
		rtl      bool
		want     string
	}{
		{"latin", "abc def", false, "abc def"},
		{"hebrew", "אבג", false, "גבא"},
		{"hebrew name in a sentence", "ask " + fsi + "אבג" + pdi + " to", false, "ask גבא to"},
		{"number after a hebrew name stays inside", "ask " + fsi + "אבג 12" + pdi + " to", false, "ask 12 גבא to"},
		{"two names keep their order", fsi + "אב" + pdi + ", " + fsi + "גד" + pdi, false, "בא, דג"},
		{"number after an isolated name", fsi + "אבג" + pdi + " 12 x", false, "גבא 12 x"},
		{"latin name in a hebrew sentence", "אבג " + fsi + "Rodney 2" + pdi + " דה", true, "הד Rodney 2 גבא"},
		{"untranslated sentence in a mirrored window", "ask " + fsi + "אבג" + pdi + ".", true, "ask גבא."},
		{"nested", fsi + fsi + "אב" + pdi + ", x" + pdi + " y", false, "בא, x y"},
		{"isolate that is not closed", "a " + fsi + "אב", false, "a בא"},
		{"end without a beginning", "a" + pdi + "b", false, "ab"},
		{"brackets", "אב (גד)", true, "(דג) בא"},
	} {
		if got := strings.NewReplacer("(", "(", ")", ")").Replace(order(f, tt.in, tt.rtl)); norm(got) != norm(tt.want) {
			t.Errorf("%s: %q, want %q", tt.name, got, tt.want)
		}
	}
}

// norm makes brackets alike: shaping mirrors their glyphs, not their characters.
func norm(s string) string { return strings.NewReplacer("(", "|", ")", "|").Replace(s) }

func TestBreaksAndTruncates(t *testing.T) {
	f := Open(Options{Dirs: []string{}})
	long := strings.Repeat("word ", 40)
	for _, tt := range []struct {
		name     string
		in       string
		box      Box
		lines    int
		truncate bool
	}{
		{"short", "word", Box{Width: 200}, 1, false},
		{"empty", "", Box{Width: 200}, 0, false},
		{"many lines", long, Box{Width: 200}, 9, false},
		{"two lines at most", long, Box{Width: 200, MaxLines: 2}, 2, true},
		{"fits exactly", "word", Box{Width: 200, MaxLines: 1}, 1, false},
		{"one endless word", strings.Repeat("x", 100), Box{Width: 100}, 8, false},
		{"one endless word cut", strings.Repeat("x", 100), Box{Width: 100, MaxLines: 1}, 1, true},
		{"no room at all", "word", Box{Width: 0}, 4, false},
	} {
		got := f.Layout(plain(tt.in), body, tt.box)
		if tt.lines > 2 && len(got.Lines) < tt.lines/2 || tt.lines <= 2 && len(got.Lines) != tt.lines || got.Truncated != tt.truncate {
			t.Errorf("%s: %d lines, truncated %v", tt.name, len(got.Lines), got.Truncated)
		}
		if tt.box.Width > 0 && got.Width > tt.box.Width {
			t.Errorf("%s: %d pixels wide, room for %d", tt.name, got.Width, tt.box.Width)
		}
	}
}

func TestLongTextIsBounded(t *testing.T) {
	f := Open(Options{Dirs: []string{}})
	text, _ := join(plain(strings.Repeat("x", 1_000_000)))
	if len(text) != maxRunes {
		t.Errorf("%d characters", len(text))
	}
	f.Layout(plain(strings.Repeat("\u2068", 5000)), body, Box{Width: 100})
}

// Every script has a glyph, from a font whose file was found by its name.
func TestScripts(t *testing.T) {
	f := system(t)
	for name, s := range map[string]string{
		"latin": "Müller", "greek": "Ελένη", "cyrillic": "Ольга", "arabic": "محمد", "hebrew": "שלום", "devanagari": "प्रिया",
		"bengali": "মৌসুমী", "thai": "สมชาย", "georgian": "ნინო", "armenian": "Արամ", "ethiopic": "አበበ", "khmer": "សុខ",
		"japanese": "山田サポート", "korean": "김민수", "chinese": "王小明", "emoji": "🙂👩‍💻", "tamil": "கமலா",
	} {
		text := f.Layout(plain(s), body, Box{Width: 10_000})
		for _, l := range text.Lines {
			for _, r := range l.Runs {
				for i, g := range r.Glyphs {
					if g.GlyphID == 0 {
						t.Errorf("%s: no glyph in %s", name, r.face.key.path)
					}
					f.Glyph(r, i, 0)
				}
			}
		}
	}
	if rs := f.Missing(); len(rs) != 0 {
		t.Errorf("missing: %q", string(rs))
	}
}

// A mark between letters of a script comes from the font of that script.
func TestCommonFollowsItsScript(t *testing.T) {
	f := system(t)
	text := f.Layout(plain("サポート"), body, Box{Width: 10_000})
	if n := len(text.Lines[0].Runs); n != 1 {
		t.Errorf("%d runs", n)
	}
}

func TestEmojiIsInColor(t *testing.T) {
	f := system(t)
	text := f.Layout(plain("🙂"), body, Box{Width: 100})
	g := f.Glyph(text.Lines[0].Runs[0], 0, 0)
	if g.Color == nil {
		t.Fatal("no colour picture")
	}
	if s := g.Color.Rect.Size(); s.X < 10 || s.X > 30 || s.Y < 10 || s.Y > 30 {
		t.Errorf("a picture of %v", s)
	}
}

func TestBoldFallback(t *testing.T) {
	f := system(t)
	text := f.Layout([]Span{{"山", Regular}, {"田", SemiBold}}, body, Box{Width: 100})
	runs := text.Lines[0].Runs
	if len(runs) != 2 || !strings.Contains(runs[1].face.key.path, "Bold") {
		t.Errorf("%d runs, last one in %s", len(runs), runs[len(runs)-1].face.key.path)
	}
}

// A font whose name says nothing is found by looking into all of them.
func TestScanFindsNamelessFonts(t *testing.T) {
	dir := t.TempDir()
	copyFile(t, filepath.Join(dejavu, "DejaVuSans.ttf"), filepath.Join(dir, "a.ttf"))
	must(t, os.WriteFile(filepath.Join(dir, "broken.ttf"), []byte("no font"), 0o600))
	must(t, os.WriteFile(filepath.Join(dir, "empty.otf"), nil, 0o600))
	must(t, os.WriteFile(filepath.Join(dir, "Latin.ttf"), goregular.TTF[:1000], 0o600))
	f := Open(Options{Dirs: []string{dir}})
	if f.Family() != "Go" {
		t.Fatalf("family %s", f.Family())
	}
	f.Layout(plain("שלום"), body, Box{Width: 100})
	missing := f.Missing()
	if len(missing) != 4 {
		t.Fatalf("missing %q", string(missing))
	}
	if again := f.Missing(); len(again) != 0 {
		t.Errorf("reported twice: %q", string(again))
	}
	if !f.Adopt(f.Scan(context.Background(), missing)) {
		t.Fatal("nothing found")
	}
	text := f.Layout(plain("שלום"), body, Box{Width: 100})
	for _, g := range text.Lines[0].Runs[0].Glyphs {
		if g.GlyphID == 0 {
			t.Error("still no glyph")
		}
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if found := f.Scan(ctx, missing); len(found) != 0 {
		t.Errorf("found after the end: %v", found)
	}
}

func TestNoFontsAtAll(t *testing.T) {
	f := Open(Options{Dirs: []string{filepath.Join(t.TempDir(), "absent")}})
	if f.Family() != "Go" {
		t.Errorf("family %s", f.Family())
	}
	if w := f.Layout(plain("Allow control"), body, Box{Width: 500}).Width; w < 60 || w > 130 {
		t.Errorf("%d pixels wide", w)
	}
}

// Opening writes nothing to the home directory.
func TestLeavesNothingBehind(t *testing.T) {
	home := t.TempDir()
	for _, name := range []string{"HOME", "XDG_CACHE_HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME"} {
		t.Setenv(name, home)
	}
	f := Open(Options{})
	f.Layout(plain("abc 山田 🙂"), body, Box{Width: 500})
	if entries, err := os.ReadDir(home); err != nil || len(entries) != 0 {
		t.Errorf("left behind: %v, %v", entries, err)
	}
}

// Small letters stand on whole pixel rows: the rows at the baseline and the x-height are either full or empty.
func TestRowsAreCrisp(t *testing.T) {
	f := Open(Options{Dirs: []string{}})
	for _, size := range []int{13, 14, 15, 21} {
		text := f.Layout(plain("x"), Style{Size: size, LineHeight: 30}, Box{Width: 100})
		g := f.Glyph(text.Lines[0].Runs[0], 0, 0)
		if bottom := g.Y + g.Mask.Rect.Dy(); bottom != 0 {
			t.Errorf("size %d: the foot is %d pixels below the baseline", size, bottom)
		}
		peak := func(y int) uint8 { return slices.Max(g.Mask.Pix[y*g.Mask.Stride:][:g.Mask.Rect.Dx()]) }
		if peak(0) < 200 || peak(g.Mask.Rect.Dy()-1) < 200 {
			t.Errorf("size %d: soft rows %d and %d", size, peak(0), peak(g.Mask.Rect.Dy()-1))
		}
	}
}

func TestRowSnapIsMonotonic(t *testing.T) {
	f := Open(Options{Dirs: []string{}})
	for size := 8; size < snapBelow; size++ {
		s := newRowSnap(f.primary[Regular], float32(size)/f.primary[Regular].upem)
		before := s.at(-float32(size))
		for y := -float32(size); y < 1.5*float32(size); y += .05 {
			if v := s.at(y); v < before-1e-3 || v-before > .12 {
				t.Fatalf("size %d: %v maps to %v after %v", size, y, v, before)
			} else {
				before = v
			}
		}
	}
}

func TestTabularDigits(t *testing.T) {
	f := system(t)
	st := body
	st.Tabular = true
	if a, b := f.Layout(plain("1:11"), st, Box{Width: 100}).Width, f.Layout(plain("8:08"), st, Box{Width: 100}).Width; a != b {
		t.Errorf("widths %d and %d", a, b)
	}
}

func TestScriptNames(t *testing.T) {
	for r, want := range map[rune]string{'a': "Latin", 'प': "Devanagari", '山': "Han", 'ー': "Common", '한': "Hangul"} {
		if got := scriptOf(r); got != want {
			t.Errorf("scriptOf(%q) = %s", r, got)
		}
	}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func copyFile(t *testing.T, from, to string) {
	t.Helper()
	b, err := os.ReadFile(from)
	must(t, err)
	must(t, os.WriteFile(to, b, 0o600))
}

func BenchmarkOpenAndLayout(b *testing.B) {
	for b.Loop() {
		f := Open(Options{})
		f.Layout([]Span{{"Rodney Smith", SemiBold}, {" wants to see and control this computer.", Regular}}, body, Box{Width: 400})
	}
}
