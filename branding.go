package deskhand

import (
	"fmt"
	"math"
	"regexp"
)

// Branding is how the product shows whose support it is.
type Branding struct {
	Company      string
	Color        string // #rrggbb; empty: the product's own
	ConsentWords string // a line in the question to the end-user
	Logo         string // SHA-256 of the picture in hex; empty: the product's mark
}

// Limits of the branding.
const (
	MaxCompany      = 80  // characters
	MaxConsentWords = 200 // characters
	MaxLogo         = 512 << 10
	MaxLogoSide     = 1024 // pixels

	MaxClientLogo     = 64 << 10 // bytes, as the client's windows get it
	MaxClientLogoSide = 512      // pixels
)

// Shades are the accent's colours on light or on dark grounds, each #rrggbb. Text in any of them reaches 4.5 : 1.
type Shades struct {
	Accent    string `json:"accent" doc:"Text and lines."`
	Fill      string `json:"fill" doc:"Of the main button."`
	FillHover string `json:"fillHover"`
	OnFill    string `json:"onFill" doc:"Text on the fill."`
	Soft      string `json:"soft" doc:"A quiet ground."`
	SoftHover string `json:"softHover"`
	OnSoft    string `json:"onSoft" doc:"Text on the quiet ground."`
}

// Palette is what follows from the operator's colour.
type Palette struct {
	Light         Shades `json:"light"`
	Dark          Shades `json:"dark"`
	AdjustedLight bool   `json:"adjustedLight" doc:"On light grounds text is darker than the colour, which could not be read."`
	AdjustedDark  bool   `json:"adjustedDark" doc:"On dark grounds text is lighter than the colour, which could not be read."`
}

// The grounds that are the hardest to read on, and how much contrast text needs.
var (
	lightGround = rgb{0xe7, 0xeb, 0xed}
	darkGround  = rgb{0x26, 0x2d, 0x32}
	darkSheet   = rgb{0x14, 0x18, 0x1b}
	white       = rgb{255, 255, 255}
	black       = rgb{0, 0, 0}
)

const (
	readable = 4.55 // WCAG AA asks for 4.5
	visible  = 1.6  // of a button on its ground
)

var colorPattern = regexp.MustCompile(`^#[0-9a-f]{6}$`)

// PaletteOf makes the shades of a colour, #rrggbb in lower case.
func PaletteOf(color string) (Palette, error) {
	if !colorPattern.MatchString(color) {
		return Palette{}, &Error{Code: CodeInvalid, Field: "color", Fault: "This is not a colour.", Hint: "Write it like #0b6b85."}
	}
	var c rgb
	if _, err := fmt.Sscanf(color, "#%02x%02x%02x", &c[0], &c[1], &c[2]); err != nil {
		return Palette{}, fmt.Errorf("reading the colour: %w", err)
	}
	lightText, darkText := c.towards(black, lightGround, readable), c.towards(white, darkGround, readable)
	return Palette{
		Light:         shades(c, lightText, c.mix(white, 0.88), c.mix(white, 0.8), black),
		Dark:          shades(c.towards(white, darkSheet, visible), darkText, c.mix(darkSheet, 0.75), c.mix(darkSheet, 0.66), white),
		AdjustedLight: lightText != c, AdjustedDark: darkText != c,
	}, nil
}

// shades finds the text for a fill and for a soft ground; text goes towards end until it can be read.
func shades(fill, text, soft, softHover, end rgb) Shades {
	on, hover := white, fill.mix(black, 0.14)
	if contrast(white, fill) < readable {
		on, hover = black, fill.mix(white, 0.14)
	}
	onSoft := text.towards(end, softHover, readable).towards(end, soft, readable)
	return Shades{
		Accent: text.String(), Fill: fill.String(), FillHover: hover.String(), OnFill: on.String(), Soft: soft.String(), SoftHover: softHover.String(),
		OnSoft: onSoft.String(),
	}
}

// rgb is a colour in sRGB.
type rgb [3]uint8

func (c rgb) String() string { return fmt.Sprintf("#%02x%02x%02x", c[0], c[1], c[2]) }

// mix goes from c towards another colour; 1 is there.
func (c rgb) mix(to rgb, part float64) rgb {
	var out rgb
	for i := range c {
		out[i] = uint8(math.Round(float64(c[i]) + (float64(to[i])-float64(c[i]))*part))
	}
	return out
}

// towards goes as little towards end as is needed for a contrast to the ground.
func (c rgb) towards(end, ground rgb, enough float64) rgb {
	for part := 0.0; part < 1; part += 0.02 {
		if m := c.mix(end, part); contrast(m, ground) >= enough {
			return m
		}
	}
	return end
}

// luminance and contrast are those of WCAG 2.
func (c rgb) luminance() float64 {
	var lin [3]float64
	for i, v := range c {
		x := float64(v) / 255
		if x <= 0.04045 {
			lin[i] = x / 12.92
		} else {
			lin[i] = math.Pow((x+0.055)/1.055, 2.4)
		}
	}
	return 0.2126*lin[0] + 0.7152*lin[1] + 0.0722*lin[2]
}

func contrast(a, b rgb) float64 {
	x, y := a.luminance(), b.luminance()
	return (max(x, y) + 0.05) / (min(x, y) + 0.05)
}
