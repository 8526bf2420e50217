package httpapi

import (
	"context"
	"net/http"
	"slices"
	"time"

	"deskhand"
)

// Agents manages those who give support. Its faults are deskhand.Errors: CodeInvalid with the field, CodeConflict (a user name is taken, nobody
// would be administrator any more), CodeForbidden (the acting agent may do less), CodeNotFound.
type Agents interface {
	Staff(ctx context.Context) ([]deskhand.StaffMember, error)
	StaffMember(ctx context.Context, id string) (deskhand.StaffMember, error)
	// AddAgent makes an agent with a password that is shown once.
	AddAgent(ctx context.Context, by deskhand.Actor, a deskhand.Agent) (agent deskhand.Agent, password string, err error)
	// InviteAgent makes an agent who chooses the password by a link.
	InviteAgent(ctx context.Context, by deskhand.Actor, a deskhand.Agent) (deskhand.Agent, AgentInvitation, error)
	// InviteAgain makes a new link for an invited agent; CodeConflict when a password was chosen already.
	InviteAgain(ctx context.Context, by deskhand.Actor, agentID string) (AgentInvitation, error)
	ReviseAgent(ctx context.Context, by deskhand.Actor, agentID string, change AgentChange) error
	// SetAgentsDisabled disables agents, which ends their logins and views, or enables them: all or none.
	SetAgentsDisabled(ctx context.Context, by deskhand.Actor, ids []string, disabled bool) error
}

// AgentRow is an agent as those see it who manage agents.
type AgentRow struct {
	ID           string        `json:"id"`
	UserName     string        `json:"userName"`
	Name         string        `json:"name"`
	Email        string        `json:"email"`
	Title        string        `json:"title"`
	Role         deskhand.Role `json:"role" doc:"agent, administrator, or the id of an own role."`
	RoleName     string        `json:"roleName" doc:"Of an own role; empty for a built-in one."`
	State        string        `json:"state" enum:"active,invited,disabled"`
	InvitedUntil *time.Time    `json:"invitedUntil,omitempty" doc:"Until when the invitation's link can be used."`
	LastSeenAt   *time.Time    `json:"lastSeenAt,omitempty" doc:"Absent: never."`
	Logins       int           `json:"logins" doc:"Places where the agent is logged in."`
	SecondFactor bool          `json:"secondFactor" doc:"An authenticator app or a passkey is set up."`
	SignOn       bool          `json:"signOn" doc:"Has an account at the service that one can log in by."`
	CreatedAt    time.Time     `json:"createdAt"`
	Mightier     bool          `json:"mightier" doc:"May do what I may not; only administrators change this agent."`
}

func agentRowOf(c deskhand.StaffMember, me deskhand.Agent) AgentRow {
	row := AgentRow{
		ID: c.ID, UserName: c.UserName, Name: c.Name, Email: c.Email, Title: c.Title, Role: c.Role, RoleName: c.RoleName, State: "active",
		Logins: c.Logins, SecondFactor: c.SecondFactor, SignOn: c.SignOn, CreatedAt: c.CreatedAt.UTC(), Mightier: !c.May().Within(me.May()),
	}
	if !c.LastSeenAt.IsZero() {
		seen := c.LastSeenAt.UTC()
		row.LastSeenAt = &seen
	}
	if !c.InvitedUntil.IsZero() {
		until := c.InvitedUntil.UTC()
		row.InvitedUntil, row.State = &until, "invited"
	}
	if c.Disabled {
		row.State = "disabled"
	}
	return row
}

// AgentRequest is a new agent.
type AgentRequest struct {
	UserName string        `json:"userName" minLength:"1" maxLength:"64"`
	Name     string        `json:"name,omitempty" maxLength:"100"`
	Email    string        `json:"email,omitempty" maxLength:"254"`
	Title    string        `json:"title,omitempty" maxLength:"100"`
	Role     deskhand.Role `json:"role,omitempty" maxLength:"64" doc:"Without it: agent."`
	Invite   bool          `json:"invite,omitempty" doc:"The agent chooses the password by a link. Without it a password is made and shown once."`
}

// NewAgent is an agent that was made, with the password or the invitation, which are not shown again.
type NewAgent struct {
	Agent      AgentRow         `json:"agent"`
	Password   string           `json:"password,omitempty"`
	Invitation *AgentInvitation `json:"invitation,omitempty"`
}

// AgentInvitation is a link by which an agent chooses the password.
type AgentInvitation struct {
	URL       string    `json:"url"`
	ExpiresAt time.Time `json:"expiresAt"`
	Mailed    bool      `json:"mailed" doc:"It was sent to the agent's e-mail address; else it is to be handed over."`
}

// AgentChange is what is changed about an agent; nil leaves a field as it is.
type AgentChange struct {
	Name  *string        `json:"name,omitempty" minLength:"1" maxLength:"100"`
	Email *string        `json:"email,omitempty" maxLength:"254"`
	Title *string        `json:"title,omitempty" maxLength:"100"`
	Role  *deskhand.Role `json:"role,omitempty" minLength:"1" maxLength:"64"`
}

