package mac

import (
	"errors"
	"testing"
)

func TestPermission(t *testing.T) {
	allowed, asked := false, 0
	p := Permission{granted: func() bool { return allowed }, request: func() bool { asked++; return allowed }, missing: ErrScreen}
	for range 3 {
		if err := p.Check(); !errors.Is(err, ErrScreen) {
			t.Errorf("not allowed, and %v", err)
		}
	}
	if asked != 1 {
		t.Errorf("the person was asked %d times", asked)
	}
	allowed = true
	if err := p.Check(); err != nil {
		t.Errorf("allowed, and %v", err)
	}
	q := Permission{granted: func() bool { return false }, request: func() bool { return true }, missing: ErrControl}
	if err := q.Check(); err != nil {
		t.Errorf("allowed when asked, and %v", err)
	}
}
