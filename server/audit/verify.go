// Package audit verifies the audit chain: that no event was edited, deleted, inserted or moved since it was written.
//
// Each event's hash covers the event and the hash before it (see [deskhand.AuditEvent.HashAfter]), so a change shows in every later hash.
// Who can write the database can also compute a whole new chain, or cut off its end together with the head that names the last event. Against
// that helps what an operator kept elsewhere: a head that an earlier verification printed (Options.Expect). Signed checkpoints that are
// copied off the machine are not part of this version.
package audit

import (
	"bytes"
	"context"
	"fmt"

	"deskhand"
)

// Source is where the chain is read.
type Source interface {
	// AuditEvents gives the events after a sequence in order, at most limit.
	AuditEvents(ctx context.Context, after int64, limit int) ([]deskhand.AuditEvent, error)
	// AuditHead is the end of the chain as the last write left it.
	AuditHead(ctx context.Context) (deskhand.AuditHead, error)
}

// Options of a verification.
type Options struct {
	Expect *deskhand.AuditHead // a head that an earlier verification gave; nil: none
}

// Kind is what was done to the chain.
type Kind string

// The kinds of fault.
const (
	Edited    Kind = "edited"    // an event is not what was written at this place
	Deleted   Kind = "deleted"   // events are missing in between
	Truncated Kind = "truncated" // the end is missing
	Rewritten Kind = "rewritten" // the chain is not the one that was verified earlier
)

// Fault is one place where the chain is broken. After an event that was edited its successor is a fault too when the edited event's hash
// was changed along.
type Fault struct {
	Kind     Kind
	Sequence int64 // the first event concerned
	Last     int64 // the last one; the same as Sequence for one event
}

func (f Fault) String() string {
	events := fmt.Sprintf("event %d", f.Sequence)
	if f.Last > f.Sequence {
		events = fmt.Sprintf("events %d to %d", f.Sequence, f.Last)
	}
	switch f.Kind {
	case Edited:
		return events + ": changed after it was written, or not written in this place"
	case Deleted:
		return events + ": deleted"
	case Truncated:
		return events + ": deleted from the end"
	default:
		return events + ": not what was verified earlier; the chain was written anew"
	}
}

// Report is what a verification found.
type Report struct {
	Events        int64 // that are there
	WithoutDetail int64 // whose details were removed, which the chain allows
	Head          deskhand.AuditHead
	Faults        []Fault // at most maxFaults
}

const (
	page      = 1000
	maxFaults = 20
)

// verification is one run over the chain.
type verification struct {
	report Report
	last   int64              // sequence of the event before
	hash   []byte             // its hash
	head   deskhand.AuditHead // as it was when the reading began
	expect *deskhand.AuditHead
}

// Verify reads the whole chain. The error is one of reading; what is wrong with the chain is in the report.
func Verify(ctx context.Context, src Source, o Options) (Report, error) {
	// Events may be appended meanwhile: at least those up to this head must be there.
	head, err := src.AuditHead(ctx)
	if err != nil {
		return Report{}, err
	}
	v := verification{hash: make([]byte, 32), head: head, expect: o.Expect}
	for {
		events, err := src.AuditEvents(ctx, v.last, page)
		if err != nil {
			return Report{}, fmt.Errorf("reading the audit chain: %w", err)
		}
		if len(events) == 0 {
			break
		}
		for _, e := range events {
			v.event(e)
		}
	}
	after, err := src.AuditHead(ctx)
	if err != nil {
		return Report{}, err
	}
	switch {
	case head.Sequence > v.last:
		v.fault(Truncated, v.last+1, head.Sequence)
	case after.Sequence < v.last: // the head was set back
		v.fault(Edited, after.Sequence+1, v.last)
	}
	if o.Expect != nil && o.Expect.Sequence > max(v.last, head.Sequence) {
		v.fault(Truncated, max(v.last, head.Sequence)+1, o.Expect.Sequence)
	}
	v.report.Head = deskhand.AuditHead{Sequence: v.last, Hash: v.hash}
	return v.report, nil
}

func (v *verification) event(e deskhand.AuditEvent) {
	v.report.Events++
	gap := e.Sequence != v.last+1
	if gap {
		v.fault(Deleted, v.last+1, e.Sequence-1)
	}
	sound := e.Detail == nil || bytes.Equal(e.HashDetail(), e.DetailHash)
	if e.Detail == nil {
		v.report.WithoutDetail++
	}
	// After a gap the hash before is not known; the event's own hash is then taken as it is.
	if !gap && !bytes.Equal(e.HashAfter(v.hash), e.Hash) {
		sound = false
	}
	if v.head.Sequence == e.Sequence && !bytes.Equal(v.head.Hash, e.Hash) {
		sound = false
	}
	if !sound {
		v.fault(Edited, e.Sequence, e.Sequence)
	}
	if v.expect != nil && v.expect.Sequence == e.Sequence && !bytes.Equal(v.expect.Hash, e.Hash) {
		v.fault(Rewritten, 1, e.Sequence)
	}
	v.last, v.hash = e.Sequence, e.Hash
}

func (v *verification) fault(kind Kind, first, last int64) {
	if len(v.report.Faults) < maxFaults {
		v.report.Faults = append(v.report.Faults, Fault{Kind: kind, Sequence: first, Last: last})
	}
}
