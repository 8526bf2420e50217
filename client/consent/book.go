package consent

import (
	"context"
	"sync"
	"time"
)

// Sheet is a question as it is shown.
type Sheet struct {
	ID        uint64 // of the question; a changed deadline keeps it
	Request   Request
	Deadline  time.Time
	InputFrom time.Time
	CanExtend bool
}

// Prompt shows questions to the end-user, one at a time. What the end-user does goes to [Book.Choose] and [Book.Touch].
type Prompt interface {
	// Show shows a question, or changes the one with the same ID. An error means that it cannot be seen.
	Show(Sheet) error
	// Hide takes the question away.
	Hide()
}

// Book asks, and remembers the answers for the length of a session: consent belongs to session, agent and what was
// asked for. All methods may be called from any goroutine.
type Book struct {
	prompt Prompt
	rules  Rules
	turn   chan struct{} // held by the one question that is shown

	mu      sync.Mutex // guards all below
	last    uint64
	open    uint64 // ID of the question that is shown; 0: none
	choices chan Choice
	touches chan struct{}
	pending map[key]*pending
	answers map[string]map[string]*record // by session, then agent
}

// key tells questions apart: two viewers of one agent share the answer.
type key struct {
	session, agent string
	ask            Ask
}

// pending is a question that is asked or waits for its turn.
type pending struct {
	askers   int
	cancel   context.CancelFunc
	done     chan struct{} // closed when answer is set
	answer   Answer
	watchers []func(time.Time)
	deadline time.Time
}

// record is what one agent was told in one session.
type record struct {
	granted map[Ask]bool
	denials int
}

// NewBook returns an empty book.
func NewBook(p Prompt, rules Rules) *Book {
	return &Book{
		prompt: p, rules: rules, turn: make(chan struct{}, 1),
		pending: map[key]*pending{}, answers: map[string]map[string]*record{},
	}
}

// Ask returns the end-user's answer: at once when it was given before in the session, otherwise when they answer or the
// time is over. When ctx ends first, the answer is no, and the question goes away unless another viewer of the same agent
// waits for it too. watch, if not nil, is told each deadline of the question, and must not block.
func (b *Book) Ask(ctx context.Context, r Request, watch func(deadline time.Time)) Answer {
	b.mu.Lock()
	if a, ok := b.known(r); ok {
		b.mu.Unlock()
		return a
	}
	k := key{r.Session, r.Agent.ID, r.Ask}
	p := b.pending[k]
	if p == nil {
		own, cancel := context.WithCancel(context.WithoutCancel(ctx))
		p = &pending{cancel: cancel, done: make(chan struct{})}
		b.pending[k] = p
		go b.run(own, k, p, r)
	}
	p.askers++
	if watch != nil {
		p.watchers = append(p.watchers, watch)
		if !p.deadline.IsZero() {
			watch(p.deadline)
		}
	}
	b.mu.Unlock()

	select {
	case <-p.done:
		return p.answer
	case <-ctx.Done():
	}
	b.mu.Lock()
	if p.askers--; p.askers == 0 {
		p.cancel()
		if b.pending[k] == p {
			delete(b.pending, k) // who asks now asks anew
		}
	}
	b.mu.Unlock()
	return Answer{Denied, Withdrawn, time.Now()}
}

// known answers from memory. b.mu is held.
func (b *Book) known(r Request) (Answer, bool) {
	rec := b.answers[r.Session][r.Agent.ID]
	switch {
	case rec == nil || r.Ask == KeepAccess:
	case rec.granted[r.Ask]:
		return Answer{granted(r.Ask), Remembered, time.Now()}, true
	case r.Ask == View && rec.granted[Control]:
		return Answer{GrantedView, Remembered, time.Now()}, true
	}
	if rec != nil && b.rules.Denials > 0 && rec.denials >= b.rules.Denials {
		return Answer{Denied, TooOften, time.Now()}, true
	}
	return Answer{}, false
}

