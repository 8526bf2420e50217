package httpapi

import (
	"context"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"deskhand"
)

// OpenPromptRequest asks for a command prompt.
type OpenPromptRequest struct {
	Commitment string `json:"commitment" minLength:"43" maxLength:"44" doc:"32 bytes, base64url; see the protocol's key exchange."`
	PromptID   string `json:"promptId,omitempty" maxLength:"64" doc:"Comes back to one of mine."`
}

// PromptTicket is all that a prompt's viewer needs to reach the client.
type PromptTicket struct {
	ViewerTicket
	PromptID string `json:"promptId"`
}

type promptOutput struct{ Body PromptTicket }

// LogPrompt is one command prompt of an ended session.
type LogPrompt struct {
	ID        string          `json:"promptId"`
	AgentID   string          `json:"agentId"`
	AgentName string          `json:"agentName"`
	Shell     string          `json:"shell"`
	OpenedAt  time.Time       `json:"openedAt"`
	EndedAt   time.Time       `json:"endedAt"`
	ExitCode  int             `json:"exitCode" doc:"With the reason shell-ended."`
	Reason    deskhand.Reason `json:"reason"`
	Bytes     int64           `json:"bytes" doc:"That it showed."`
	Kept      int64           `json:"kept" doc:"Bytes of the transcript."`
}

func logPromptOf(p deskhand.Prompt) LogPrompt {
	return LogPrompt{
		ID: p.ID, AgentID: p.AgentID, AgentName: p.AgentName, Shell: p.Shell, OpenedAt: p.OpenedAt.UTC(), EndedAt: p.EndedAt.UTC(),
		ExitCode: p.ExitCode, Reason: p.Reason, Bytes: p.Bytes, Kept: p.Kept,
	}
}

func (a *API) promptRoutes() {
	type sessionInput struct {
		SessionPath
		Body OpenPromptRequest
	}
	add(a, route{
		AccessMay(deskhand.MayPrompt), http.MethodPost, "/api/sessions/{id}/prompts", "open-session-prompt", "Prompts", "Open a command prompt in a session", 0,
		[]int{403, 404, 409, 503},
	}, func(ctx context.Context, in *sessionInput) (*promptOutput, error) {
		d, err := a.visibleSession(ctx, in.ID)
		if err == nil {
			err = a.mayJoin(ctx, d)
		}
		if err != nil {
			return nil, err
		}
		return a.openPrompt(ctx, in.Body, deskhand.ViewRequest{SessionID: in.ID})
	})

	type computerInput struct {
		ComputerPath
		Body OpenPromptRequest
	}
	add(a, route{
		AccessMay(deskhand.MayPrompt), http.MethodPost, "/api/computers/{id}/prompts", "open-prompt", "Prompts", "Open a command prompt", 0,
		[]int{403, 404, 409, 503},
	}, func(ctx context.Context, in *computerInput) (*promptOutput, error) {
		if _, err := a.visibleComputer(ctx, in.ID); err != nil {
			return nil, err
		}
		return a.openPrompt(ctx, in.Body, deskhand.ViewRequest{ComputerID: in.ID})
	})

	type closeInput struct {
		PromptID string `path:"id" minLength:"1" maxLength:"64"`
	}
	add(a, route{AccessAgent, http.MethodDelete, "/api/prompts/{id}", "close-prompt", "Prompts", "Close my command prompt", 0, []int{404}},
		func(ctx context.Context, in *closeInput) (*struct{}, error) {
			return nil, a.Desk.ClosePrompt(ctx, callerOf(ctx).Actor, in.PromptID)
		})

	type transcriptInput struct {
		SessionPath
		PromptID string `path:"promptId" minLength:"1" maxLength:"64"`
	}
	add(a, route{AccessAgent, http.MethodGet, "/api/logs/{id}/prompts/{promptId}", "get-transcript", "Logs", "What a command prompt showed, as text", 0, []int{404}},
		func(ctx context.Context, in *transcriptInput) (*huma.StreamResponse, error) {
			text, err := a.Logs.Transcript(ctx, whoseLogs(callerOf(ctx)), in.ID, in.PromptID)
			if err != nil {
				return nil, err
			}
			return &huma.StreamResponse{Body: func(hc huma.Context) {
				_, w := humago.Unwrap(hc)
				h := w.Header()
				h.Set("Content-Type", "text/plain; charset=utf-8")
				h.Set("Content-Disposition", `attachment; filename="command-prompt.txt"`)
				h.Set("Cache-Control", "no-store")
				_, _ = w.Write(text) // who went away needs it no more
			}}, nil
		})
}

func (a *API) openPrompt(ctx context.Context, b OpenPromptRequest, r deskhand.ViewRequest) (*promptOutput, error) {
	r.Kind, r.PromptID, r.Level = deskhand.KindPrompt, b.PromptID, deskhand.LevelControl
	ticket, v, err := a.ticket(ctx, b.Commitment, r)
	if err != nil {
		return nil, err
	}
	return &promptOutput{Body: PromptTicket{ViewerTicket: ticket, PromptID: v.PromptID}}, nil
}
