package invite

import (
	"fmt"
	"html/template"

	"deskhand"
)

// colors are the operator's colours as CSS, to stand after the product's own; nothing when there is none.
func colors(color string) template.CSS {
	p, err := deskhand.PaletteOf(color)
	if err != nil {
		return "" // none is set
	}
	// Every value is #rrggbb, made from numbers.
	return template.CSS(":root{" + variables(p.Light) + "}@media(prefers-color-scheme:dark){:root{" + variables(p.Dark) + "}}")
}

func variables(s deskhand.Shades) string {
	return fmt.Sprintf("--accent:%s;--accent-fill:%s;--accent-fill-hover:%s;--on-accent:%s;--accent-soft:%s;--accent-on-soft:%s",
		s.Accent, s.Fill, s.FillHover, s.OnFill, s.Soft, s.OnSoft)
}
