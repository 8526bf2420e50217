package ui

import (
	"image"
	"testing"
	"time"

	"deskhand"
	"deskhand/client/ui/paint"
)

var (
	rodney = Person{"Rodney Smith", "Senior Support Technician", "Contoso Ltd"}
	noon   = time.Date(2026, 3, 4, 12, 0, 0, 0, time.UTC)
)

func asked() Consent {
	return Consent{
		ID: 1, Agent: rodney, Ticket: "4711", Server: "support.example.com", Words: [2]string{"maple", "harbor"}, Ask: AskControl,
		Deadline: noon.Add(28 * time.Second), CanExtend: true,
	}
}

// scenes are the pictures: a name, how the windows look, and what they show.
var scenes = []struct {
	name  string
	opts  Options
	lang  string
	show  content
	dirs  []string
	focus control
	brand string // the operator's colour, which comes with a logo; empty: the product's own look
}{
	{name: "main", show: Main{Company: "Contoso Support", Server: "support.example.com"}},
	{name: "main-error", show: Main{Company: "Contoso Support", Server: "support.example.com", Problem: IDUnknown}},
	{name: "main-waiting", show: Main{Company: "Contoso Support", Server: "support.example.com", Stage: Waiting, Agent: rodney, Ticket: "4711", Place: 2}},
	{name: "main-dark", opts: Options{Theme: Dark}, show: Main{Company: "Contoso Support", Server: "support.example.com"}},
	{name: "consent", show: asked()},
	{name: "consent-dark", opts: Options{Theme: Dark}, show: asked()},
	{name: "consent-2x", opts: Options{Scale: 2}, show: asked()},
	{name: "consent-de", lang: "de", show: with(asked(), func(c *Consent) {
		c.Agent = Person{"Sieglinde Schöffenberger-Kühn", "Fachinformatikerin für Systemintegration", "Donaudampfschifffahrts GmbH"}
		c.Words, c.Recorded, c.Others = [2]string{"Ahornblatt", "Leuchtturm"}, true, []string{"Rodney Smith"}
	})},
	{name: "consent-ja", show: with(asked(), func(c *Consent) {
		c.Agent = Person{"山田 太郎", "テクニカルサポート", "日本サポート株式会社"}
	})},
	{name: "consent-ar", show: with(asked(), func(c *Consent) {
		c.Agent = Person{"محمد الأحمد", "مهندس الدعم الفني", "شركة الدعم"}
		c.Others = []string{"प्रिया शर्मा 🙂"}
	})},
	{name: "consent-mirrored", opts: Options{Mirrored: true}, show: asked()},
	{name: "consent-dejavu", dirs: []string{"/usr/share/fonts/truetype/dejavu"}, show: asked()},
	{name: "consent-nofont", dirs: []string{}, show: asked()},
	{name: "consent-files", show: with(asked(), func(c *Consent) { c.Ask = AskFiles; c.CanExtend = false })},
	{name: "setup", show: with(asked(), func(c *Consent) { c.Ask, c.Ticket, c.Words = AskSetUp, "", [2]string{} })},
	{name: "setup-own-de", lang: "de", opts: Options{Theme: Dark}, show: with(asked(), func(c *Consent) { c.Ask, c.Ticket, c.Words = AskSetUpOwn, "", [2]string{} })},
	{name: "setup-done", show: Notice{Reason: SetUpAlways, Agent: "Rodney Smith"}},
	{name: "setup-program-fr", lang: "fr", show: Notice{Reason: SetUpProgram, Agent: "Rodney Smith"}},
	{name: "bar", show: Bar{Viewers: []string{"Rodney Smith", "Alice Müller", "Bob"}, Level: BarControlling, Since: noon.Add(-754 * time.Second)}},
	{name: "bar-paused", show: Bar{Viewers: []string{"Rodney Smith"}, Level: BarPaused, Recorded: true, Since: noon.Add(-4754 * time.Second)}},
	{name: "bar-prompt", show: Bar{Viewers: []string{"Rodney Smith"}, Level: BarPrompt, Prompts: []string{"Rodney Smith"}, Since: noon.Add(-754 * time.Second)}},
	{name: "bar-prompts", show: Bar{Viewers: []string{"Rodney Smith", "Bob"}, Level: BarViewing, Prompts: []string{"Bob"}, Since: noon.Add(-754 * time.Second)}},
	{name: "bar-2x", opts: Options{Scale: 2}, show: Bar{Viewers: []string{"Rodney Smith"}, Level: BarViewing, Since: noon.Add(-59 * time.Second)}},
	{name: "main-brand", brand: "#8a1538", show: Main{Company: "Contoso Support", Server: "support.example.com"}},
	{name: "main-brand-dark", brand: "#8a1538", opts: Options{Theme: Dark}, show: Main{Company: "Contoso Support", Server: "support.example.com", Stage: Waiting, Agent: rodney}},
	{name: "main-brand-light", brand: "#ffee00", show: Main{Company: "Contoso Support", Server: "support.example.com"}},
	{name: "consent-brand", brand: "#8a1538", show: asked()},
	{name: "consent-brand-de", brand: "#8a1538", lang: "de", show: asked()},
	{name: "bar-brand", brand: "#8a1538", show: Bar{Viewers: []string{"Rodney Smith"}, Level: BarControlling, Since: noon.Add(-754 * time.Second)}},
	{name: "notice", show: Notice{Reason: EndedByAgent, Agent: "Rodney Smith"}},
	{name: "notice-connects", show: Notice{Reason: Connects, Agent: "Rodney Smith"}},
	{name: "notice-error", show: Notice{Reason: ServerUnreachable, Server: "support.example.com"}},
}

// branded is what an operator chose: a colour, and a wide logo of three bars and a disc.
func branded(t *testing.T, color string) Brand {
	t.Helper()
	p, err := deskhand.PaletteOf(color)
	if err != nil {
		t.Fatal(err)
	}
	onLight, onDark := Shades(p.Light), Shades(p.Dark)
	c := paint.New(240, 120)
	fill, ok := parseColor(p.Light.Fill)
	if !ok {
		t.Fatal(p.Light.Fill)
	}
	c.Disc(60, 60, 56, fill)
	for i := range 3 {
		c.Box(image.Rect(130, 14+34*i, 236-20*i, 36+34*i), paint.Box{Radius: 11, Fill: rgb(0x7d8a92)})
	}
	return Brand{Light: &onLight, Dark: &onDark, Logo: c.RGBA}
}

func with(c Consent, change func(*Consent)) Consent {
	change(&c)
	return c
}
