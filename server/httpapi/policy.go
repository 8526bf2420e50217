package httpapi

import (
	"context"
	"net/http"

	"deskhand"
)

// Policies keeps what administrators set for everybody.
type Policies interface {
	Policy(ctx context.Context) (deskhand.Policy, error)
	// UpdatePolicy: CodeInvalid with the field when a number is out of its limits.
	UpdatePolicy(ctx context.Context, by deskhand.Actor, change func(*deskhand.Policy)) (deskhand.Policy, error)
}

// Policy is what is true for everybody.
type Policy struct {
	SecondFactor      bool                       `json:"secondFactor" doc:"Agents need a second factor; who has none is asked to set it up when logging in."`
	IdleMinutes       int                        `json:"idleMinutes" doc:"A login that is not used ends after that. 5 to 10080."`
	AbsoluteHours     int                        `json:"absoluteHours" doc:"Every login ends after that. 1 to 2160."`
	ConsentSeconds    int                        `json:"consentSeconds" doc:"That an end-user has to answer. 15 to 300."`
	UnattendedConsent deskhand.UnattendedConsent `json:"unattendedConsent" enum:"none,tell,ask" doc:"Of an unattended computer while somebody is logged in there."`
	WaitingMinutes    int                        `json:"waitingMinutes" doc:"A client that nobody connects to waits that long. 5 to 1440."`
	WaitingPerAgent   int                        `json:"waitingPerAgent" doc:"Most clients that wait for one agent. 1 to 200."`
	WaitingPerAddress int                        `json:"waitingPerAddress" doc:"Most clients that wait from one network. 1 to 200."`
	KeepLogDays       int                        `json:"keepLogDays" doc:"Ended sessions; 0: for ever. Up to 3660."`
	KeepAuditDays     int                        `json:"keepAuditDays" doc:"Details of the audit log, whose chain stays; 0: for ever. Up to 3660."`
}

// PolicyChange is what is changed; nil leaves a member as it is.
type PolicyChange struct {
	SecondFactor      *bool                       `json:"secondFactor,omitempty"`
	IdleMinutes       *int                        `json:"idleMinutes,omitempty"`
	AbsoluteHours     *int                        `json:"absoluteHours,omitempty"`
	ConsentSeconds    *int                        `json:"consentSeconds,omitempty"`
	UnattendedConsent *deskhand.UnattendedConsent `json:"unattendedConsent,omitempty" enum:"none,tell,ask"`
	WaitingMinutes    *int                        `json:"waitingMinutes,omitempty"`
	WaitingPerAgent   *int                        `json:"waitingPerAgent,omitempty"`
	WaitingPerAddress *int                        `json:"waitingPerAddress,omitempty"`
	KeepLogDays       *int                        `json:"keepLogDays,omitempty"`
	KeepAuditDays     *int                        `json:"keepAuditDays,omitempty"`
}

func set[T any](to *T, from *T) {
	if from != nil {
		*to = *from
	}
}

func (c PolicyChange) apply(p *deskhand.Policy) {
	set(&p.SecondFactor, c.SecondFactor)
	set(&p.IdleMinutes, c.IdleMinutes)
	set(&p.AbsoluteHours, c.AbsoluteHours)
	set(&p.ConsentSeconds, c.ConsentSeconds)
	set(&p.UnattendedConsent, c.UnattendedConsent)
	set(&p.WaitingMinutes, c.WaitingMinutes)
	set(&p.WaitingPerAgent, c.WaitingPerAgent)
	set(&p.WaitingPerAddress, c.WaitingPerAddress)
	set(&p.KeepLogDays, c.KeepLogDays)
	set(&p.KeepAuditDays, c.KeepAuditDays)
}

func (a *API) policyRoutes() {
	type output struct{ Body Policy }
	add(a, route{AccessMay(deskhand.MayManageSettings), http.MethodGet, "/api/policy", "get-policy", "Policy", "What is true for everybody", 0, nil},
		func(ctx context.Context, _ *struct{}) (*output, error) {
			p, err := a.Policies.Policy(ctx)
			return &output{Body: Policy(p)}, err
		})

	type input struct{ Body PolicyChange }
	add(a, route{AccessMay(deskhand.MayManageSettings), http.MethodPatch, "/api/policy", "update-policy", "Policy", "Change the policy; true at once", 0, nil},
		func(ctx context.Context, in *input) (*output, error) {
			p, err := a.Policies.UpdatePolicy(ctx, callerOf(ctx).Actor, in.Body.apply)
			return &output{Body: Policy(p)}, err
		})
}
