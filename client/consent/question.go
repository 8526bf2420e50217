// Package consent holds the rules by which the end-user is asked. It shows nothing itself.
//
// A question goes through these states:
//
//	          InputFrom              Choose(ViewOnly, AllowControl, Allow)
//	shown ─────────────▶ open ─────────────────────────────────────────────▶ granted
//	                      │ ▲ Touch, More: the time begins anew, at most until the limit
//	                      │ └─┐
//	                      ├───┘ Choose(Deny)
//	                      ├────────────────────────────────────────────────▶ denied
//	                      │ the deadline passes
//	                      └────────────────────────────────────────────────▶ unanswered
//
// Before InputFrom nothing counts, so that who was typing does not answer by accident.
package consent

import "time"

// Ask is what an agent wants.
type Ask int

// Control includes View; the others stand for themselves and are asked for when first used.
const (
	View Ask = iota
	Control
	Files
	Clipboard
	CommandPrompt
	Reboot
	KeepAccess // unattended access; asked every time
	SetUp      // the same, without a session: by a link
	SetUpOwn   // the same, of the agent's own computer
)

// Choice is what the end-user can choose.
type Choice int

// ViewOnly and AllowControl answer View and Control, Allow the others. More time is not an answer: see [Question.More].
const (
	Deny Choice = iota
	ViewOnly
	AllowControl
	Allow
)

// Agent is who asks. ID tells agents apart, the other fields are shown.
type Agent struct {
	ID, Name, Title, Company string
	Words                    string // a line of the operator's; empty: none
}

// Request is one wish of one agent in one session.
type Request struct {
	Session  string
	Agent    Agent
	Ask      Ask
	Ticket   string
	Server   string    // the server's domain
	Words    [2]string // the words that must match the agent's
	Others   []string  // names of the agents who are connected already
	Recorded bool
	Wait     time.Duration // time without an answer or any input; 0: the rules'
}

// Outcome is how a question ended.
type Outcome int

// Denied is the zero value: what is not known to be granted is not.
const (
	Denied Outcome = iota
	Unanswered
	GrantedView
	GrantedControl
	GrantedOther // what was asked for besides seeing and controlling
)

// Reason tells why.
type Reason string

// Reasons of answers.
const (
	Chosen     Reason = "chosen"     // by the end-user
	Timeout    Reason = "timeout"    // nobody was there
	Remembered Reason = "remembered" // granted earlier in the session
	TooOften   Reason = "too-often"  // denied several times before, so not asked again
	Withdrawn  Reason = "withdrawn"  // who asked has gone
	NotShown   Reason = "not-shown"  // there is no display for the question
)

// Answer is the end of a question.
type Answer struct {
	Outcome Outcome
	Reason  Reason
	At      time.Time
}

// Granted tells whether what was asked for, or with Control at least seeing, is allowed.
func (a Answer) Granted() bool { return a.Outcome >= GrantedView }

// Rules are the times and counts of questions.
type Rules struct {
	Wait    time.Duration // without an answer or any input; then the answer is no
	Quiet   time.Duration // from the beginning, while input does not count
	Limit   time.Duration // longest life of a question, whatever is done
	Denials int           // after so many refusals an agent is not asked for again in the session
}

// Default is what holds when the server's policy says nothing else.
var Default = Rules{Wait: 30 * time.Second, Quiet: time.Second, Limit: 5 * time.Minute, Denials: 3}

// Question is an open question. It has no clock of its own and is not safe for use by several goroutines.
type Question struct {
	ask      Ask
	rules    Rules
	opened   time.Time
	deadline time.Time
	answer   Answer
	done     bool
}

// Open begins a question.
func Open(r Request, rules Rules, now time.Time) *Question {
	if r.Wait > 0 {
		rules.Wait = r.Wait
	}
	rules.Limit = max(rules.Limit, rules.Wait)
	q := &Question{ask: r.Ask, rules: rules, opened: now}
	q.extend(now)
	return q
}

// InputFrom is when input begins to count.
func (q *Question) InputFrom() time.Time { return q.opened.Add(q.rules.Quiet) }

// Deadline is when silence becomes the answer.
func (q *Question) Deadline() time.Time { return q.deadline }

// CanExtend tells whether more time can still be had.
func (q *Question) CanExtend() bool { return q.deadline.Before(q.opened.Add(q.rules.Limit)) }

func (q *Question) extend(now time.Time) {
	q.deadline = now.Add(q.rules.Wait)
	if last := q.opened.Add(q.rules.Limit); q.deadline.After(last) {
		q.deadline = last
	}
}

// counts tells whether input at this time is taken.
func (q *Question) counts(now time.Time) bool {
	q.Tick(now)
	return !q.done && !now.Before(q.InputFrom())
}

// Touch notes any input: the time begins anew.
func (q *Question) Touch(now time.Time) {
	if q.counts(now) {
		q.extend(now)
	}
}

// More is the button More time. It does what any input does, for people who read without moving.
func (q *Question) More(now time.Time) { q.Touch(now) }

// Choose is a button. It reports false when it does not count: too early, too late, or not offered.
func (q *Question) Choose(c Choice, now time.Time) bool {
	out, offered := q.outcome(c)
	if !offered || !q.counts(now) {
		return false
	}
	q.end(out, Chosen, now)
	return true
}

func (q *Question) outcome(c Choice) (Outcome, bool) {
	switch {
	case c == Deny:
		return Denied, true
	case c == ViewOnly && q.ask <= Control:
		return GrantedView, true
	case c == AllowControl && q.ask == Control:
		return GrantedControl, true
	case c == Allow && q.ask > Control:
		return GrantedOther, true
	}
	return Denied, false
}

// Tick follows the clock.
func (q *Question) Tick(now time.Time) {
	if !q.done && !now.Before(q.deadline) {
		q.end(Unanswered, Timeout, now)
	}
}

func (q *Question) end(o Outcome, r Reason, now time.Time) {
	q.answer, q.done = Answer{o, r, now}, true
}

// Answer returns the answer once there is one.
func (q *Question) Answer() (Answer, bool) { return q.answer, q.done }
