package ui

import (
	"image"
	"image/color"
	"math"
	"unsafe"

	"golang.org/x/sys/windows"
	"golang.org/x/sys/windows/registry"
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
	if r, err := call(procSystemParametersInfo, get, uintptr(hc.size), uintptr(unsafe.Pointer(&hc)), 0); err != nil || r == 0 || hc.flags&on == 0 {
		return nil
	}
	return systemPalette(func(i int) color.NRGBA {
		v := uint32(ask(procGetSysColor, uintptr(i)))
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
	m := ask(procMonitorFromPoint, packPoint(p), nearest)
	mi := monitorInfo{size: uint32(unsafe.Sizeof(monitorInfo{}))}
	s := screenArea{scale: 1}
	if _, err := call(procGetMonitorInfo, m, uintptr(unsafe.Pointer(&mi))); err == nil {
		s.all, s.work = mi.monitor.image(), mi.work.image()
	}
	var x, y uint32
	if procGetDpiForMonitor.Find() == nil {
		if r, _, _ := procGetDpiForMonitor.Call(m, 0, uintptr(unsafe.Pointer(&x)), uintptr(unsafe.Pointer(&y))); r == 0 && x > 0 {
			s.scale = inQuarters(float64(x) / 96)
		}
	}
	return s
}

// packPoint is a POINT that is given by value.
func packPoint(p image.Point) uintptr {
	return uintptr(uint64(uint32(int32(p.X))) | uint64(uint32(int32(p.Y)))<<32)
}

// pointed is the monitor with the pointer.
func pointed() screenArea {
	var p winPoint
	if _, err := call(procGetCursorPos, uintptr(unsafe.Pointer(&p))); err != nil {
		return screenAt(image.Point{})
	}
	return screenAt(image.Pt(int(p.x), int(p.y)))
}

// inQuarters is a scale in steps of a quarter, from 1 to 4.
func inQuarters(s float64) float64 { return max(1, min(4, math.Round(s*4)/4)) }

// visibleStation tells whether this process may show windows that a person can see: services may not.
func visibleStation() bool {
	const info, visible = 1, 1 // UOI_FLAGS, WSF_VISIBLE
	var f userObjectFlags
	_, err := call(procGetUserObjectInformation, ask(procGetProcessWindowStation), info, uintptr(unsafe.Pointer(&f)), unsafe.Sizeof(f), 0)
	return err == nil && f.flags&visible != 0
}

// enterDesktop moves the thread to a desktop of the window station, such as Winlogon.
func enterDesktop(name string) error {
	const all = 0x1ff
	h, err := call(procOpenDesktop, uintptr(unsafe.Pointer(utf16(name))), 0, 0, all)
	if err != nil {
		return err
	}
	_, err = call(procSetThreadDesktop, h)
	return err
}
