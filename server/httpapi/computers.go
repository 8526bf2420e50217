package httpapi

import (
	"context"
	"crypto/ed25519"
	"encoding/base64"
	"net/http"
	"time"

	"deskhand"
)

// Computers knows the unattended computers.
type Computers interface {
	// ListComputers are those that an agent sees, by name, or of these the ones with ids; for administrators all.
	ListComputers(ctx context.Context, agentID string, ids []string) ([]deskhand.Computer, error)
	// VisibleComputer is one that an agent may connect to; CodeNotFound for others.
	VisibleComputer(ctx context.Context, agentID, id string) (deskhand.Computer, error)
	// EnrolComputer adds a computer that belongs to an agent. The agent is checked as at a login, and throttled; no login begins. CodeUnauthorized with
	// the field "code" when a second factor is wanted, too; CodeConflict with the field "replace" when it is a computer of theirs already and replace
	// is not set.
	EnrolComputer(ctx context.Context, who EnrolBy, replace bool, from deskhand.Actor, c deskhand.Computer) (deskhand.Computer, error)
	// UpdateComputer changes what is not nil. CodeNotFound, CodeForbidden for who does not own it, CodeInvalid.
	UpdateComputer(ctx context.Context, by deskhand.Actor, id string, change deskhand.ComputerChange) (deskhand.Computer, error)
	// MoveComputers puts them into a group or at a root; all or none. CodeNotFound, CodeForbidden, CodeInvalid.
	MoveComputers(ctx context.Context, by deskhand.Actor, ids []string, to deskhand.ComputerPlace) error
	// RemoveComputer revokes its key and ends what is open on it. CodeNotFound, CodeForbidden for who does not own it.
	RemoveComputer(ctx context.Context, by deskhand.Actor, id string) error
	// GrantKey is the Ed25519 public key that signs grants.
	GrantKey(ctx context.Context) (ed25519.PublicKey, error)
}

// Computer is an unattended computer as the console shows it.
type Computer struct {
	ID         string              `json:"id"`
	Name       string              `json:"name"`
	UserName   string              `json:"userName"`
	System     string              `json:"system"`
	Address    string              `json:"address"`
	Owner      ComputerOwner       `json:"owner"`
	Visibility deskhand.Visibility `json:"visibility" enum:"me,everyone"`
	GroupID    string              `json:"groupId" doc:"Empty at the root."`
	Note       string              `json:"note"`
	Tags       []string            `json:"tags"`
	Prompts    bool                `json:"prompts" doc:"Command prompts can be opened."`
	Status     string              `json:"status" enum:"online,offline,in-use"`
	ClonedAt   *time.Time          `json:"clonedAt,omitempty" doc:"When two clients were found to have its key; absent: never."`
	LastSeenAt time.Time           `json:"lastSeenAt"`
	Sites      []string            `json:"sites" doc:"Networks in which it is; whoever shares one can wake it."`
	CreatedAt  time.Time           `json:"createdAt"`
}

// ComputerOwner names the agent whose computer it is.
type ComputerOwner struct {
	ID       string `json:"id"`
	Name     string `json:"name"`
	Disabled bool   `json:"disabled,omitempty"`
}

// EnrolBy is what shows whose computer it becomes: an agent's name and password, or Token alone.
type EnrolBy struct {
	UserName, Password, Code string
	Token                    string // an API token of the agent's, or the code of an unattended invite
}

// Enrolment is what a computer sends to be added.
type Enrolment struct {
	UserName     string `json:"userName,omitempty" maxLength:"128" doc:"Of the agent whose computer it becomes."`
	Password     string `json:"password,omitempty" maxLength:"1024"`
	Code         string `json:"code,omitempty" maxLength:"64" doc:"Of the agent's authenticator app, or a recovery code, when there is a second factor."`
	Token        string `json:"token,omitempty" maxLength:"128" doc:"In place of name and password: an API token with the scope computers:enrol, or the code of a link that adds a computer."`
	Machine      string `json:"machine,omitempty" maxLength:"64" pattern:"^[0-9a-f]*$" doc:"Names this installation of the client."`
	Replace      bool   `json:"replace,omitempty" doc:"Whether it takes the place of the computer that the same installation is already."`
	PublicKey    string `json:"publicKey" minLength:"43" maxLength:"44" doc:"Ed25519, base64url. The private half stays on the computer."`
	ComputerName string `json:"computerName" maxLength:"512"`
	System       string `json:"system,omitempty" maxLength:"512"`
	User         string `json:"user,omitempty" maxLength:"512" doc:"Who is logged in there."`
}