func granted(a Ask) Outcome {
	switch a {
	case View:
		return GrantedView
	case Control:
		return GrantedControl
	}
	return GrantedOther
}

// run asks one question when its turn comes.
func (b *Book) run(ctx context.Context, k key, p *pending, r Request) {
	defer p.cancel()
	var a Answer
	select {
	case b.turn <- struct{}{}:
		a = b.ask(ctx, p, r)
		<-b.turn
	case <-ctx.Done():
		a = Answer{Denied, Withdrawn, time.Now()}
	}
	b.mu.Lock()
	b.note(r, a)
	p.answer = a
	if b.pending[k] == p {
		delete(b.pending, k)
	}
	b.mu.Unlock()
	close(p.done)
}

// ask shows the question until it is answered.
func (b *Book) ask(ctx context.Context, p *pending, r Request) Answer {
	b.mu.Lock()
	if a, ok := b.known(r); ok { // answered while this one waited for its turn
		b.mu.Unlock()
		return a
	}
	b.last++
	id, choices, touches := b.last, make(chan Choice, 16), make(chan struct{}, 1)
	b.open, b.choices, b.touches = id, choices, touches
	b.mu.Unlock()
	defer func() {
		b.mu.Lock()
		b.open, b.choices, b.touches = 0, nil, nil
		b.mu.Unlock()
		b.prompt.Hide()
	}()

	q := Open(r, b.rules, time.Now())
	timer := time.NewTimer(time.Hour)
	defer timer.Stop()
	for shown := (time.Time{}); ; {
		if a, done := q.Answer(); done {
			return a
		}
		if d := q.Deadline(); d != shown {
			if err := b.prompt.Show(Sheet{id, r, d, q.InputFrom(), q.CanExtend()}); err != nil {
				return Answer{Unanswered, NotShown, time.Now()}
			}
			b.announce(p, d)
			shown = d
		}
		timer.Reset(time.Until(q.Deadline()))
		select {
		case c := <-choices:
			q.Choose(c, time.Now())
		case <-touches:
			q.Touch(time.Now())
		case <-timer.C:
			q.Tick(time.Now())
		case <-ctx.Done():
			return Answer{Denied, Withdrawn, time.Now()}
		}
	}
}

func (b *Book) announce(p *pending, deadline time.Time) {
	b.mu.Lock()
	p.deadline = deadline
	watchers := p.watchers
	b.mu.Unlock()
	for _, w := range watchers {
		w(deadline)
	}
}

// note remembers an answer. b.mu is held.
func (b *Book) note(r Request, a Answer) {
	if a.Reason != Chosen && a.Reason != Timeout {
		return
	}
	agents := b.answers[r.Session]
	if agents == nil {
		agents = map[string]*record{}
		b.answers[r.Session] = agents
	}
	rec := agents[r.Agent.ID]
	if rec == nil {
		rec = &record{granted: map[Ask]bool{}}
		agents[r.Agent.ID] = rec
	}
	switch a.Outcome {
	case GrantedView:
		rec.granted[View] = true
	case GrantedControl:
		rec.granted[Control] = true
	case GrantedOther:
		rec.granted[r.Ask] = true
	default:
		rec.denials++
		return
	}
	rec.denials = 0
}

// Choose is a button of the question with this ID. Buttons of other questions are ignored.
func (b *Book) Choose(question uint64, c Choice) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if question == 0 || question != b.open {
		return
	}
	select {
	case b.choices <- c:
	default: // 16 choices wait already, and the first one that counts ends the question
	}
}

// Touch is any other input on the question with this ID, More time included.
func (b *Book) Touch(question uint64) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if question == 0 || question != b.open {
		return
	}
	select {
	case b.touches <- struct{}{}:
	default: // one is waiting and does the same
	}
}

// Forget drops what was answered in a session that has ended.
func (b *Book) Forget(session string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	delete(b.answers, session)
}
