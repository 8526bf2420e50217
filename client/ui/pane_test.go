package ui

import (
	"image"
	"slices"
	"strings"
	"testing"
	"time"

	"deskhand/client/locales"
	"deskhand/client/ui/paint"
	"deskhand/client/ui/typeset"
)

// bench is a pane with a clock that the test moves.
type bench struct {
	*pane
	t   *testing.T
	now time.Time
}

// builtIn is the Latin font that is always there; tests of one package run one after the other.
var builtIn = typeset.Open(typeset.Options{Dirs: []string{}})

func newBench(t *testing.T, c content, change ...func(*look)) *bench {
	b := &bench{t: t, now: noon}
	lk := &look{
		fonts: builtIn, colors: &light, scale: 1, words: locales.New("en"), now: func() time.Time { return b.now },
	}
	for _, f := range change {
		f(lk)
	}
	b.pane = newPane(lk, c.slot())
	b.set(c.clean())
	return b
}

func (b *bench) keys(ks ...key) (evs []Event) {
	for _, k := range ks {
		ev, _ := b.press(k, "", b.now)
		evs = append(evs, ev...)
	}
	return slices.DeleteFunc(evs, func(e Event) bool { _, ok := e.(Touched); return ok })
}

func (b *bench) types(s string) {
	for _, r := range s {
		b.press(keyNone, string(r), b.now)
	}
}

func (b *bench) middle(c control) image.Point {
	for _, it := range b.scene.items {
		if bt, ok := it.(*buttonItem); ok && bt.id == c {
			return bt.r.Min.Add(bt.r.Max).Div(2)
		}
	}
	b.t.Fatalf("no button %q", c)
	return image.Point{}
}

func (b *bench) clicks(c control) (evs []Event) {
	p := b.middle(c)
	evs = append(b.hold(p, b.now), b.release(p, b.now)...)
	return slices.DeleteFunc(evs, func(e Event) bool { _, ok := e.(Touched); return ok })
}

func TestConnectionIDIsTyped(t *testing.T) {
	b := newBench(t, Main{Server: "support.example.com"})
	b.types("12")
	if ev := b.keys(keyEnter); !slices.Equal(ev, []Event{IDRefused{2}}) || b.problem != IDShort {
		t.Fatalf("short ID: %v, problem %v", ev, b.problem)
	}
	b.types("3 4-5٦") // separators are ignored, digits of any script count
	if b.field.digits != "123456" || b.problem != NoProblem {
		t.Fatalf("digits %q, problem %v", b.field.digits, b.problem)
	}
	b.types("9")
	if b.field.digits != "123456" {
		t.Errorf("a seventh digit was taken: %q", b.field.digits)
	}
	if ev := b.keys(keyEnter); !slices.Equal(ev, []Event{IDEntered{"123456"}}) {
		t.Errorf("Enter: %v", ev)
	}
	if ev := b.clicks(ctlConnect); !slices.Equal(ev, []Event{IDEntered{"123456"}}) {
		t.Errorf("Connect: %v", ev)
	}
}

func TestConnectionIDIsEdited(t *testing.T) {
	for _, tt := range []struct {
		name string
		do   func(b *bench)
		want string
	}{
		{"paste replaces a whole ID", func(b *bench) { b.types("777"); b.paste("Your ID: 123-456.", noon) }, "123456"},
		{"paste of a part is inserted", func(b *bench) { b.types("99"); b.keys(keyHome); b.paste("12", noon) }, "1299"},
		{"paste without digits changes nothing", func(b *bench) { b.types("99"); b.paste("hello", noon) }, "99"},
		{"backspace", func(b *bench) { b.types("123"); b.keys(keyLeft, keyBackspace) }, "13"},
		{"delete", func(b *bench) { b.types("123"); b.keys(keyHome, keyDelete) }, "23"},
		{"backspace at the start", func(b *bench) { b.types("123"); b.keys(keyHome, keyBackspace) }, "123"},
		{"select all and type", func(b *bench) { b.types("123"); b.keys(keyAll); b.types("4") }, "4"},
		{"select all and delete", func(b *bench) { b.types("123"); b.keys(keyAll, keyDelete) }, ""},
		{"end after home", func(b *bench) { b.types("12"); b.keys(keyHome, keyEnd); b.types("3") }, "123"},
		{"a refused ID is overwritten", func(b *bench) {
			b.types("123456")
			b.set(Main{Problem: IDUnknown})
			b.types("7")
		}, "7"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			b := newBench(t, Main{})
			tt.do(b)
			if b.field.digits != tt.want {
				t.Errorf("digits %q, want %q", b.field.digits, tt.want)
			}
		})
	}
}