// Enrolled is what the computer keeps.
type Enrolled struct {
	ComputerID string `json:"computerId"`
	GrantKey   string `json:"grantKey" doc:"Ed25519, base64url: signs every grant that the computer may accept."`
	Name       string `json:"name"`
}

func computerOf(c deskhand.Computer) Computer {
	out := Computer{
		ID: c.ID, Name: c.Name, UserName: c.UserName, System: c.System, Address: c.Address, Visibility: c.Visibility,
		GroupID: c.GroupID, Note: c.Note, Tags: append([]string{}, c.Tags...), Status: "offline", Prompts: c.Prompts, LastSeenAt: c.LastSeenAt.UTC(), Sites: append([]string{}, c.Sites...), CreatedAt: c.CreatedAt.UTC(),
	}
	out.ClonedAt = timeOrNil(c.ClonedAt)
	out.Owner = ComputerOwner{ID: c.OwnerID, Name: c.OwnerName, Disabled: c.OwnerGone}
	switch {
	case c.Online && c.InUse:
		out.Status = "in-use"
	case c.Online:
		out.Status = "online"
	}
	return out
}

// ComputerPath is the computer in a path. It is exported so that huma finds it where it is embedded.
type ComputerPath struct {
	ID string `path:"id" minLength:"1" maxLength:"64"`
}

func (a *API) computerRoutes() {
	type listInput struct {
		IDs []string `query:"id,explode" maxItems:"200" doc:"Only these."`
	}
	add(a, route{AccessAgent, http.MethodGet, "/api/computers", "list-computers", "Computers", "The computers that I see; for administrators all", 0, nil},
		func(ctx context.Context, in *listInput) (*listOutput[Computer], error) {
			computers, err := a.Computers.ListComputers(ctx, callerOf(ctx).Agent.ID, in.IDs)
			if err != nil {
				return nil, err
			}
			out := &listOutput[Computer]{}
			out.Body.Items = make([]Computer, 0, len(computers))
			for _, c := range computers {
				out.Body.Items = append(out.Body.Items, computerOf(c))
			}
			return out, nil
		})

	a.scopes[deskhand.ScopeEnrol] = true
	type enrolInput struct{ Body Enrolment }
	type enrolOutput struct{ Body Enrolled }
	add(a, route{AccessClient, http.MethodPost, "/client/computers", "enrol-computer", "Clients", "Add this computer", 0, []int{401, 403, 409, 429}},
		func(ctx context.Context, in *enrolInput) (*enrolOutput, error) {
			key, err := base64.RawURLEncoding.DecodeString(trimPadding(in.Body.PublicKey))
			if err != nil || len(key) != ed25519.PublicKeySize {
				return nil, &deskhand.Error{
					Code: deskhand.CodeInvalid, Field: "publicKey", Fault: "The computer's key is not 32 bytes in base64url.", Hint: "Use the client that this server offers.",
				}
			}
			name := deskhand.CleanText(in.Body.ComputerName, deskhand.MaxComputerNameLength)
			if name == "" {
				return nil, &deskhand.Error{Code: deskhand.CodeInvalid, Field: "computerName", Fault: "The computer has no name.", Hint: "Give it one and try again."}
			}
			from := callerOf(ctx).Actor
			by := EnrolBy{UserName: in.Body.UserName, Password: in.Body.Password, Code: in.Body.Code, Token: in.Body.Token}
			if by.Token == "" && (by.UserName == "" || by.Password == "") {
				return nil, &deskhand.Error{Code: deskhand.CodeInvalid, Field: "userName", Fault: "It is not said whose computer this is.", Hint: "Give the agent's name and password, or a token."}
			}
			c, err := a.Computers.EnrolComputer(ctx, by, in.Body.Replace, from, deskhand.Computer{
				Name: name, UserName: deskhand.CleanText(in.Body.User, 128), System: deskhand.CleanText(in.Body.System, 128),
				Address: from.Address, PublicKey: key, Machine: in.Body.Machine, Visibility: deskhand.VisibleToOwner,
			})
			if err != nil {
				return nil, err
			}
			grantKey, err := a.Computers.GrantKey(ctx)
			if err != nil {
				return nil, err
			}
			return &enrolOutput{Body: Enrolled{ComputerID: c.ID, Name: c.Name, GrantKey: base64.RawURLEncoding.EncodeToString(grantKey)}}, nil
		})
}

// visibleComputer finds a computer that the caller may connect to; others do not exist for them.
func (a *API) visibleComputer(ctx context.Context, id string) (deskhand.Computer, error) {
	return a.Computers.VisibleComputer(ctx, callerOf(ctx).Agent.ID, id)
}
