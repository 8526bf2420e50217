package ui

import (
	"slices"
	"strings"
	"testing"
	"time"

	"deskhand/client/locales"
)

func chosen(entries []entry) (ids []control) {
	for _, e := range entries {
		ids = append(ids, e.id)
	}
	return ids
}

// The icon says in each language what the program does, and offers what can be done now.
func TestTray(t *testing.T) {
	watched := Bar{Viewers: []string{"Rodney Smith"}, Level: BarControlling, Since: noon}
	paused := watched
	paused.Level = BarPaused
	for _, tt := range []struct {
		name      string
		main, bar content
		says      string
		offers    []control
	}{
		{"nothing is shown", nil, nil, "", nil},
		{"no ID yet", Main{}, nil, "Remote Support – Get help", []control{ctlOpen}},
		{"in line", Main{Stage: Waiting}, nil, "Remote Support – Waiting for your agent", []control{ctlOpen, ctlLeave}},
		{"in a session", Main{Stage: Connected}, watched, "Controlling: Rodney Smith", []control{ctlOpen, ctlPause, ctlStop}},
		{"paused", Main{Stage: Connected}, paused, "Paused: Rodney Smith", []control{ctlOpen, ctlResume, ctlStop}},
		{"unattended", nil, watched, "Controlling: Rodney Smith", []control{ctlPause, ctlStop}},
	} {
		lk := &look{words: locales.New("en"), now: time.Now}
		if got := strings.NewReplacer("\u2068", "", "\u2069", "").Replace(status(lk, tt.main, tt.bar)); got != tt.says {
			t.Errorf("%s: says %q", tt.name, got)
		}
		if got := chosen(menu(lk, tt.main, tt.bar)); !slices.Equal(got, tt.offers) {
			t.Errorf("%s: offers %v", tt.name, got)
		}
	}
	for _, l := range locales.Languages {
		lk := &look{words: locales.New(l), now: time.Now}
		for _, e := range menu(lk, Main{}, watched) {
			if e.text == "" || strings.Contains(e.text, ".") {
				t.Errorf("%s: %q", l, e.text)
			}
		}
	}
}

// What reads the screen for a person presses a button no earlier than a key or the pointer could.
func TestInvokedByScreenReader(t *testing.T) {
	c := asked()
	c.InputFrom = noon.Add(time.Second)
	b := newBench(t, c)
	if evs := b.invoke(ctlControl, b.now); len(evs) != 0 {
		t.Errorf("too early: %v", evs)
	}
	b.now = noon.Add(2 * time.Second)
	if evs := b.invoke(ctlView, b.now); !slices.Contains(evs, Event(Answered{c.ID, ViewOnly})) {
		t.Errorf("%v", evs)
	}
}
