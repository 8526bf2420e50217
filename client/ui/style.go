package ui

import (
	"image/color"

	"deskhand/client/ui/typeset"
)

// palette is the set of colours of one theme. Text has a contrast of at least 4.5:1 on every ground it stands on.
type palette struct {
	window, card, line, edge            color.NRGBA
	text, muted                         color.NRGBA
	accent, accentHover, accentDown     color.NRGBA
	onAccent, accentSoft, accentText    color.NRGBA
	focus                               color.NRGBA
	button, buttonHover, buttonDown     color.NRGBA
	danger, dangerSoft                  color.NRGBA
	stop, stopHover, stopDown, onStop   color.NRGBA
	warning, warningSoft, warningBorder color.NRGBA
	good, goodSoft                      color.NRGBA
	outline                             color.NRGBA // around buttons, where their ground is that of the window; no alpha: none
}

func rgb(v uint32) color.NRGBA {
	return color.NRGBA{uint8(v >> 16), uint8(v >> 8), uint8(v), 255}
}

var light = palette{
	window: rgb(0xffffff), card: rgb(0xf3f6f7), line: rgb(0xdfe5e8), edge: rgb(0x87949c),
	text: rgb(0x172126), muted: rgb(0x55636b),
	accent: rgb(0x0f7285), accentHover: rgb(0x0c6475), accentDown: rgb(0x0a5564),
	onAccent: rgb(0xffffff), accentSoft: rgb(0xe0f1f4), accentText: rgb(0x0b6374), focus: rgb(0x0f7285),
	button: rgb(0xe9eef0), buttonHover: rgb(0xdfe6e9), buttonDown: rgb(0xd2dbdf),
	danger: rgb(0xb3261e), dangerSoft: rgb(0xfcebe9),
	stop: rgb(0xc93a32), stopHover: rgb(0xb6322b), stopDown: rgb(0xa02a24), onStop: rgb(0xffffff),
	warning: rgb(0x6b4700), warningSoft: rgb(0xfff5dc), warningBorder: rgb(0xf0d9a0),
	good: rgb(0x1b7a43), goodSoft: rgb(0xe3f4ea),
}

var dark = palette{
	window: rgb(0x1c2124), card: rgb(0x262c30), line: rgb(0x363f45), edge: rgb(0x74828b),
	text: rgb(0xeef2f4), muted: rgb(0xa9b5bc),
	accent: rgb(0x4db5c8), accentHover: rgb(0x66c3d4), accentDown: rgb(0x3ba2b5),
	onAccent: rgb(0x04252c), accentSoft: rgb(0x163a43), accentText: rgb(0x7fd0df), focus: rgb(0x4db5c8),
	button: rgb(0x343c42), buttonHover: rgb(0x3f484f), buttonDown: rgb(0x2c3338),
	danger: rgb(0xff9b92), dangerSoft: rgb(0x43211f),
	stop: rgb(0xc93a32), stopHover: rgb(0xb6322b), stopDown: rgb(0xa02a24), onStop: rgb(0xffffff),
	warning: rgb(0xffd791), warningSoft: rgb(0x352b16), warningBorder: rgb(0x5a4a22),
	good: rgb(0x7ed3a1), goodSoft: rgb(0x17382a),
}

// textStyle is a step of the type scale, in units.
type textStyle struct {
	size, line int
	weight     typeset.Weight
	tracking   int
	tabular    bool
}

var (
	styleTitle  = textStyle{21, 28, typeset.SemiBold, -12, false}
	styleWords  = textStyle{24, 32, typeset.SemiBold, -14, false}
	styleDigits = textStyle{26, 36, typeset.Medium, 20, true}
	styleName   = textStyle{16, 22, typeset.SemiBold, -11, false}
	styleBody   = textStyle{15, 22, typeset.Regular, -8, false}
	styleStrong = textStyle{14, 20, typeset.SemiBold, -6, false}
	styleButton = textStyle{14, 20, typeset.Medium, -6, false}
	styleSmall  = textStyle{13, 18, typeset.Regular, -3, false}
	styleClock  = textStyle{13, 18, typeset.Regular, 0, true}
	styleLabel  = textStyle{13, 18, typeset.Medium, -3, false}
)

const (
	radius     = 8
	focusWidth = 2
)
