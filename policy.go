package deskhand

import (
	"fmt"
	"time"
)

// Policy is what administrators set for everybody. The zero value is no policy; begin with DefaultPolicy.
type Policy struct {
	SecondFactor bool `json:"secondFactor"` // agents need one; who has none is asked to set it up when logging in

	IdleMinutes   int `json:"idleMinutes"`   // a login that is not used ends after that
	AbsoluteHours int `json:"absoluteHours"` // every login ends after that

	ConsentSeconds    int               `json:"consentSeconds"`    // that an end-user has to answer
	UnattendedConsent UnattendedConsent `json:"unattendedConsent"` // while somebody is logged in there

	WaitingMinutes    int `json:"waitingMinutes"`    // a client that nobody connects to waits that long
	WaitingPerAgent   int `json:"waitingPerAgent"`   // most clients that wait for one agent
	WaitingPerAddress int `json:"waitingPerAddress"` // most clients that wait from one network

	KeepLogDays   int `json:"keepLogDays"`   // ended sessions; 0: for ever
	KeepAuditDays int `json:"keepAuditDays"` // details of the audit log, whose chain stays; 0: for ever
}

// UnattendedConsent is what an unattended computer does before it shows anything, while somebody is logged in at its screen.
type UnattendedConsent string

// The ways; the bar is on the screen in each.
const (
	UnattendedNone UnattendedConsent = "none"
	UnattendedTell UnattendedConsent = "tell" // a notice
	UnattendedAsk  UnattendedConsent = "ask"  // as in an attended session; unanswered is denied
)

// DefaultPolicy is what is true until an administrator changes it.
var DefaultPolicy = Policy{
	IdleMinutes: 12 * 60, AbsoluteHours: 7 * 24,
	ConsentSeconds: 30, UnattendedConsent: UnattendedNone,
	WaitingMinutes: int(ReadyLifetime / time.Minute), WaitingPerAgent: MaxWaitingPerAgent, WaitingPerAddress: MaxWaitingPerAddress,
	KeepLogDays: 0, KeepAuditDays: 0,
}

// Idle is after what time without use a login ends.
func (p Policy) Idle() time.Duration { return time.Duration(p.IdleMinutes) * time.Minute }

// Absolute is after what time every login ends.
func (p Policy) Absolute() time.Duration { return time.Duration(p.AbsoluteHours) * time.Hour }

// Waiting is how long a client waits that nobody connects to.
func (p Policy) Waiting() time.Duration { return time.Duration(p.WaitingMinutes) * time.Minute }

// Check says which number is out of its limits: CodeInvalid with its field.
func (p Policy) Check() error {
	const tenYears = 3660
	for _, n := range []struct {
		field     string
		value     int
		least, up int
	}{
		{"idleMinutes", p.IdleMinutes, 5, 7 * 24 * 60},
		{"absoluteHours", p.AbsoluteHours, 1, 90 * 24},
		{"consentSeconds", p.ConsentSeconds, 15, 300},
		{"waitingMinutes", p.WaitingMinutes, 5, 24 * 60},
		{"waitingPerAgent", p.WaitingPerAgent, 1, 200},
		{"waitingPerAddress", p.WaitingPerAddress, 1, 200},
		{"keepLogDays", p.KeepLogDays, 0, tenYears},
		{"keepAuditDays", p.KeepAuditDays, 0, tenYears},
	} {
		if n.value < n.least || n.value > n.up {
			return &Error{
				Code: CodeInvalid, Field: n.field, Fault: fmt.Sprintf("%d is out of the limits.", n.value),
				Hint: fmt.Sprintf("Enter a number from %d to %d.", n.least, n.up),
			}
		}
	}
	switch p.UnattendedConsent {
	case UnattendedNone, UnattendedTell, UnattendedAsk:
		return nil
	}
	return &Error{Code: CodeInvalid, Field: "unattendedConsent", Fault: "This is not known.", Hint: "Use none, tell or ask."}
}
