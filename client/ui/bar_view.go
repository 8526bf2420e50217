package ui

import (
	"fmt"
	"image"
	"image/color"
	"strings"
	"time"
	"unicode"

	"deskhand/client/ui/paint"
)

const (
	barHeight   = 52
	barMaxNames = 280
)

// barScene is the bar: who watches, what they can do, since when, and the two buttons. It stands out on any
// desktop because it is dark in both themes.
func barScene(lk *look, b Bar) *scene {
	l := &layout{lk: lk, pal: lk.colors, scene: &scene{h: lk.px(barHeight)}}
	x := lk.px(10)
	x = l.grip(x) + lk.px(8)
	x = l.badge(b.Level, x) + lk.px(10)
	x = l.watchers(b, x) + lk.px(20)

	pause, resume := l.barButton(ctlPause, "bar.pause", paint.Pause, darkButton), l.barButton(ctlResume, "bar.resume", paint.Play, darkButton)
	w := max(pause.contentWidth(lk), resume.contentWidth(lk)) + 2*lk.px(12)
	if b.Level == BarPaused {
		pause = resume
	}
	x = l.placeBar(pause, x, w) + lk.px(8)
	stop := l.barButton(ctlStop, "bar.stop", paint.Stop, stopButton)
	x = l.placeBar(stop, x, stop.contentWidth(lk)+2*lk.px(12)) + lk.px(10)

	l.scene.w = x
	l.scene.edge = &paint.Box{Radius: float64(lk.px(10)), Fill: l.pal.window, Border: l.pal.line, BorderWidth: float64(max(1, lk.px(1)))}
	if lk.rtl {
		l.scene.mirror()
	}
	return l.scene
}

// grip shows that the bar can be dragged.
func (l *layout) grip(x int) int {
	s := l.lk.px(18)
	top := (l.scene.h - s) / 2
	l.add(&iconItem{image.Rect(x, top, x+s, top+s), paint.Grip, 2, l.pal.edge})
	return x + s
}

// badge is the disc with what viewers can do, as a picture.
func (l *layout) badge(level Level, x int) int {
	icon, ground, col := paint.Eye, l.pal.accentSoft, l.pal.accentText
	switch level {
	case BarControlling:
		icon = paint.Pointer
	case BarPrompt:
		icon = paint.Prompt
	case BarPaused:
		icon, ground, col = paint.Pause, l.pal.warningSoft, l.pal.warning
	case BarReconnecting:
		icon, ground, col = paint.Retry, l.pal.warningSoft, l.pal.warning
	}
	d, in := l.lk.px(32), l.lk.px(18)
	top := (l.scene.h - d) / 2
	l.add(&discItem{image.Rect(x, top, x+d, top+d), ground})
	at := image.Pt(x+(d-in)/2, top+(d-in)/2)
	l.add(&iconItem{image.Rectangle{at, at.Add(image.Pt(in, in))}, icon, 2, col})
	return x + d
}

