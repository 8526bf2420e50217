package client

import (
	"slices"
	"time"

	"golang.org/x/time/rate"

	"deskhand/client/session"
	"deskhand/wire"
)

const (
	// answerTime is how long the agent in control has to answer another one who asks for it.
	answerTime = 30 * time.Second
	// Pointers that one view may send; more are dropped.
	pointersPerSecond = 30
	pointersAtOnce    = 5
)

// control is whose pointer and keys the desk takes, and where the others point. It belongs to agents: two views of one agent share it.
type control struct {
	owner    string // agent; empty: nobody's
	view     string // of the owner, that it came to
	question *question
	pointers map[string]*wire.AgentPointer // by agent; replaced, never changed
	patience time.Duration                 // of a question; 0: answerTime
}

// question is one agent's wish for the control, as long as the agent in control has not answered.
type question struct {
	agent, name string
	timer       *time.Timer
	until       time.Time
}

// controls tells whether the end-user lets this viewer control.
func (v *visitor) controls() bool { return v.level == wire.Level_LEVEL_CONTROL }

// welcome gives a viewer that is about to be one of the visitors its colour, and the control when nobody has it. mu is held.
func (d *desk) welcome(v *visitor) {
	v.pace, v.colour = rate.NewLimiter(pointersPerSecond, pointersAtOnce), d.colourFor(v.agent)
	if d.owner == "" && v.controls() {
		d.owner, d.view = v.agent, v.id
	}
}

// colourFor is the agent's colour, or the first that nobody has. mu is held.
func (d *desk) colourFor(agent string) (colour uint32) {
	if there := d.of(agent); there != nil {
		return there.colour
	}
	for slices.ContainsFunc(d.visitors, func(v *visitor) bool { return v.colour == colour }) {
		colour++
	}
	return colour
}

// farewell is for a viewer that is none of the visitors any more. mu is held.
func (d *desk) farewell(v *visitor) {
	if d.of(v.agent) != nil {
		return
	}
	delete(d.pointers, v.agent)
	if d.question != nil && d.question.agent == v.agent {
		d.settle(wire.ControlQuestion_WITHDRAWN)
	}
	if d.owner != v.agent {
		return
	}
	d.owner, d.view = "", ""
	if next := d.asker(); next != nil {
		d.give(next)
	}
}

// of finds a visitor of an agent that watches. mu is held.
func (d *desk) of(agent string) *visitor {
	i := slices.IndexFunc(d.visitors, func(v *visitor) bool { return v.agent == agent && v.watches() })
	if i < 0 {
		return nil
	}
	return d.visitors[i]
}

// controller finds an agent's visitor that may control. mu is held.
func (d *desk) controller(agent string) *visitor {
	i := slices.IndexFunc(d.visitors, func(v *visitor) bool { return v.agent == agent && v.controls() })
	if i < 0 {
		return nil
	}
	return d.visitors[i]
}

// asker is who waits for an answer. mu is held.
func (d *desk) asker() *visitor {
	if d.question == nil {
		return nil
	}
	return d.controller(d.question.agent)
}

// give hands the control to a viewer's agent; nil: to nobody. What was held is let go. mu is held.
func (d *desk) give(to *visitor) {
	state, owner, view := wire.ControlQuestion_WITHDRAWN, "", ""
	if to != nil {
		owner, view = to.agent, to.id
		if d.question != nil && d.question.agent == owner {
			state = wire.ControlQuestion_HANDED_OVER
		}
	}
	d.settle(state)
	if d.owner != owner && d.injector != nil {
		_ = d.injector.ReleaseAll()
	}
	d.owner, d.view = owner, view
	d.refresh()
}

// refresh shows the bar anew and wakes all viewers. mu is held.
func (d *desk) refresh() {
	if err := d.showBar(); err != nil {
		d.log.Debug("showing the bar", "err", err)
	}
	d.tell()
}

// askFor puts a viewer's wish to the agent in control. mu is held.
func (d *desk) askFor(v *visitor) {
	switch {
	case d.owner == "" || d.owner == v.agent:
		d.give(v)
		return
	case d.question != nil && d.question.agent == v.agent:
		return
	case d.question != nil:
		v.hear(&wire.ControlQuestion{AgentId: v.agent, Name: v.name, State: wire.ControlQuestion_NOT_NOW})
		return
	}
	patience := d.patience
	if patience == 0 {
		patience = answerTime
	}
	q := &question{agent: v.agent, name: v.name, until: time.Now().Add(patience)}
	q.timer = time.AfterFunc(patience, func() {
		d.mu.Lock()
		defer d.mu.Unlock()
		if d.question == q {
			d.settle(wire.ControlQuestion_UNANSWERED)
		}
	})
	d.question = q
	d.spread(q.says(wire.ControlQuestion_OPEN))
}

