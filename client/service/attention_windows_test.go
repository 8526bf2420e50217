package service

import (
	"errors"
	"testing"

	"golang.org/x/sys/windows/registry"
)

const missing = -1

// policy sets what the policy is, as somebody else does.
func policy(t *testing.T, to int64) {
	t.Helper()
	k, _, err := registry.CreateKey(registry.LOCAL_MACHINE, policiesKey, registry.SET_VALUE)
	if err != nil {
		t.Fatal(err)
	}
	defer k.Close()
	if to == missing {
		err = k.DeleteValue(attentionPolicy)
		if errors.Is(err, registry.ErrNotExist) {
			err = nil
		}
	} else {
		err = k.SetDWordValue(attentionPolicy, uint32(to))
	}
	if err != nil {
		t.Fatal(err)
	}
}

func policyNow(t *testing.T) int64 {
	t.Helper()
	k, err := registry.OpenKey(registry.LOCAL_MACHINE, policiesKey, registry.QUERY_VALUE)
	if err != nil {
		t.Fatal(err)
	}
	defer k.Close()
	v, _, err := k.GetIntegerValue(attentionPolicy)
	if errors.Is(err, registry.ErrNotExist) {
		return missing
	}
	if err != nil {
		t.Fatal(err)
	}
	return int64(v)
}

// What the service changes of the policy for Ctrl+Alt+Del is taken back, and nothing else.
func TestAttentionIsTakenBack(t *testing.T) {
	const untouched = -2
	original := policyNow(t)
	t.Cleanup(func() { policy(t, original) })
	for _, c := range []struct {
		said                            string
		before, installed, since, after int64
	}{
		{"no policy", missing, 1, untouched, missing},
		{"nobody may", 0, 1, untouched, 0},
		{"aids may", 2, 3, untouched, 2},
		{"services may already", 1, 1, untouched, 1},
		{"all may already", 3, 3, untouched, 3},
		{"the policy goes meanwhile", missing, 1, missing, missing},
		{"aids are let in meanwhile", missing, 1, 3, 2},
		{"services are kept out meanwhile", 2, 3, 0, 0},
	} {
		policy(t, c.before)
		for range 2 { // installing once more changes nothing
			if err := allowAttention(); err != nil {
				t.Fatalf("%s: %v", c.said, err)
			}
			if got := policyNow(t); got != c.installed {
				t.Errorf("%s: installed it is %d", c.said, got)
			}
		}
		if c.since != untouched {
			policy(t, c.since)
		}
		for range 2 {
			if err := restoreAttention(); err != nil {
				t.Fatalf("%s: %v", c.said, err)
			}
			if got := policyNow(t); got != c.after {
				t.Errorf("%s: taken back it is %d", c.said, got)
			}
		}
	}
}
