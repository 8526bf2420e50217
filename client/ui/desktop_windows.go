package ui

import (
	"image"
	"image/color"
	"math"
	"unsafe"

	"golang.org/x/sys/windows"
	"golang.org/x/sys/windows/registry"

	"deskhand/internal/win32"
)

// environment is what the person prefers, best first.
func environment() []string {
	const names = 0x8 // MUI_LANGUAGE_NAME
	l, err := windows.GetUserPreferredUILanguages(names)
	if err != nil {
		return nil
	}
	return l
}

// lightApps is where Windows keeps whether programs are light or dark (Settings, Personalisation, Colours).
const lightApps = `Software\Microsoft\Windows\CurrentVersion\Themes\Personalize`

func darkApps() bool {
	k, err := registry.OpenKey(registry.CURRENT_USER, lightApps, registry.QUERY_VALUE)
	if err != nil {
		return false
	}
	defer k.Close()
	v, _, err := k.GetIntegerValue("AppsUseLightTheme")
	return err == nil && v == 0
}

// Colours of GetSysColor.
const (
	colorWindow, colorWindowText       = 5, 8
	colorHighlight, colorHighlightText = 13, 14
	colorButton, colorButtonText       = 15, 18
	colorGray, colorHot                = 17, 26
)

// contrasting is the palette of a contrast theme; nil when there is none.
func contrasting() *palette {
	const get, on = 0x42, 1 // SPI_GETHIGHCONTRAST, HCF_HIGHCONTRASTON
	hc := highContrast{size: uint32(unsafe.Sizeof(highContrast{}))}
	if r, err := win32.Call(procSystemParametersInfo, get, uintptr(hc.size), uintptr(unsafe.Pointer(&hc)), 0); err != nil || r == 0 || hc.flags&on == 0 {
		return nil
	}
	return systemPalette(func(i int) color.NRGBA {
		v := uint32(win32.Ask(procGetSysColor, uintptr(i)))
		return color.NRGBA{uint8(v), uint8(v >> 8), uint8(v >> 16), 255}
	})
}

// systemPalette uses the few colours of a contrast theme in pairs that are made for each other.
func systemPalette(c func(int) color.NRGBA) *palette {
	ground, text, mark, onMark, button, onButton := c(colorWindow), c(colorWindowText), c(colorHighlight), c(colorHighlightText), c(colorButton), c(colorButtonText)
	return &palette{
		window: ground, card: ground, line: text, edge: text, text: text, muted: text,
		accent: mark, accentHover: mark, accentDown: mark, onAccent: onMark, accentSoft: ground, accentText: text, focus: text,
		button: button, buttonHover: button, buttonDown: button, danger: text, dangerSoft: ground,
		stop: button, stopHover: button, stopDown: button, onStop: onButton,
		warning: text, warningSoft: ground, warningBorder: text, good: text, goodSoft: ground, outline: onButton,
	}
}

// colorRef is a colour as GDI has it.
func colorRef(c color.NRGBA) uintptr { return uintptr(c.R) | uintptr(c.G)<<8 | uintptr(c.B)<<16 }

// screenArea is a monitor: all of it, the part without the task bar, and its scale.
type screenArea struct {
	all, work image.Rectangle
	scale     float64
}

// screenAt is the monitor of a point, or the nearest.
func screenAt(p image.Point) screenArea {
	const nearest = 2
	m := win32.Ask(procMonitorFromPoint, win32.Packed(p), nearest)
	s := screenArea{scale: 1}
	if mi, err := win32.Monitor(m); err == nil {
		s.all, s.work = mi.Monitor.Image(), mi.Work.Image()
	}
	var x, y uint32
	if procGetDpiForMonitor.Find() == nil {
		if r, _, _ := procGetDpiForMonitor.Call(m, 0, uintptr(unsafe.Pointer(&x)), uintptr(unsafe.Pointer(&y))); r == 0 && x > 0 {
			s.scale = inQuarters(float64(x) / 96)
		}
	}
	return s
}

// pointed is the monitor with the pointer.
func pointed() screenArea {
	p, err := win32.CursorPos()
	if err != nil {
		return screenAt(image.Point{})
	}
	return screenAt(p)
}

// inQuarters is a scale in steps of a quarter, from 1 to 4.
func inQuarters(s float64) float64 { return max(1, min(4, math.Round(s*4)/4)) }
