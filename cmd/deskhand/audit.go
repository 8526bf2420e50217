package main

import (
	"context"
	"encoding/hex"
	"fmt"
	"strconv"
	"strings"

	"deskhand"
	"deskhand/server/audit"
)

// Audit has the verbs about the audit chain.
type Audit struct {
	Verify AuditVerify `cmd:"" help:"Find out whether the audit was changed."`
}

// AuditVerify verifies the chain.
type AuditVerify struct {
	Expect string `help:"The end that an earlier verification printed: finds a chain that was cut off or written anew." placeholder:"NUMBER:HASH"`
}

// Run verifies it, beside a running server or not.
func (v *AuditVerify) Run(ctx context.Context, g *Globals, t *Terminal) error {
	expect, err := parseHead(v.Expect)
	if err != nil {
		return err
	}
	s, err := g.open(ctx)
	if err != nil {
		return err
	}
	defer s.Close()
	r, err := audit.Verify(ctx, s, audit.Options{Expect: expect})
	if err != nil {
		return err
	}
	for _, f := range r.Faults {
		fmt.Fprintln(t.Out, f)
	}
	if len(r.Faults) > 0 {
		return &deskhand.Error{
			Code: deskhand.CodeConflict, Fault: "The audit was changed.", Hint: "Keep a copy of the data as they are, and compare with a backup.",
		}
	}
	fmt.Fprintf(t.Out, "The audit is whole: %d events", r.Events)
	if r.WithoutDetail > 0 {
		fmt.Fprintf(t.Out, ", %d of them without their details", r.WithoutDetail)
	}
	fmt.Fprintf(t.Out, ".\nend: %d:%x\n", r.Head.Sequence, r.Head.Hash)
	fmt.Fprintln(t.Out, "Keep the end elsewhere and give it as --expect next time: only so it shows when the audit is cut off or written anew.")
	return nil
}

// parseHead reads NUMBER:HASH; nil for nothing.
func parseHead(s string) (*deskhand.AuditHead, error) {
	if s == "" {
		return nil, nil
	}
	number, hash, _ := strings.Cut(s, ":")
	n, err := strconv.ParseInt(number, 10, 64)
	h, err2 := hex.DecodeString(hash)
	if err != nil || err2 != nil || n < 0 || len(h) != 32 {
		return nil, &deskhand.Error{
			Code: deskhand.CodeInvalid, Field: "expect", Fault: fmt.Sprintf("%q is no end of an audit.", s),
			Hint: "Copy it from what an earlier “deskhand audit verify” printed after “end:”.",
		}
	}
	return &deskhand.AuditHead{Sequence: n, Hash: h}, nil
}
