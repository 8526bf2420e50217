package httpapi

import (
	"context"
	"encoding/hex"
	"io"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"deskhand"
)

// Audit reads the audit chain.
type Audit interface {
	// AuditPage gives the events that a filter chooses, the newest first.
	AuditPage(ctx context.Context, f deskhand.AuditFilter, cursor string, limit int) (events []deskhand.AuditEvent, next string, err error)
	// AuditVerbs are the verbs that occur.
	AuditVerbs(ctx context.Context) ([]string, error)
	// VerifyAudit reads the whole chain; expect is what an earlier verification gave, or nil.
	VerifyAudit(ctx context.Context, expect *deskhand.AuditHead) (AuditReport, error)
	// ExportAudit writes the whole chain as JSON lines.
	ExportAudit(ctx context.Context, w io.Writer) error
}

// AuditEvent is one act.
type AuditEvent struct {
	Sequence int64             `json:"sequence"`
	At       time.Time         `json:"at"`
	AgentID  string            `json:"agentId" doc:"Empty: an end-user, a computer or the server."`
	Actor    string            `json:"actor"`
	Address  string            `json:"address" doc:"Empty for the server itself."`
	Verb     string            `json:"verb"`
	Subject  string            `json:"subject" doc:"Id of what it is about."`
	Detail   map[string]string `json:"detail"`
	Removed  bool              `json:"removed" doc:"Retention has removed the details; the chain still verifies."`
	Hash     string            `json:"hash"`
}

// AuditReport is what a verification found.
type AuditReport struct {
	Whole         bool         `json:"whole"`
	Events        int64        `json:"events"`
	WithoutDetail int64        `json:"withoutDetail" doc:"Whose details retention has removed."`
	Last          int64        `json:"last" doc:"Sequence of the last event: up to it the chain was read."`
	Head          string       `json:"head" doc:"The end, to be kept elsewhere and given as expect next time."`
	Faults        []AuditFault `json:"faults" doc:"The first ones."`
}

// AuditFault is a place where the chain is broken.
type AuditFault struct {
	Kind  string `json:"kind" enum:"edited,deleted,truncated,rewritten"`
	First int64  `json:"first"`
	Last  int64  `json:"last"`
}

// AuditVerifyRequest may name an earlier end.
type AuditVerifyRequest struct {
	Expect string `json:"expect,omitempty" maxLength:"100" doc:"The end that an earlier verification gave: finds a chain that was cut off or written anew."`
}

func auditEventOf(e deskhand.AuditEvent) AuditEvent {
	out := AuditEvent{
		Sequence: e.Sequence, At: e.At.UTC(), AgentID: e.Actor.AgentID, Actor: e.Actor.Name, Address: e.Actor.Address, Verb: e.Verb, Subject: e.Subject,
		Detail: e.Detail, Removed: e.Detail == nil, Hash: hex.EncodeToString(e.Hash),
	}
	if out.Detail == nil {
		out.Detail = map[string]string{}
	}
	return out
}

func (a *API) auditRoutes() {
	type listInput struct {
		Cursor string    `query:"cursor" maxLength:"32"`
		Limit  int       `query:"limit" minimum:"1" maximum:"200" default:"100"`
		Verb   string    `query:"verb" maxLength:"64"`
		Agent  string    `query:"agent" maxLength:"64" doc:"Id of who acted."`
		From   time.Time `query:"from"`
		Until  time.Time `query:"until"`
	}
	add(a, route{AccessMay(deskhand.MayReadAudit), http.MethodGet, "/api/audit", "list-audit", "Audit", "What was done, the newest first", 0, nil},
		func(ctx context.Context, in *listInput) (*listOutput[AuditEvent], error) {
			f := deskhand.AuditFilter{Verb: in.Verb, AgentID: in.Agent, From: in.From, Until: in.Until}
			events, next, err := a.Audit.AuditPage(ctx, f, in.Cursor, in.Limit)
			if err != nil {
				return nil, err
			}
			out := &listOutput[AuditEvent]{}
			out.Body.Items, out.Body.NextCursor = make([]AuditEvent, 0, len(events)), next
			for _, e := range events {
				out.Body.Items = append(out.Body.Items, auditEventOf(e))
			}
			return out, nil
		})
	add(a, route{AccessMay(deskhand.MayReadAudit), http.MethodGet, "/api/audit/verbs", "list-audit-verbs", "Audit", "The verbs that occur", 0, nil},
		func(ctx context.Context, _ *struct{}) (*listOutput[string], error) {
			verbs, err := a.Audit.AuditVerbs(ctx)
			out := &listOutput[string]{}
			out.Body.Items = append([]string{}, verbs...)
			return out, err
		})

	add(a, route{AccessMay(deskhand.MayReadAudit), http.MethodGet, "/api/audit/agents", "list-audit-agents", "Audit", "Agents whose acts one can ask for", 0, nil}, a.everyAgent)

	type verifyInput struct{ Body AuditVerifyRequest }
	type verifyOutput struct{ Body AuditReport }
	add(a, route{AccessMay(deskhand.MayReadAudit), http.MethodPost, "/api/audit/verify", "verify-audit", "Audit", "Find out whether the audit was changed", 0, nil},
		func(ctx context.Context, in *verifyInput) (*verifyOutput, error) {
			var expect *deskhand.AuditHead
			if in.Body.Expect != "" {
				head, err := deskhand.ParseAuditHead(in.Body.Expect)
				if err != nil {
					return nil, err
				}
				expect = &head
			}
			r, err := a.Audit.VerifyAudit(ctx, expect)
			return &verifyOutput{Body: r}, err
		})
	add(a, route{AccessMay(deskhand.MayReadAudit), http.MethodGet, "/api/audit/export", "export-audit", "Audit", "The whole audit, as JSON lines", 0, nil},
		func(context.Context, *struct{}) (*huma.StreamResponse, error) {
			return &huma.StreamResponse{Body: a.exportAudit}, nil
		})
}

// exportAudit streams the whole chain. What goes wrong after the beginning leaves a file without its end, which its reader says.
func (a *API) exportAudit(hc huma.Context) {
	r, w := humago.Unwrap(hc)
	w.Header().Set("Content-Type", "application/jsonl; charset=utf-8")
	w.Header().Set("Content-Disposition", `attachment; filename="deskhand-audit.jsonl"`)
	if err := a.Audit.ExportAudit(r.Context(), w); err != nil && r.Context().Err() == nil {
		a.Log.ErrorContext(r.Context(), "exporting the audit", "err", err)
	}
}
