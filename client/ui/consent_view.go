package ui

import (
	"image"
	"time"

	"deskhand/client/ui/paint"
)

const (
	consentWidth      = 480
	consentLogoWidth  = 72
	consentLogoHeight = 36
)

// question holds the names of an Ask's texts and its icon.
type question struct {
	title, ask string
	icon       *paint.Icon
}

var questions = map[Ask]question{
	AskView:      {"consent.title.view", "consent.ask.view", paint.Eye},
	AskControl:   {"consent.title.control", "consent.ask.control", paint.Pointer},
	AskFiles:     {"consent.title.files", "consent.ask.files", paint.File},
	AskClipboard: {"consent.title.clipboard", "consent.ask.clipboard", paint.Clip},
	AskPrompt:    {"consent.title.prompt", "consent.ask.prompt", paint.Prompt},
	AskReboot:    {"consent.title.reboot", "consent.ask.reboot", paint.Power},
	AskKeep:      {"consent.title.keep", "consent.ask.keep", paint.Key},
	AskSetUp:     {"consent.title.keep", "consent.ask.setup", paint.Key},
	AskSetUpOwn:  {"consent.title.own", "consent.ask.own", paint.Key},
}

// consentScene is the question. The safe answer stands apart, at the end, and has the focus.
func consentScene(lk *look, c Consent) *scene {
	l := newLayout(lk, consentWidth, 28)
	q := questions[c.Ask]
	l.consentHead(lk.say(q.title), c.Server, q.icon)
	l.gap(20)
	l.text(lk.say(q.ask, "Who", lk.who(c.Agent)), styleBody, l.pal.text)
	if c.Line != "" {
		l.gap(4)
		l.text(isolate(c.Line), styleBody, l.pal.text)
	}
	if c.Ticket != "" {
		l.gap(4)
		l.text(lk.say("ticket", "Ticket", c.Ticket), styleBody, l.pal.muted)
	}
	if len(c.Others) > 0 {
		l.gap(4)
		l.text(lk.others(c.Others), styleBody, l.pal.muted)
	}
	if c.Words[0] != "" {
		l.gap(20)
		l.words(c)
	}
	l.gap(16)
	if c.Recorded {
		l.text(lk.say("consent.recorded"), styleSmall, l.pal.text)
	}
	l.text(lk.say("consent.logged"), styleSmall, l.pal.muted)
	if c.Ask == AskView || c.Ask == AskControl {
		l.text(lk.say("consent.stop"), styleSmall, l.pal.muted)
	}
	l.gap(16)
	l.rule()
	l.gap(12)
	l.countdown(c)
	l.gap(12)
	deny := l.button(ctlDeny, "consent.deny", primaryButton)
	switch c.Ask {
	case AskView:
		l.buttons(l.button(ctlView, "consent.viewonly", plainButton), deny)
	case AskControl:
		l.buttons(l.button(ctlView, "consent.viewonly", plainButton), l.button(ctlControl, "consent.control", plainButton), deny)
	default:
		l.buttons(l.button(ctlAllow, "consent.allow", plainButton), deny)
	}
	return l.finish(28)
}

func (lk *look) others(names []string) string {
	return lk.count("consent.others", len(names), "Names", lk.names(names))
}

func (l *layout) consentHead(title, server string, icon *paint.Icon) {
	lk, top := l.lk, l.y
	const mark = 44
	l.tile(icon, mark, l.pal.accentSoft, l.pal.accentText)
	x, end := l.x0+lk.px(mark+14), l.x1
	if lk.logo != nil {
		end = l.logoAtEnd(mark) - lk.px(14)
	}
	t := lk.set(title, styleTitle, end-x, 0)
	l.y = top + max(0, (lk.px(mark)-t.Height-lk.px(styleSmall.line))/2)
	l.textIn(title, styleTitle, l.pal.text, x, end, paint.Left, 0)
	if server != "" {
		l.host(server, x)
	}
	l.y = max(l.y, top+lk.px(mark))
}

// logoAtEnd puts the operator's logo at the end of the column, and returns where it begins.
func (l *layout) logoAtEnd(height int) int {
	lk, h := l.lk, l.lk.px(height)
	size := lk.logo.within(lk.px(consentLogoWidth), lk.px(consentLogoHeight))
	at := image.Pt(l.x1-size.X, l.y+(h-size.Y)/2)
	l.add(&imageItem{image.Rectangle{at, at.Add(size)}, lk.logo.at(size)})
	return at.X
}

// words is the card with the two words that the agent sees as well.
func (l *layout) words(c Consent) {
	lk := l.lk
	l.card(16, paint.Box{Radius: float64(lk.px(radius)), Fill: l.pal.card}, func() {
		l.text(lk.say("consent.words.title"), styleLabel, l.pal.text)
		l.gap(2)
		l.text(lk.say("consent.words.ask", "Name", c.Agent.Name), styleSmall, l.pal.muted)
		l.text(lk.say("consent.words.differ"), styleSmall, l.pal.muted)
		l.gap(12)
		gap := lk.px(8)
		half := (l.x1 - l.x0 - gap) / 2
		l.word(c.Words[0], l.x0, half)
		l.word(c.Words[1], l.x1-half, half)
		l.y += lk.px(wordHeight)
	})
}

const wordHeight = 56

// word puts one matching word into a box of its own.
func (l *layout) word(w string, x, width int) {
	lk := l.lk
	r := image.Rect(x, l.y, x+width, l.y+lk.px(wordHeight))
	l.add(&boxItem{r, paint.Box{Radius: float64(lk.px(radius)), Fill: l.pal.window, Border: l.pal.line, BorderWidth: float64(max(1, lk.px(1)))}})
	room := width - 2*lk.px(8)
	t := lk.set(isolate(w), styleWords, lk.px(1000), 1)
	if t.Width > room {
		t = lk.set(isolate(w), styleName, room, 2)
	}
	top := r.Min.Y + (r.Dy()-t.Height)/2
	l.add(&textItem{image.Rect(r.Min.X, top, r.Max.X, top+t.Height), t, paint.Center, l.pal.accentText, false})
}

// countdown says when silence becomes a no, with More time beside it.
func (l *layout) countdown(c Consent) {
	lk := l.lk
	left := int((c.Deadline.Sub(lk.now()) + time.Second - 1) / time.Second)
	line, right := lk.px(buttonHeight), l.x1
	if c.CanExtend {
		b := l.button(ctlMore, "consent.more", quietButton)
		w := l.minWidth(b)
		h := lk.px(32)
		b.r = image.Rect(0, 0, w, h).Add(image.Pt(l.x1-w+lk.px(buttonSide), l.y+(line-h)/2)) // its text ends where the column does
		l.add(b)
		right = b.r.Min.X
	}
	x := l.x0 + lk.px(26)
	t := lk.set(lk.count("consent.countdown", max(0, left)), styleClock, right-x, 0)
	height := max(line, t.Height)
	l.icon(paint.Clock, 18, l.x0, l.y, height, l.pal.muted)
	top := l.y + (height-t.Height)/2
	l.add(&textItem{image.Rect(x, top, right, top+t.Height), t, paint.Left, l.pal.muted, false})
	l.y += height
}
