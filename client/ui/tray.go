package ui

// What the menu of the tray icon offers.
const (
	ctlOpen control = "open"
)

// status is the state of the program in a few words; empty while nothing is shown.
func status(lk *look, main, bar content) string {
	said := ""
	if m, ok := main.(Main); ok {
		said = map[Stage]string{
			AskID: "main.ask.title", Connecting: "main.connecting.title", Waiting: "main.waiting.title", Connected: "main.connected.title",
			Reconnecting: "main.reconnecting.title",
		}[m.Stage]
	}
	b, watched := bar.(Bar)
	if watched {
		said = levelText[b.Level]
	}
	switch {
	case said == "":
		return ""
	case watched && len(b.Viewers) > 0:
		return lk.say("tray.watched", "State", lk.say(said), "Names", lk.names(b.Viewers))
	}
	return lk.say("tray.state", "State", lk.say(said))
}

// entry is a line of the tray icon's menu.
type entry struct {
	id   control
	text string
}

// menu is what can be chosen at the tray icon.
func menu(lk *look, main, bar content) []entry {
	var out []entry
	add := func(id control, text string) { out = append(out, entry{id, lk.say(text)}) }
	m, shown := main.(Main)
	if shown {
		add(ctlOpen, "tray.open")
	}
	if b, ok := bar.(Bar); ok {
		if b.Level == BarPaused {
			add(ctlResume, "bar.resume")
		} else {
			add(ctlPause, "bar.pause")
		}
		add(ctlStop, "bar.stop")
	} else if shown && (m.Stage == Connecting || m.Stage == Waiting || m.Stage == Reconnecting) {
		add(ctlLeave, "main.leave")
	}
	return out
}