func TestConsentButtons(t *testing.T) {
	for _, tt := range []struct {
		ask  Ask
		c    control
		want Choice
	}{
		{AskControl, ctlView, ViewOnly},
		{AskControl, ctlControl, AllowControl},
		{AskControl, ctlDeny, Deny},
		{AskControl, ctlMore, MoreTime},
		{AskView, ctlView, ViewOnly},
		{AskFiles, ctlAllow, Allow},
		{AskReboot, ctlAllow, Allow},
	} {
		c := asked()
		c.Ask = tt.ask
		b := newBench(t, c)
		if got := b.clicks(tt.c); !slices.Equal(got, []Event{Answered{1, tt.want}}) {
			t.Errorf("%v %s: %v", tt.ask, tt.c, got)
		}
	}
}

// Control cannot be chosen where only viewing was asked for, and More time not when it is used up.
func TestConsentOffersNoMore(t *testing.T) {
	c := asked()
	c.Ask, c.CanExtend = AskView, false
	if got := newBench(t, c).scene.controls(); !slices.Equal(got, []control{ctlView, ctlDeny}) {
		t.Errorf("controls %v", got)
	}
}

func TestConsentKeyboard(t *testing.T) {
	b := newBench(t, asked())
	if b.focus != ctlDeny || !b.focusShown {
		t.Fatalf("focus %q, shown %v", b.focus, b.focusShown)
	}
	for _, tt := range []struct {
		keys []key
		want Choice
	}{
		{[]key{keyEnter}, Deny},
		{[]key{keySpace}, Deny},
		{[]key{keyEscape}, Deny},
		{[]key{keyTab, keyEnter}, MoreTime},
		{[]key{keyTab, keyTab, keySpace}, ViewOnly},
		{[]key{keyBackTab, keyEnter}, AllowControl},
		{[]key{keyTab, keyEscape}, Deny},
	} {
		b := newBench(t, asked())
		if got := b.keys(tt.keys...); !slices.Equal(got, []Event{Answered{1, tt.want}}) {
			t.Errorf("%v: %v, want %v", tt.keys, got, tt.want)
		}
	}
}

// Nothing that was typed or clicked before the question could be read answers it.
func TestConsentIgnoresEarlyInput(t *testing.T) {
	early := func() *bench {
		c := asked()
		c.InputFrom = noon.Add(time.Second)
		return newBench(t, c)
	}
	t.Run("first second", func(t *testing.T) {
		b := early()
		b.now = noon.Add(900 * time.Millisecond)
		if ev := append(b.keys(keyEnter, keyTab, keyEscape), b.clicks(ctlControl)...); len(ev) != 0 {
			t.Errorf("answered by %v", ev)
		}
		if b.focus != ctlDeny {
			t.Errorf("focus moved to %q", b.focus)
		}
		b.now = b.now.Add(time.Second)
		if ev := b.keys(keyEnter); len(ev) != 1 {
			t.Errorf("a key after the first second: %v", ev)
		}
	})
	t.Run("typing goes on", func(t *testing.T) {
		b := early()
		for range 20 { // two seconds of typing, ten keys a second
			if ev := b.keys(keySpace); len(ev) != 0 {
				t.Fatalf("answered by %v at %v", ev, b.now.Sub(noon))
			}
			b.now = b.now.Add(100 * time.Millisecond)
		}
		b.now = b.now.Add(keysQuiet)
		if ev := b.keys(keySpace); len(ev) != 1 {
			t.Errorf("a key after a pause: %v", ev)
		}
	})
	t.Run("press held across", func(t *testing.T) {
		b := early()
		p := b.middle(ctlControl)
		b.hold(p, b.now)
		b.now = b.now.Add(2 * time.Second)
		if ev := b.release(p, b.now); len(ev) != 0 {
			t.Errorf("answered by %v", ev)
		}
	})
}

// A new deadline leaves the focus where it is; another question returns it to Deny.
func TestConsentChangesInPlace(t *testing.T) {
	b := newBench(t, asked())
	b.keys(keyTab)
	c := asked()
	c.Deadline = c.Deadline.Add(time.Minute)
	b.set(c)
	if b.focus != ctlMore {
		t.Errorf("focus %q", b.focus)
	}
	c.ID = 2
	b.set(c)
	if b.focus != ctlDeny {
		t.Errorf("focus of another question %q", b.focus)
	}
}

func TestConsentPresence(t *testing.T) {
	b := newBench(t, asked())
	if ev := b.point(image.Pt(5, 5), noon); !slices.Equal(ev, []Event{Touched{1}}) {
		t.Errorf("first movement: %v", ev)
	}
	if ev := b.point(image.Pt(6, 6), noon.Add(500*time.Millisecond)); len(ev) != 0 {
		t.Errorf("told again within a second: %v", ev)
	}
	if ev := b.point(image.Pt(7, 7), noon.Add(time.Second)); len(ev) != 1 {
		t.Errorf("a second later: %v", ev)
	}
}

