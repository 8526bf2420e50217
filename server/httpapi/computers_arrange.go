package httpapi

import (
	"context"
	"net/http"

	"deskhand"
)

// ComputerChange is what is changed of a computer; what is absent stays.
type ComputerChange struct {
	Name    *string   `json:"name,omitempty" minLength:"1" maxLength:"512"`
	Note    *string   `json:"note,omitempty" maxLength:"8000"`
	Tags    *[]string `json:"tags,omitempty" maxItems:"100"`
	OwnerID *string   `json:"ownerId,omitempty" minLength:"1" maxLength:"64" doc:"Another agent, whose computer it becomes."`
}

// ComputerMove says which computers stand where.
type ComputerMove struct {
	IDs        []string            `json:"ids" minItems:"1" maxItems:"1000"`
	GroupID    string              `json:"groupId,omitempty" maxLength:"64" doc:"Empty: at the root."`
	Visibility deskhand.Visibility `json:"visibility" enum:"me,everyone"`
}

type computerOutput struct{ Body Computer }

func (a *API) arrangeRoutes() {
	const tag = "Computers"
	type changeInput struct {
		ComputerPath
		Body ComputerChange
	}
	add(a, route{AccessAgent, http.MethodPatch, "/api/computers/{id}", "update-computer", tag, "Rename, describe or hand on a computer", 0, []int{403, 404}},
		func(ctx context.Context, in *changeInput) (*computerOutput, error) {
			c, err := a.Computers.UpdateComputer(ctx, callerOf(ctx).Actor, in.ID, deskhand.ComputerChange(in.Body))
			return &computerOutput{Body: computerOf(c)}, err
		})

	type moveInput struct{ Body ComputerMove }
	add(a, route{AccessAgent, http.MethodPost, "/api/computers/move", "move-computers", tag, "Put computers into a group, or show them to others", http.StatusNoContent, []int{403, 404}},
		func(ctx context.Context, in *moveInput) (*struct{}, error) {
			to := deskhand.ComputerPlace{Visibility: in.Body.Visibility, GroupID: in.Body.GroupID}
			return nil, a.Computers.MoveComputers(ctx, callerOf(ctx).Actor, in.Body.IDs, to)
		})

	add(a, route{AccessAgent, http.MethodDelete, "/api/computers/{id}", "remove-computer", tag, "Remove a computer for good", 0, []int{403, 404}},
		func(ctx context.Context, in *ComputerPath) (*struct{}, error) {
			return nil, a.Computers.RemoveComputer(ctx, callerOf(ctx).Actor, in.ID)
		})
}
