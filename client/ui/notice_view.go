package ui

import (
	"image/color"

	"deskhand/client/ui/paint"
)

const noticeWidth = 420

// notice is the mood and the texts' name of a reason.
type notice struct {
	name string
	icon *paint.Icon
	bad  bool
}

var notices = map[Reason]notice{
	EndedByAgent:       {"ended.agent", paint.Check, false},
	EndedByYou:         {"ended.you", paint.Check, false},
	EndedIdle:          {"ended.idle", paint.Clock, false},
	EndedLost:          {"ended.lost", paint.Retry, true},
	Denied:             {"denied", paint.Ended, false},
	Unanswered:         {"unanswered", paint.Clock, false},
	LinkInvalid:        {"link", paint.Alert, true},
	LineFull:           {"full", paint.Clock, true},
	ServerUnreachable:  {"unreachable", paint.Alert, true},
	CertificateChanged: {"certificate", paint.Warning, true},
	Outdated:           {"outdated", paint.Alert, true},
	Connects:           {"connects", paint.Screen, false},
	LinkUsed:           {"used", paint.Alert, true},
	SetUpAlways:        {"setup.always", paint.Check, false},
	SetUpUser:          {"setup.user", paint.Check, false},
	SetUpProgram:       {"setup.program", paint.Check, false},
	SetUpDenied:        {"setup.denied", paint.Ended, false},
	SetUpTaken:         {"setup.taken", paint.Alert, true},
	SetUpFailed:        {"setup.failed", paint.Alert, true},
}

// noticeScene says what happened, and apart from it what to do.
func noticeScene(lk *look, n Notice) *scene {
	l := newLayout(lk, noticeWidth, 28)
	mood, known := notices[n.Reason]
	title, text, hint := isolate(n.Title), isolate(n.Text), isolate(n.Hint)
	if known {
		say := func(part string) string {
			return lk.say("notice."+mood.name+"."+part, "Name", n.Agent, "Server", n.Server)
		}
		title, text, hint = say("title"), say("text"), say("hint")
	} else {
		mood = notice{icon: paint.Check}
		if n.Bad {
			mood = notice{icon: paint.Alert, bad: true}
		}
	}
	ground, col := mood.colors(l.pal)
	top := l.y
	const mark = 44
	l.tile(mood.icon, mark, ground, col)
	x := l.x0 + lk.px(mark+14)
	t := lk.set(title, styleTitle, l.x1-x, 0)
	l.y = top + max(0, (lk.px(mark)-t.Height)/2)
	l.textIn(title, styleTitle, l.pal.text, x, l.x1, paint.Left, 0)
	l.y = max(l.y, top+lk.px(mark))
	l.gap(16)
	l.text(text, styleBody, l.pal.text)
	if n.Hint != "" || known {
		l.gap(8)
		l.text(hint, styleBody, l.pal.muted)
	}
	l.gap(24)
	b := l.button(ctlOK, "notice.ok", primaryButton)
	w := max(l.minWidth(b), lk.px(112))
	l.place(b, l.x1-w, w)
	l.y = b.r.Max.Y
	return l.finish(28)
}

func (n notice) colors(p *palette) (ground, icon color.NRGBA) {
	switch {
	case n.bad:
		return p.dangerSoft, p.danger
	case n.icon == paint.Check:
		return p.goodSoft, p.good
	}
	return p.accentSoft, p.accentText
}
