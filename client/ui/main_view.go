package ui

import (
	"image"
	"strconv"
	"unicode"

	"deskhand/client/ui/paint"
)

const (
	mainWidth    = 400
	maxLogoWidth = 120
)

// mainScene is the main window: whose support it is, and where the end-user stands.
func mainScene(lk *look, m Main, problem Problem) *scene {
	l := newLayout(lk, mainWidth, 28)
	l.brand(m.Company, m.Server)
	l.gap(24)
	switch m.Stage {
	case AskID:
		l.askID(problem)
	case Connecting:
		l.stage(lk.say("main.connecting.title"), lk.say("main.connecting.lead"))
		l.retrying(m)
		l.leave()
	case Waiting:
		l.waiting(m)
	case Connected:
		l.stage(lk.say("main.connected.title"), lk.say("main.connected.lead"))
		l.inviter(m)
	case Reconnecting:
		l.stage(lk.say("main.reconnecting.title"), lk.say("main.reconnecting.lead"))
		l.inviter(m)
		l.leave()
	}
	return l.finish(28)
}

// brand is the head of the main window.
func (l *layout) brand(company, server string) {
	lk, top := l.lk, l.y
	if company == "" {
		company = lk.say("app.name")
	}
	const mark = 44
	x := l.mark(mark) + lk.px(14)
	height := lk.px(styleName.line)
	if server != "" {
		height += lk.px(styleSmall.line)
	}
	l.y = top + (lk.px(mark)-height)/2
	l.textIn(isolate(company), styleName, l.pal.text, x, l.x1, paint.Left, 1)
	if server != "" {
		l.host(server, x)
	}
	l.y = top + lk.px(mark)
}

// mark is the operator's logo, or else the product's mark; it returns where that ends. A logo says nothing of who answers: company and server stand
// beside it as text.
func (l *layout) mark(height int) int {
	lk, h := l.lk, l.lk.px(height)
	if lk.logo == nil {
		l.tile(paint.Screen, height, l.pal.accent, l.pal.onAccent)
		return l.x0 + h
	}
	size := lk.logo.within(lk.px(maxLogoWidth), h)
	at := image.Pt(l.x0, l.y+(h-size.Y)/2)
	l.add(&imageItem{image.Rectangle{at, at.Add(size)}, lk.logo.at(size)})
	return at.X + size.X
}

// host shows the server with a lock.
func (l *layout) host(server string, x int) {
	l.icon(paint.Lock, 14, x-l.lk.px(1), l.y, l.lk.px(styleSmall.line), l.pal.muted)
	l.textIn(isolate(server), styleSmall, l.pal.muted, x+l.lk.px(18), l.x1, paint.Left, 1)
}

// stage is a title with a sentence.
func (l *layout) stage(title, lead string) {
	l.text(title, styleTitle, l.pal.text)
	l.gap(6)
	l.text(lead, styleBody, l.pal.muted)
	l.gap(20)
}

func (l *layout) askID(problem Problem) {
	lk := l.lk
	l.stage(lk.say("main.ask.title"), lk.say("main.ask.lead"))
	l.text(lk.say("main.ask.label"), styleLabel, l.pal.text)
	l.gap(6)
	field := &fieldItem{r: image.Rect(l.x0, l.y, l.x1, l.y+lk.px(56)), fault: problem != NoProblem}
	l.add(field)
	l.y = field.r.Max.Y
	if id := problem.message(); id != "" {
		l.gap(8)
		l.note(paint.Alert, lk.say(id), styleSmall, l.pal.danger, l.pal.danger)
	}
	l.gap(12)
	l.wide(l.button(ctlConnect, "main.connect", primaryButton))
	l.gap(20)
	l.card(12, paint.Box{Radius: float64(lk.px(radius)), Fill: l.pal.warningSoft, Border: l.pal.warningBorder, BorderWidth: float64(max(1, lk.px(1)))}, func() {
		l.note(paint.Warning, lk.say("main.ask.warning"), styleSmall, l.pal.warning, l.pal.warning)
	})
}