func (q *question) says(state wire.ControlQuestion_State) *wire.ControlQuestion {
	m := &wire.ControlQuestion{AgentId: q.agent, Name: q.name, State: state}
	if state == wire.ControlQuestion_OPEN {
		m.SecondsLeft = uint32(max(0, time.Until(q.until)+time.Second-1) / time.Second)
	}
	return m
}

// settle ends the question, when there is one. mu is held.
func (d *desk) settle(state wire.ControlQuestion_State) {
	q := d.question
	if q == nil {
		return
	}
	q.timer.Stop()
	d.question = nil
	d.spread(q.says(state))
}

// spread tells a question to the two agents that it concerns. mu is held.
func (d *desk) spread(m *wire.ControlQuestion) {
	for _, v := range d.visitors {
		if v.agent == d.owner || v.agent == m.GetAgentId() {
			v.hear(m)
		}
	}
}

// hear keeps a word on a question until the viewer is told; only the newest one matters. mu is held.
func (v *visitor) hear(m *wire.ControlQuestion) {
	v.word = m
	v.wake()
}

// Hears tells whether this viewer's input is taken. An old console does not know how to ask: it takes what nobody has.
func (v *visitor) Hears() bool {
	d := v.desk
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.owner == "" && !v.several && v.controls() && slices.Contains(d.visitors, v) {
		d.give(v)
	}
	return d.owner == v.agent && !d.paused
}

// Wish does what an agent wants to become of the control, where that makes sense.
func (v *visitor) Wish(w *wire.ControlWish) {
	d := v.desk
	d.mu.Lock()
	defer d.mu.Unlock()
	if !slices.Contains(d.visitors, v) {
		return
	}
	mine := d.owner == v.agent
	switch w.GetAction() {
	case wire.ControlWish_ASK:
		if v.controls() {
			d.askFor(v)
		}
	case wire.ControlWish_TAKE:
		if v.controls() && v.mayTake() {
			d.give(v)
		}
	case wire.ControlWish_HAND_OVER:
		if to := d.controller(w.GetAgentId()); mine && to != nil {
			d.give(to)
		}
	case wire.ControlWish_NOT_NOW:
		if mine && d.question != nil && d.question.agent == w.GetAgentId() {
			d.settle(wire.ControlQuestion_NOT_NOW)
		}
	case wire.ControlWish_RELEASE:
		if d.question != nil && d.question.agent == v.agent {
			d.settle(wire.ControlQuestion_WITHDRAWN)
		}
		if mine {
			d.give(d.asker())
		}
	}
}

// Point shows the other agents where this one points.
func (v *visitor) Point(p *wire.AgentPointer) {
	d := v.desk
	d.mu.Lock()
	defer d.mu.Unlock()
	if !slices.Contains(d.visitors, v) || !v.pace.Allow() {
		return
	}
	if d.pointers == nil {
		d.pointers = map[string]*wire.AgentPointer{}
	}
	d.pointers[v.agent] = &wire.AgentPointer{AgentId: v.agent, Display: p.GetDisplay(), X: p.GetX(), Y: p.GetY(), Gone: p.GetGone()}
	for _, other := range d.visitors {
		if other.agent != v.agent && other.several {
			other.wake()
		}
	}
}

// Company is what a viewer is told of the others; the word on a question is told once.
func (v *visitor) Company() session.Company {
	d := v.desk
	d.mu.Lock()
	defer d.mu.Unlock()
	c := session.Company{
		Watchers: &wire.Watchers{Names: d.names(func(v *visitor) bool { return v.prompt })},
		Owner:    &wire.ControlOwner{ViewerId: d.view, AgentId: d.owner},
		Question: v.word,
	}
	v.word = nil
	if !v.several {
		return c
	}
	seen := map[string]bool{}
	for _, other := range d.visitors {
		if seen[other.agent] || other.prompt {
			continue
		}
		seen[other.agent] = true
		w := &wire.Watcher{AgentId: other.agent, Name: other.name, Colour: other.colour, Control: d.controller(other.agent) != nil}
		if other.agent == v.agent {
			w.You, w.MayTake = true, v.mayTake()
		}
		c.Watchers.Watchers = append(c.Watchers.Watchers, w)
		if p := d.pointers[other.agent]; p != nil && !w.You {
			c.Pointers = append(c.Pointers, p)
		}
	}
	return c
}
