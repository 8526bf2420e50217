package ui

import (
	"fmt"
	"image/color"
	"math"
	"testing"

	"pgregory.net/rapid"

	"deskhand"
)

// contrast is WCAG 2.2's ratio of relative luminances.
func contrast(a, b color.NRGBA) float64 {
	la, lb := luminance(a), luminance(b)
	return (max(la, lb) + .05) / (min(la, lb) + .05)
}

func TestContrast(t *testing.T) {
	for name, p := range map[string]*palette{"light": &light, "dark": &dark} {
		p.readable(t, name)
	}
}

// Whatever colour the operator chooses, all text of the windows can be read.
func TestContrastOfBrands(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		color := fmt.Sprintf("#%06x", rapid.IntRange(0, 0xffffff).Draw(t, "color"))
		p, err := deskhand.PaletteOf(color)
		if err != nil {
			t.Fatal(err)
		}
		onLight, onDark := Shades(p.Light), Shades(p.Dark)
		light.wearing(&onLight).readable(t, "light, "+color)
		dark.wearing(&onDark).readable(t, "dark, "+color)
	})
	if worn := light.wearing(&Shades{Fill: "#123456", OnFill: "white"}); worn != &light {
		t.Error("what is no colour is worn")
	}
}

// readable fails when a text of the windows cannot be read.
func (p *palette) readable(t interface {
	Helper()
	Errorf(string, ...any)
}, name string,
) {
	t.Helper()
	for _, tt := range []struct {
		what     string
		text, on color.NRGBA
		least    float64
	}{
		{"text", p.text, p.window, 4.5},
		{"muted", p.muted, p.window, 4.5},
		{"muted on a card", p.muted, p.card, 4.5},
		{"primary button", p.onAccent, p.accent, 4.5},
		{"primary button, pointed at", p.onAccent, p.accentHover, 4.5},
		{"primary button, pressed", p.onAccent, p.accentDown, 4.5},
		{"button", p.text, p.button, 4.5},
		{"button, pressed", p.text, p.buttonDown, 4.5},
		{"quiet button", p.accentText, p.window, 4.5},
		{"words", p.accentText, p.window, 4.5},
		{"initials", p.accentText, p.accentSoft, 4.5},
		{"fault", p.danger, p.window, 4.5},
		{"warning", p.warning, p.warningSoft, 4.5},
		{"stop", p.onStop, p.stop, 4.5},
		{"stop, pressed", p.onStop, p.stopDown, 4.5},
		{"stop, pointed at", p.onStop, p.stopHover, 4.5},
		{"good", p.good, p.goodSoft, 3},
		{"fault's icon", p.danger, p.dangerSoft, 3},
		{"field", p.edge, p.window, 3},
		{"focus", p.focus, p.window, 3},
	} {
		if c := contrast(tt.text, tt.on); c < tt.least {
			t.Errorf("%s: %s has a contrast of %.2f, less than %.1f", name, tt.what, c, tt.least)
		}
	}
}

// luminance is WCAG 2.2's relative luminance.
func luminance(c color.NRGBA) float64 {
	linear := func(v uint8) float64 {
		s := float64(v) / 255
		if s <= .04045 {
			return s / 12.92
		}
		return math.Pow((s+.055)/1.055, 2.4)
	}
	return .2126*linear(c.R) + .7152*linear(c.G) + .0722*linear(c.B)
}