// watchers are the names, and below them the level, the recording and the time.
func (l *layout) watchers(b Bar, x int) int {
	lk := l.lk
	names := lk.set(lk.names(b.Viewers), styleStrong, lk.px(barMaxNames), 1)
	said := lk.say(levelText[b.Level])
	if b.Level == BarControlling && b.Control != "" {
		said = lk.say("bar.controls", "Name", b.Control)
	}
	level := lk.set(said, styleSmall, lk.px(barMaxNames), 1)
	timer := lk.set(elapsed(lk.now().Sub(b.Since)), styleClock, lk.px(100), 1)
	top := (l.scene.h - names.Height - level.Height) / 2
	l.add(&textItem{image.Rect(x, top, x+names.Width, top+names.Height), names, paint.Left, l.pal.text, false})

	top += names.Height
	end := l.pieceAt(x, top, level.Width, &textItem{t: level, col: l.pal.muted})
	if len(b.Prompts) > 0 && b.Level != BarPrompt {
		end = l.dot(end, top, level.Height, l.pal.edge)
		who := lk.set(lk.say("bar.prompts", "Names", lk.names(b.Prompts)), styleSmall, lk.px(barMaxNames), 1)
		end = l.pieceAt(end, top, who.Width, &textItem{t: who, col: l.pal.muted})
	}
	if b.Recorded {
		end = l.dot(end, top, level.Height, l.pal.danger)
		rec := lk.set(lk.say("bar.recorded"), styleSmall, lk.px(barMaxNames), 1)
		end = l.pieceAt(end, top, rec.Width, &textItem{t: rec, col: l.pal.danger})
	}
	end = l.dot(end, top, level.Height, l.pal.edge)
	// The room of the timer is that of its widest form, so that the bar keeps its width.
	wide := lk.set(widest(lk.now().Sub(b.Since)), styleClock, lk.px(100), 1).Width
	end = l.pieceAt(end, top, max(wide, timer.Width), &textItem{t: timer, col: l.pal.muted})
	return max(x+names.Width, end)
}

func (l *layout) pieceAt(x, top, w int, t *textItem) int {
	t.r = image.Rect(x, top, x+w, top+t.t.Height)
	l.add(t)
	return x + w
}

// dot parts two pieces of a line.
func (l *layout) dot(x, top, height int, col color.NRGBA) int {
	d := max(3, l.lk.px(4))
	x += l.lk.px(7)
	y := top + (height-d)/2 + l.lk.px(1)/2
	l.add(&discItem{image.Rect(x, y, x+d, y+d), col})
	return x + d + l.lk.px(7)
}

var levelText = map[Level]string{
	BarViewing: "bar.viewing", BarControlling: "bar.controlling", BarPaused: "bar.paused", BarReconnecting: "bar.reconnecting",
	BarPrompt: "bar.prompt",
}

func (l *layout) barButton(id control, label string, icon *paint.Icon, kind buttonKind) *buttonItem {
	b := l.button(id, label, kind)
	b.icon, b.iconSize = icon, l.lk.px(16)
	return b
}

func (l *layout) placeBar(b *buttonItem, x, w int) int {
	h := l.lk.px(36)
	top := (l.scene.h - h) / 2
	b.r = image.Rect(x, top, x+w, top+h)
	l.add(b)
	return b.r.Max.X
}

// elapsed shows a duration in minutes (min and h are SI's, the same in every language). A bar that counted seconds would be drawn, captured and
// sent each second of an otherwise quiet session.
func elapsed(d time.Duration) string {
	m := int(d / time.Minute)
	switch {
	case m < 1:
		return "<1 min"
	case m < 60:
		return fmt.Sprintf("%d min", m)
	}
	return fmt.Sprintf("%d h %02d min", m/60, m%60)
}

// widest is as wide as elapsed gets in the same hours.
func widest(d time.Duration) string {
	if d < time.Hour {
		return "00 min"
	}
	return strings.Map(func(r rune) rune {
		if unicode.IsDigit(r) {
			return '0'
		}
		return r
	}, elapsed(d))
}

// tip is a line that explains a control of the bar.
type tip struct{ text string }

func (tip) slot() slot       { return slotTip }
func (t tip) clean() content { return t }

const tipMaxWidth = 360

func tipScene(lk *look, t tip) *scene {
	text := lk.set(t.text, styleSmall, lk.px(tipMaxWidth), 3)
	padX, padY := lk.px(12), lk.px(8)
	s := &scene{
		w: text.Width + 2*padX, h: text.Height + 2*padY,
		edge: &paint.Box{Radius: float64(lk.px(radius)), Fill: lk.colors.window, Border: lk.colors.line, BorderWidth: float64(max(1, lk.px(1)))},
	}
	s.items = []item{&textItem{image.Rect(padX, padY, padX+text.Width, padY+text.Height), text, paint.Center, lk.colors.text, false}}
	return s
}