func TestPressLeavesButton(t *testing.T) {
	b := newBench(t, asked())
	b.hold(b.middle(ctlControl), noon)
	if ev := b.release(b.middle(ctlDeny), noon); slices.ContainsFunc(ev, func(e Event) bool { _, ok := e.(Answered); return ok }) {
		t.Errorf("answered by %v", ev)
	}
}

func TestBarButtons(t *testing.T) {
	b := newBench(t, Bar{Viewers: []string{"Rodney"}, Since: noon})
	if ev := append(b.clicks(ctlPause), b.clicks(ctlStop)...); !slices.Equal(ev, []Event{PauseChosen{}, StopChosen{}}) {
		t.Errorf("events %v", ev)
	}
	width := b.scene.w
	b.set(Bar{Viewers: []string{"Rodney"}, Since: noon, Level: BarPaused})
	if ev := b.clicks(ctlResume); !slices.Equal(ev, []Event{ResumeChosen{}}) {
		t.Errorf("events %v", ev)
	}
	b.now = noon.Add(59 * time.Minute)
	b.set(Bar{Viewers: []string{"Rodney"}, Since: noon})
	if b.scene.w < width-8 || b.scene.w > width+16 {
		t.Errorf("the bar changed from %d to %d pixels", width, b.scene.w)
	}
}

// The clock changes what is shown, a question each second and the bar each minute, and nothing else does.
func TestNextChange(t *testing.T) {
	for _, tt := range []struct {
		name string
		show content
		at   time.Duration // since noon
		want time.Duration // until the next change; 0: never
	}{
		{"bar", Bar{Since: noon}, 62300 * time.Millisecond, 57700 * time.Millisecond},
		{"consent", Consent{Deadline: noon.Add(30 * time.Second)}, 1200 * time.Millisecond, 800 * time.Millisecond},
		{"consent at a full second", Consent{Deadline: noon.Add(30 * time.Second)}, time.Second, time.Second},
		{"consent that is over", Consent{Deadline: noon}, time.Second, 0},
		{"waiting", Main{Stage: Waiting}, time.Second, 0},
		{"notice", Notice{}, time.Second, 0},
	} {
		b := newBench(t, tt.show)
		now := noon.Add(tt.at)
		got := b.next(now)
		if tt.want == 0 && !got.IsZero() || tt.want != 0 && got.Sub(now) != tt.want {
			t.Errorf("%s: next change at %v", tt.name, got)
		}
	}
}

func TestCaretComesToRest(t *testing.T) {
	b := newBench(t, Main{})
	b.types("1")
	for range 100 {
		next := b.next(b.now)
		if next.IsZero() {
			break
		}
		b.now = next
		b.tick(b.now)
	}
	if !b.next(b.now).IsZero() || !b.caretOn {
		t.Errorf("after %v: caret %v, next change %v", b.now.Sub(noon), b.caretOn, b.next(b.now))
	}
}

// Whatever comes from others stays inside its window.
func TestLongTextStaysInside(t *testing.T) {
	long := strings.Repeat("Wolfeschlegelsteinhausenbergerdorff", 6)
	p := Person{long, long, long}
	for _, c := range []content{
		Main{Company: long, Server: long, Stage: Waiting, Agent: p, Ticket: long, Place: 99},
		Consent{Agent: p, Others: []string{long, long, long}, Ticket: long, Server: long, Words: [2]string{long, long}, CanExtend: true},
		Bar{Viewers: []string{long, long, long}, Recorded: true, Since: noon.Add(-100 * time.Hour)},
		Notice{Reason: ServerUnreachable, Server: long},
		Notice{Title: long, Text: long, Hint: long, Bad: true},
	} {
		for _, scale := range []float64{1, 1.25, 2} {
			b := newBench(t, c, func(lk *look) { lk.scale = scale })
			inside := image.Rectangle{Max: b.size()}
			for _, it := range b.scene.items {
				if !it.bounds().In(inside) {
					t.Errorf("%T: %T at %v is outside of %v", c, it, *it.bounds(), inside)
				}
				if txt, ok := it.(*textItem); ok && (txt.t.Width > txt.r.Dx() || txt.t.Height > txt.r.Dy()) {
					t.Errorf("%T: text of %d × %d pixels in %v", c, txt.t.Width, txt.t.Height, txt.r)
				}
			}
			if b.scene.w > int(640*scale) {
				t.Errorf("%T is %d pixels wide", c, b.scene.w)
			}
			b.paint(paint.New(b.scene.w, b.scene.h))
		}
	}
}