// AgentChoice names several agents.
type AgentChoice struct {
	IDs []string `json:"ids" minItems:"1" maxItems:"500"`
}

// AgentPath is the agent in a path. It is exported so that huma finds it where it is embedded.
type AgentPath struct {
	ID string `path:"id" minLength:"1" maxLength:"64"`
}

type agentOutput struct{ Body AgentRow }

func (a *API) agentRoutes() {
	const tag = "Agents"
	add(a, route{AccessMay(deskhand.MayManageAgents), http.MethodGet, "/api/agents", "list-agents", tag, "All agents", 0, nil},
		func(ctx context.Context, _ *struct{}) (*listOutput[AgentRow], error) {
			list, err := a.Agents.Staff(ctx)
			if err != nil {
				return nil, err
			}
			out := &listOutput[AgentRow]{}
			out.Body.Items = make([]AgentRow, 0, len(list))
			for _, c := range list {
				out.Body.Items = append(out.Body.Items, agentRowOf(c, callerOf(ctx).Agent))
			}
			return out, nil
		})

	type createInput struct{ Body AgentRequest }
	type createOutput struct{ Body NewAgent }
	add(a, route{AccessMay(deskhand.MayManageAgents), http.MethodPost, "/api/agents", "create-agent", tag, "Add or invite an agent", http.StatusCreated, []int{409}},
		func(ctx context.Context, in *createInput) (*createOutput, error) {
			made, err := a.createAgent(ctx, in.Body)
			return &createOutput{Body: made}, err
		})

	type changeInput struct {
		AgentPath
		Body AgentChange
	}
	add(a, route{AccessMay(deskhand.MayManageAgents), http.MethodPatch, "/api/agents/{id}", "update-agent", tag, "Change an agent", 0, []int{404, 409}},
		func(ctx context.Context, in *changeInput) (*agentOutput, error) {
			c := callerOf(ctx)
			if err := a.emailByToken(ctx, in.ID, in.Body); err != nil {
				return nil, err
			}
			if err := a.Agents.ReviseAgent(ctx, c.Actor, in.ID, in.Body); err != nil {
				return nil, err
			}
			return a.agentOutput(ctx, in.ID)
		})

	type invitationOutput struct{ Body AgentInvitation }
	add(a, route{AccessMay(deskhand.MayManageAgents), http.MethodPost, "/api/agents/{id}/invitation", "invite-again", tag, "Make a new invitation", http.StatusCreated, []int{404, 409}},
		func(ctx context.Context, in *AgentPath) (*invitationOutput, error) {
			invitation, err := a.Agents.InviteAgain(ctx, callerOf(ctx).Actor, in.ID)
			return &invitationOutput{Body: invitation}, err
		})

	type choiceInput struct{ Body AgentChoice }
	for _, disable := range []bool{true, false} {
		path, what := "enable", "Let agents log in again"
		if disable {
			path, what = "disable", "Keep agents from logging in, and end their logins"
		}
		add(a, route{AccessMay(deskhand.MayManageAgents), http.MethodPost, "/api/agents/" + path, path + "-agents", tag, what, 0, []int{404, 409}},
			func(ctx context.Context, in *choiceInput) (*struct{}, error) {
				if disable && slices.Contains(in.Body.IDs, callerOf(ctx).Agent.ID) {
					return nil, &deskhand.Error{Code: deskhand.CodeConflict, Fault: "You cannot disable yourself.", Hint: "Ask another administrator."}
				}
				return nil, a.Agents.SetAgentsDisabled(ctx, callerOf(ctx).Actor, in.Body.IDs, disable)
			})
	}
}

// emailByToken refuses a token the e-mail address of an agent who logs in already: links for a new password go there, and those are not for tokens.
func (a *API) emailByToken(ctx context.Context, id string, change AgentChange) error {
	if callerOf(ctx).Token == "" || change.Email == nil {
		return nil
	}
	who, err := a.Agents.StaffMember(ctx, id)
	if err == nil && who.InvitedUntil.IsZero() {
		err = errEmailByToken()
	}
	return err
}

func (a *API) createAgent(ctx context.Context, b AgentRequest) (made NewAgent, err error) {
	c := callerOf(ctx)
	agent := deskhand.Agent{UserName: b.UserName, Name: b.Name, Email: b.Email, Title: b.Title, Role: b.Role}
	if b.Invite {
		var invitation AgentInvitation
		agent, invitation, err = a.Agents.InviteAgent(ctx, c.Actor, agent)
		made.Invitation = &invitation
	} else {
		agent, made.Password, err = a.Agents.AddAgent(ctx, c.Actor, agent)
	}
	if err != nil {
		return NewAgent{}, err
	}
	colleague, err := a.Agents.StaffMember(ctx, agent.ID)
	made.Agent = agentRowOf(colleague, c.Agent)
	return made, err
}

func (a *API) agentOutput(ctx context.Context, id string) (*agentOutput, error) {
	c, err := a.Agents.StaffMember(ctx, id)
	if err != nil {
		return nil, err
	}
	return &agentOutput{Body: agentRowOf(c, callerOf(ctx).Agent)}, nil
}
