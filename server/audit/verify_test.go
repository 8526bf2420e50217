package audit_test

import (
	"context"
	"fmt"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"deskhand"
	"deskhand/server/audit"
)

// chain is a source in memory.
type chain struct {
	events []deskhand.AuditEvent
	head   deskhand.AuditHead
}

func (c *chain) AuditHead(context.Context) (deskhand.AuditHead, error) { return c.head, nil }

func (c *chain) AuditEvents(_ context.Context, after int64, limit int) ([]deskhand.AuditEvent, error) {
	var out []deskhand.AuditEvent
	for _, e := range c.events {
		if e.Sequence > after && len(out) < min(limit, 7) { // small pages
			out = append(out, e)
		}
	}
	return out, nil
}

func (c *chain) append(n int) {
	for range n {
		seq := c.head.Sequence + 1
		e := deskhand.AuditEvent{
			Sequence: seq, At: time.UnixMicro(1_700_000_000_000_000 + seq).UTC(), Actor: deskhand.Actor{AgentID: "a", Name: "rodney", Address: "192.0.2.1"},
			Verb: "session.end", Subject: fmt.Sprint("s", seq), Detail: map[string]string{"reason": "denied", "n": fmt.Sprint(seq)},
		}
		e.DetailHash = e.HashDetail()
		e.Hash = e.HashAfter(c.head.Hash)
		c.events = append(c.events, e)
		c.head = deskhand.AuditHead{Sequence: seq, Hash: e.Hash}
	}
}

func newChain(n int) *chain {
	c := &chain{head: deskhand.AuditHead{Hash: make([]byte, 32)}}
	c.append(n)
	return c
}

func verify(t interface{ Fatal(...any) }, c *chain, expect *deskhand.AuditHead) audit.Report {
	r, err := audit.Verify(context.Background(), c, audit.Options{Expect: expect})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func TestVerify(t *testing.T) {
	for _, tt := range []struct {
		name  string
		spoil func(c *chain)
		want  []audit.Fault
	}{
		{"intact", func(*chain) {}, nil},
		{"empty", func(c *chain) { *c = *newChain(0) }, nil},
		{"a detail removed", func(c *chain) { c.events[4].Detail = nil }, nil},
		{"edited", func(c *chain) { c.events[4].Actor.Name = "anna" }, []audit.Fault{{audit.Edited, 5, 5}}},
		{"edited with its hash", func(c *chain) {
			c.events[4].Verb = "agent.login"
			c.events[4].Hash = c.events[4].HashAfter(c.events[3].Hash)
		}, []audit.Fault{{audit.Edited, 6, 6}}},
		{"a detail edited", func(c *chain) { c.events[4].Detail = map[string]string{"reason": "allowed"} }, []audit.Fault{{audit.Edited, 5, 5}}},
		{"the last edited with its hash", func(c *chain) {
			c.events[19].Verb = "agent.login"
			c.events[19].Hash = c.events[19].HashAfter(c.events[18].Hash)
		}, []audit.Fault{{audit.Edited, 20, 20}}},
		{"deleted", func(c *chain) { c.events = slices.Delete(c.events, 4, 7) }, []audit.Fault{{audit.Deleted, 5, 7}}},
		{"the first deleted", func(c *chain) { c.events = c.events[1:] }, []audit.Fault{{audit.Deleted, 1, 1}}},
		{"deleted and renumbered", func(c *chain) {
			c.events = slices.Delete(c.events, 4, 5)
			for i := range c.events {
				c.events[i].Sequence = int64(i + 1)
			}
			c.head.Sequence--
		}, func() (faults []audit.Fault) {
			for n := int64(5); n < 20; n++ {
				faults = append(faults, audit.Fault{Kind: audit.Edited, Sequence: n, Last: n})
			}
			return faults
		}()},
		{"moved", func(c *chain) {
			c.events[4], c.events[5] = c.events[5], c.events[4]
			c.events[4].Sequence, c.events[5].Sequence = 5, 6
		}, []audit.Fault{{audit.Edited, 5, 5}, {audit.Edited, 6, 6}, {audit.Edited, 7, 7}}},
		{"truncated", func(c *chain) { c.events = c.events[:15] }, []audit.Fault{{audit.Truncated, 16, 20}}},
		{"all deleted", func(c *chain) { c.events = nil }, []audit.Fault{{audit.Truncated, 1, 20}}},
		{"the head set back", func(c *chain) { c.head = deskhand.AuditHead{Sequence: 18, Hash: c.events[17].Hash} }, []audit.Fault{{audit.Edited, 19, 20}}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			c := newChain(20)
			tt.spoil(c)
			if got := verify(t, c, nil); !slices.Equal(got.Faults, tt.want) {
				t.Errorf("faults %v, want %v", got.Faults, tt.want)
			}
		})
	}
}

