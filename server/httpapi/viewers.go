package httpapi

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/base64"
	"net/http"

	"deskhand"
)

// Desk does what reaches the clients. Its faults are deskhand.Errors: CodeConflict, CodeOffline, CodeNotFound.
type Desk interface {
	Open(ctx context.Context, r deskhand.ViewRequest) (deskhand.OpenedView, error)
	CloseViewer(ctx context.Context, by deskhand.Actor, viewerID string) error
	ClosePrompt(ctx context.Context, by deskhand.Actor, promptID string) error
	End(ctx context.Context, by deskhand.Actor, sessionID string) error
	Share(ctx context.Context, by deskhand.Actor, sessionID, participantID string) error
	// Separate returns the id of the session that the end-user has then.
	Separate(ctx context.Context, by deskhand.Actor, sessionID, participantID string) (string, error)
	Transfer(ctx context.Context, by deskhand.Actor, sessionID, agentID string) error
}

// ViewerTicket is all that the viewer needs to reach the client.
type ViewerTicket struct {
	ViewerID          string `json:"viewerId"`
	SessionID         string `json:"sessionId"`
	RelayPath         string `json:"relayPath"`
	RelayTicket       string `json:"relayTicket" doc:"Valid once, for 60 seconds."`
	Unattended        bool   `json:"unattended"`
	ComputerPublicKey string `json:"computerPublicKey,omitempty" doc:"Unattended: the Ed25519 key that the computer signs with, base64url."`
	ConsentSeconds    int    `json:"consentSeconds"`
	ComputerName      string `json:"computerName"`
}

type viewerOutput struct{ Body ViewerTicket }

// OpenComputerRequest asks for a view of an unattended computer.
type OpenComputerRequest struct {
	Commitment string         `json:"commitment" minLength:"43" maxLength:"44" doc:"32 bytes, base64url; see the protocol's key exchange."`
	Level      deskhand.Level `json:"level" enum:"view,control"`
}

// OpenViewerRequest asks for a view of a session.
type OpenViewerRequest struct {
	OpenComputerRequest
	ParticipantID string `json:"participantId,omitempty" maxLength:"64" doc:"Picks one of those in line."`
}

func (a *API) viewerRoutes() {
	type openInput struct {
		SessionPath
		Body OpenViewerRequest
	}
	add(a, route{
		AccessAgent, http.MethodPost, "/api/sessions/{id}/viewers", "open-viewer", "Viewers", "Connect to a session", 0, []int{403, 404, 409, 503},
	}, func(ctx context.Context, in *openInput) (*viewerOutput, error) {
		d, err := a.visibleSession(ctx, in.ID)
		if err == nil {
			err = a.mayJoin(ctx, d)
		}
		if err != nil {
			return nil, err
		}
		return a.open(ctx, in.Body.OpenComputerRequest, deskhand.ViewRequest{SessionID: in.ID, ParticipantID: in.Body.ParticipantID})
	})

	type computerInput struct {
		ComputerPath
		Body OpenComputerRequest
	}
	add(a, route{
		AccessAgent, http.MethodPost, "/api/computers/{id}/viewers", "open-computer", "Viewers", "Connect to an unattended computer", 0,
		[]int{403, 404, 409, 503},
	}, func(ctx context.Context, in *computerInput) (*viewerOutput, error) {
		if _, err := a.visibleComputer(ctx, in.ID); err != nil {
			return nil, err
		}
		return a.open(ctx, in.Body, deskhand.ViewRequest{ComputerID: in.ID})
	})

	type closeInput struct {
		SessionPath
		ViewerID string `path:"viewerId" minLength:"1" maxLength:"64"`
	}
	add(a, route{
		AccessAgent, http.MethodDelete, "/api/sessions/{id}/viewers/{viewerId}", "close-viewer", "Viewers", "Close my view", 0, []int{404},
	}, func(ctx context.Context, in *closeInput) (*struct{}, error) {
		c := callerOf(ctx)
		d, err := a.Sessions.Session(ctx, in.ID)
		if err != nil {
			return nil, err
		}
		for _, v := range d.Viewers {
			if v.ID == in.ViewerID && v.AgentID == c.Agent.ID {
				return nil, a.Desk.CloseViewer(ctx, c.Actor, in.ViewerID)
			}
		}
		return nil, deskhand.Errorf(deskhand.CodeNotFound, "This view is not open.")
	})
}

// mayJoin refuses a session with an unattended computer that the caller does not see: nobody sits there who could say no. Whoever takes part or was
// called may.
func (a *API) mayJoin(ctx context.Context, d deskhand.LiveSession) error {
	c := callerOf(ctx)
	if d.ComputerID == "" || c.partOf(d) || a.called(ctx, d.ID) {
		return nil
	}
	_, err := a.visibleComputer(ctx, d.ComputerID)
	if deskhand.CodeOf(err) == deskhand.CodeNotFound && err != nil {
		return &deskhand.Error{
			Code: deskhand.CodeForbidden, Fault: "This computer is not shared with you.", Hint: "Ask " + d.OwnerName + " to invite you to the session.",
		}
	}
	return err
}

func (a *API) open(ctx context.Context, b OpenComputerRequest, r deskhand.ViewRequest) (*viewerOutput, error) {
	if err := callerOf(ctx).require(b.Level.Needs()); err != nil {
		return nil, err
	}
	r.Level = b.Level
	ticket, _, err := a.ticket(ctx, b.Commitment, r)
	if err != nil {
		return nil, err
	}
	return &viewerOutput{Body: ticket}, nil
}

// ticket opens a view for the caller.
func (a *API) ticket(ctx context.Context, commitmentText string, r deskhand.ViewRequest) (ViewerTicket, deskhand.OpenedView, error) {
	commitment, err := base64.RawURLEncoding.Strict().DecodeString(trimPadding(commitmentText))
	if err != nil || len(commitment) != sha256.Size {
		return ViewerTicket{}, deskhand.OpenedView{}, &deskhand.Error{
			Code: deskhand.CodeInvalid, Field: "commitment", Fault: "The commitment is not 32 bytes in base64url.",
			Hint: "Reload the page.",
		}
	}
	c := callerOf(ctx)
	r.Agent, r.By, r.LoginID, r.Commitment = c.Agent, c.Actor, cmp.Or(c.Token, c.Login.ID), commitment
	v, err := a.Desk.Open(ctx, r)
	if err != nil {
		return ViewerTicket{}, v, err
	}
	return ViewerTicket{
		ViewerID: v.ViewerID, SessionID: v.SessionID, RelayPath: "/api/relay", RelayTicket: v.RelayTicket, Unattended: v.Unattended,
		ComputerPublicKey: base64.RawURLEncoding.EncodeToString(v.ComputerKey), ConsentSeconds: v.ConsentSeconds, ComputerName: v.ComputerName,
	}, v, nil
}

func trimPadding(s string) string {
	if len(s) == 44 && s[43] == '=' {
		return s[:43]
	}
	return s
}
