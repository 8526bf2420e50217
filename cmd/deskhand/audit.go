package main

import (
	"context"
	"fmt"
	"os"

	"deskhand"
	"deskhand/server/audit"
)

// Audit has the verbs about the audit chain.
type Audit struct {
	Verify AuditVerify `cmd:"" help:"Find out whether the audit was changed."`
}

// AuditVerify verifies the chain.
type AuditVerify struct {
	File   string `help:"A file that the console's Audit log exported, in place of the data." placeholder:"FILE" type:"path"`
	Expect string `help:"The end that an earlier verification printed: finds a chain that was cut off or written anew." placeholder:"NUMBER:HASH"`
}

// Run verifies it, beside a running server or not.
func (v *AuditVerify) Run(ctx context.Context, g *Globals, t *Terminal) error {
	var o audit.Options
	if v.Expect != "" {
		head, err := deskhand.ParseAuditHead(v.Expect)
		if err != nil {
			return err
		}
		o.Expect = &head
	}
	r, err := v.verify(ctx, g, o)
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
	fmt.Fprintf(t.Out, ".\nend: %s\n", r.Head)
	fmt.Fprintln(t.Out, "Keep the end elsewhere and give it as --expect next time: only so it shows when the audit is cut off or written anew.")
	return nil
}

// verify reads the file, or else the data.
func (v *AuditVerify) verify(ctx context.Context, g *Globals, o audit.Options) (audit.Report, error) {
	if v.File == "" {
		s, err := g.open(ctx)
		if err != nil {
			return audit.Report{}, err
		}
		defer s.Close()
		return audit.Verify(ctx, s, o)
	}
	f, err := os.Open(v.File)
	if err != nil {
		return audit.Report{}, err
	}
	defer f.Close()
	src, err := audit.NewFile(f)
	if err != nil {
		return audit.Report{}, err
	}
	return audit.Verify(ctx, src, o)
}