// retrying says what connecting waits for.
func (l *layout) retrying(m Main) {
	var text string
	switch m.Problem {
	case NoProblem:
		return
	case TooManyTries:
		text = l.lk.say("main.connecting.throttled", "Time", m.RetryAt.Format("15:04:05"))
	default:
		text = l.lk.say("main.connecting.unreachable")
	}
	l.note(paint.Clock, text, styleBody, l.pal.accentText, l.pal.text)
	l.gap(20)
}

// message is the name of a problem's sentence.
func (p Problem) message() string {
	return map[Problem]string{
		IDEmpty: "problem.id.empty", IDShort: "problem.id.short", IDUnknown: "problem.id.unknown", IDUsed: "problem.id.used",
		TooManyTries: "problem.throttled", Unreachable: "problem.unreachable",
	}[p]
}

func (l *layout) waiting(m Main) {
	lk := l.lk
	l.stage(lk.say("main.waiting.title"), lk.say("main.waiting.lead"))
	l.inviter(m)
	switch {
	case m.Place == 1:
		l.note(paint.Clock, lk.say("main.waiting.next"), styleBody, l.pal.accentText, l.pal.text)
		l.gap(20)
	case m.Place > 1:
		l.note(paint.Clock, lk.say("main.waiting.place", "Place", strconv.Itoa(m.Place)), styleBody, l.pal.accentText, l.pal.text)
		l.gap(20)
	}
	l.leave()
}

func (l *layout) leave() { l.wide(l.button(ctlLeave, "main.leave", plainButton)) }

// inviter is a card with the agent and the ticket.
func (l *layout) inviter(m Main) {
	lk := l.lk
	if m.Agent.Name == "" && m.Ticket == "" {
		return
	}
	l.card(16, paint.Box{Radius: float64(lk.px(radius)), Fill: l.pal.card}, func() {
		if m.Agent.Name != "" {
			if m.Stage == Waiting {
				l.text(lk.say("main.waiting.invited"), styleLabel, l.pal.muted)
				l.gap(10)
			}
			l.person(m.Agent)
		}
		if m.Ticket == "" {
			return
		}
		if m.Agent.Name != "" {
			l.gap(12)
			l.rule()
			l.gap(12)
		}
		l.text(lk.say("ticket", "Ticket", m.Ticket), styleSmall, l.pal.muted)
	})
	l.gap(20)
}

// rule is a thin line over the column.
func (l *layout) rule() {
	h := max(1, l.lk.px(1))
	l.add(&boxItem{image.Rect(l.x0, l.y, l.x1, l.y+h), paint.Box{Fill: l.pal.line}})
	l.y += h
}

// person is a disc with the initial, the name and the role.
func (l *layout) person(p Person) {
	lk, top := l.lk, l.y
	d := lk.px(44)
	disc := image.Rect(l.x0, top, l.x0+d, top+d)
	l.add(&discItem{disc, l.pal.accentSoft})
	t := lk.set(initials(p.Name), styleName, d, 1)
	in := top + (d-t.Height)/2
	l.add(&textItem{image.Rect(disc.Min.X, in, disc.Max.X, in+t.Height), t, paint.Center, l.pal.accentText, true})

	x, role := disc.Max.X+lk.px(14), lk.role(p)
	l.textIn(isolate(p.Name), styleName, l.pal.text, x, l.x1, paint.Left, 2)
	if role != "" {
		l.textIn(role, styleSmall, l.pal.muted, x, l.x1, paint.Left, 2)
	}
	text := l.y - top
	if text < d {
		shift := (d - text) / 2
		for _, it := range l.scene.items[len(l.scene.items)-lines(role):] {
			r := it.bounds()
			*r = r.Add(image.Pt(0, shift))
		}
		l.y = top + d
	}
}

func lines(role string) int {
	if role == "" {
		return 1
	}
	return 2
}

// initials are the first letters of the first and the last word; one for scripts without capitals.
func initials(name string) string {
	var first, last rune
	word := true
	for _, r := range name {
		switch {
		case unicode.IsSpace(r):
			word = true
		case word:
			word = false
			if first == 0 {
				first = r
			} else {
				last = r
			}
		}
	}
	switch {
	case first == 0:
		return ""
	case last == 0 || !unicode.IsUpper(first) || !unicode.IsUpper(last):
		return string(unicode.ToUpper(first))
	}
	return string([]rune{first, last})
}