// Every language fits, and no message is missing.
func TestLanguagesFit(t *testing.T) {
	for _, lang := range locales.Languages {
		for _, sc := range scenes {
			b := newBench(t, sc.show, func(lk *look) { lk.words = locales.New(lang) })
			inside := image.Rectangle{Max: b.size()}
			for _, it := range b.scene.items {
				if !it.bounds().In(inside) {
					t.Errorf("%s %s: %T at %v is outside of %v", lang, sc.name, it, *it.bounds(), inside)
				}
				if bt, ok := it.(*buttonItem); ok && bt.contentWidth(b.lk) > bt.r.Dx() {
					t.Errorf("%s %s: button %s is cut", lang, sc.name, bt.id)
				}
			}
		}
		for r := range notices {
			newBench(t, Notice{Reason: r}, func(lk *look) { lk.words = locales.New(lang) })
		}
	}
}

func TestMirrored(t *testing.T) {
	plain := newBench(t, asked())
	turned := newBench(t, asked(), func(lk *look) { lk.rtl = true })
	if plain.size() != turned.size() {
		t.Fatalf("sizes %v and %v", plain.size(), turned.size())
	}
	for i, it := range plain.scene.items {
		a, b := *it.bounds(), *turned.scene.items[i].bounds()
		if a.Min.X != turned.scene.w-b.Max.X || a.Min.Y != b.Min.Y {
			t.Errorf("%T at %v is mirrored to %v", it, a, b)
		}
	}
}

func TestTidy(t *testing.T) {
	for _, tt := range []struct{ in, want string }{
		{"Rodney", "Rodney"},
		{"  a \n\t b\u2028c ", "a b c"},
		{"evil\u202egnp.exe", "evilgnp.exe"},
		{"a\u2068b\u2069\u200f", "ab"},
		{"\x00\x1b[31mred", "[31mred"},
		{"a\ue000b\ue001", "ab"},
		{"Z\u0300\u0301\u0302\u0303\u0304o", "Z\u0300\u0301\u0302o"},
		{"👩‍💻 می\u200cخواهم", "👩‍💻 می\u200cخواهم"},
		{"\xff\xfe", ""},
		{strings.Repeat("x", 30), "xxxxxxxxxxxxxxxxxxxxxxxx…"},
	} {
		if got := tidy(tt.in, 24); got != tt.want {
			t.Errorf("tidy(%q) = %q, want %q", tt.in, got, tt.want)
		}
	}
}

// A name cannot set itself in bold, end the sentence's direction, or be read as a template.
func TestNamesAreInert(t *testing.T) {
	lk := newBench(t, Notice{}).lk
	s := lk.say("consent.ask.view", "Who", lk.who(Person{Name: "**{{.X}}** *"}))
	if strings.Count(s, boldMark) != 2 || !strings.Contains(s, "**{{.X}}** *") {
		t.Errorf("%q", s)
	}
}

func TestNames(t *testing.T) {
	lk := newBench(t, Notice{}).lk
	strip := strings.NewReplacer("\u2068", "", "\u2069", "")
	for _, tt := range []struct {
		list []string
		want string
	}{
		{nil, ""}, {[]string{"A"}, "A"}, {[]string{"A", "B"}, "A, B"}, {[]string{"A", "B", "C", "D"}, "A, B +2"},
	} {
		if got := strip.Replace(lk.names(tt.list)); got != tt.want {
			t.Errorf("names(%v) = %q", tt.list, got)
		}
	}
	for _, tt := range []struct{ name, want string }{
		{"Rodney Smith", "RS"}, {"rodney", "R"}, {"山田 太郎", "山"}, {"Ludwig van Beethoven", "LB"}, {"", ""}, {"Éric de la Tour", "ÉT"},
	} {
		if got := initials(tt.name); got != tt.want {
			t.Errorf("initials(%q) = %q, want %q", tt.name, got, tt.want)
		}
	}
}

func TestElapsed(t *testing.T) {
	for d, want := range map[time.Duration]string{
		-time.Second: "<1 min", 59 * time.Second: "<1 min", 754 * time.Second: "12 min", 4754 * time.Second: "1 h 19 min",
	} {
		if got := elapsed(d); got != want {
			t.Errorf("elapsed(%v) = %s, want %s", d, got, want)
		}
	}
}

// What a minute costs while somebody watches.
func BenchmarkBarMinute(b *testing.B) {
	now := noon
	lk := &look{
		fonts: builtIn, colors: &light, scale: 1, words: locales.New("en"), now: func() time.Time { return now },
	}
	p := newPane(lk, slotBar)
	p.set(Bar{Viewers: []string{"Rodney Smith", "Alice"}, Since: noon})
	c := paint.New(p.scene.w, p.scene.h)
	for b.Loop() {
		now = now.Add(time.Minute)
		p.tick(now)
		p.paint(c)
	}
}