// A head kept elsewhere finds what the chain alone cannot show.
func TestVerifyAgainstEarlierHead(t *testing.T) {
	c := newChain(20)
	earlier := verify(t, c, nil).Head
	c.append(5)
	if r := verify(t, c, &earlier); len(r.Faults) != 0 || r.Events != 25 {
		t.Errorf("grown: %+v", r)
	}
	cut := newChain(20)
	cut.events = cut.events[:15]
	cut.head = deskhand.AuditHead{Sequence: 15, Hash: cut.events[14].Hash}
	if r := verify(t, cut, nil); len(r.Faults) != 0 {
		t.Errorf("cut with its head: %+v", r.Faults)
	}
	if r := verify(t, cut, &earlier); !slices.Equal(r.Faults, []audit.Fault{{audit.Truncated, 16, 20}}) {
		t.Errorf("cut with its head, against the earlier one: %+v", r.Faults)
	}
	anew := &chain{head: deskhand.AuditHead{Hash: make([]byte, 32)}}
	anew.head.Hash[0] = 1 // another beginning
	anew.append(20)
	anew.events[0].Hash = anew.events[0].HashAfter(make([]byte, 32))
	for i := 1; i < len(anew.events); i++ {
		anew.events[i].Hash = anew.events[i].HashAfter(anew.events[i-1].Hash)
	}
	anew.events[3].Verb = "nothing"
	for i := 3; i < len(anew.events); i++ {
		anew.events[i].Hash = anew.events[i].HashAfter(anew.events[i-1].Hash)
	}
	anew.head.Hash = anew.events[19].Hash
	if r := verify(t, anew, nil); len(r.Faults) != 0 {
		t.Errorf("written anew: %+v", r.Faults)
	}
	if r := verify(t, anew, &earlier); !slices.Equal(r.Faults, []audit.Fault{{audit.Rewritten, 1, 20}}) {
		t.Errorf("written anew, against the earlier one: %+v", r.Faults)
	}
}

// Whatever single thing is changed in whatever event, it is found.
func TestVerifyFindsEveryChange(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := newChain(rapid.IntRange(1, 30).Draw(t, "events"))
		e := &c.events[rapid.IntRange(0, len(c.events)-1).Draw(t, "which")]
		flip := func(b []byte) []byte {
			b = slices.Clone(b)
			b[rapid.IntRange(0, len(b)-1).Draw(t, "byte")] ^= 1 << rapid.IntRange(0, 7).Draw(t, "bit")
			return b
		}
		switch rapid.SampledFrom([]string{"time", "agent", "name", "address", "verb", "subject", "detail", "detail hash", "hash", "shift"}).Draw(t, "what") {
		case "time":
			e.At = e.At.Add(time.Duration(rapid.IntRange(1, 1e6).Draw(t, "µs")) * time.Microsecond)
		case "agent":
			e.Actor.AgentID += "x"
		case "name":
			e.Actor.Name = string(flip([]byte(e.Actor.Name)))
		case "address":
			e.Actor.Address = ""
		case "verb":
			e.Verb = string(flip([]byte(e.Verb)))
		case "subject":
			e.Subject = string(flip([]byte(e.Subject)))
		case "detail":
			e.Detail = map[string]string{"reason": "denied"}
		case "detail hash":
			e.DetailHash = flip(e.DetailHash)
		case "hash":
			e.Hash = flip(e.Hash)
		case "shift": // from one field to its neighbour
			e.Verb, e.Subject = e.Verb[:4], e.Verb[4:]+e.Subject
		}
		if r := verify(t, c, nil); len(r.Faults) == 0 {
			t.Fatalf("not found: %+v", *e)
		}
	})
}
