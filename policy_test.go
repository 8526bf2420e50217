package deskhand_test

import (
	"errors"
	"testing"

	"deskhand"
)

func TestPolicyLimits(t *testing.T) {
	if err := deskhand.DefaultPolicy.Check(); err != nil {
		t.Fatal(err)
	}
	for field, change := range map[string]func(*deskhand.Policy){
		"idleMinutes":     func(p *deskhand.Policy) { p.IdleMinutes = 4 },
		"absoluteHours":   func(p *deskhand.Policy) { p.AbsoluteHours = 0 },
		"consentSeconds":  func(p *deskhand.Policy) { p.ConsentSeconds = 301 },
		"waitingPerAgent": func(p *deskhand.Policy) { p.WaitingPerAgent = 0 },
		"keepLogDays":     func(p *deskhand.Policy) { p.KeepLogDays = -1 },
	} {
		p := deskhand.DefaultPolicy
		change(&p)
		var fault *deskhand.Error
		if !errors.As(p.Check(), &fault) || fault.Field != field || fault.Hint == "" {
			t.Errorf("%s: %v", field, p.Check())
		}
	}
}
