package ui

import (
	"encoding/binary"
	"fmt"
	"math"
	"os"
	"strconv"
	"strings"

	"github.com/jezek/xgb/xproto"

	"deskhand/client/locales"
)

func environment() []string { return locales.Preferred(os.Getenv) }

// maxSettingsBytes bounds what is read of the desktop's settings.
const maxSettingsBytes = 64 << 10

// desktop is what the desktop's settings say about looks.
type desktop struct {
	scale float64 // 0: unknown
	dark  bool
}

// desktopSettings reads XSETTINGS (freedesktop.org, version 0.5) and the X resources.
func (x *xserver) desktopSettings() desktop {
	var d desktop
	owner, err := xproto.GetSelectionOwner(x.Conn, x.atom(fmt.Sprintf("_XSETTINGS_S%d", x.DefaultScreen))).Reply()
	if err == nil && owner.Owner != 0 {
		d = parseSettings(x.property(owner.Owner, "_XSETTINGS_SETTINGS", maxSettingsBytes))
	}
	if dpi := resourceDPI(string(x.property(x.root, "RESOURCE_MANAGER", maxSettingsBytes))); dpi > 0 && d.scale == 0 {
		d.scale = dpi / 96
	}
	if theme := os.Getenv("GTK_THEME"); theme != "" {
		d.dark = darkName(theme)
	}
	return d
}

// scale is the number of device pixels per unit, in quarters from 1 to 4.
func (x *xserver) scale(o Options, d desktop) float64 {
	s := o.Scale
	if s == 0 {
		s = d.scale
	}
	if m := x.primary(); s == 0 && m.widthMM > 0 && m.h >= 1400 && float64(m.w)/float64(m.widthMM)*25.4 >= 180 {
		s = 2 // a dense screen on a desktop that says nothing
	}
	return max(1, min(4, math.Round(s*4)/4))
}

// resourceDPI finds Xft.dpi among X resources.
func resourceDPI(resources string) float64 {
	for line := range strings.Lines(resources) {
		if v, ok := strings.CutPrefix(line, "Xft.dpi:"); ok {
			dpi, err := strconv.ParseFloat(strings.TrimSpace(v), 64)
			if err == nil && dpi >= 48 && dpi <= 960 {
				return dpi
			}
		}
	}
	return 0
}

func darkName(theme string) bool {
	t := strings.ToLower(theme)
	return strings.HasSuffix(t, "-dark") || strings.HasSuffix(t, ":dark") || strings.HasSuffix(t, "inverse")
}

// Types of XSETTINGS values.
const (
	settingInt    = 0
	settingString = 1
	settingColor  = 2
)

// parseSettings reads the settings' wire form. What is broken ends the reading, and what was read counts.
func parseSettings(b []byte) (d desktop) {
	if len(b) < 12 {
		return d
	}
	var order binary.ByteOrder = binary.LittleEndian
	if b[0] == 1 {
		order = binary.BigEndian
	}
	r := settingsReader{b[12:], order}
	window, dpi := 1.0, 0.0
	for range order.Uint32(b[8:]) {
		name, kind, number, text, ok := r.next()
		if !ok {
			break
		}
		switch {
		case name == "Gdk/WindowScalingFactor" && kind == settingInt && number >= 1 && number <= 4:
			window = float64(number)
		case name == "Gdk/UnscaledDPI" && kind == settingInt && number > 0:
			dpi = float64(number) / 1024 / 96
		case name == "Xft/DPI" && kind == settingInt && number > 0 && dpi == 0:
			dpi = float64(number) / 1024 / 96 / window
		case name == "Net/ThemeName" && kind == settingString:
			d.dark = d.dark || darkName(text)
		}
	}
	if dpi > 0 || window > 1 {
		d.scale = window * max(1, dpi)
	}
	return d
}

type settingsReader struct {
	b     []byte
	order binary.ByteOrder
}

func (r *settingsReader) next() (name string, kind byte, number int32, text string, ok bool) {
	head, ok := r.take(4)
	if !ok {
		return
	}
	kind = head[0]
	if name, ok = r.text(int(r.order.Uint16(head[2:]))); !ok {
		return
	}
	if _, ok = r.take(4); !ok { // serial of the last change
		return
	}
	var v []byte
	switch kind {
	case settingInt:
		if v, ok = r.take(4); ok {
			number = int32(r.order.Uint32(v))
		}
	case settingString:
		if v, ok = r.take(4); ok {
			text, ok = r.text(int(r.order.Uint32(v)))
		}
	case settingColor:
		_, ok = r.take(8)
	default:
		ok = false
	}
	return
}

func (r *settingsReader) take(n int) ([]byte, bool) {
	if n < 0 || n > len(r.b) {
		return nil, false
	}
	v := r.b[:n]
	r.b = r.b[n:]
	return v, true
}

// text reads a string that is padded to four bytes.
func (r *settingsReader) text(n int) (string, bool) {
	if n < 0 || n > len(r.b) {
		return "", false
	}
	v, ok := r.take((n + 3) &^ 3)
	if !ok {
		return "", false
	}
	return string(v[:n]), true
}
