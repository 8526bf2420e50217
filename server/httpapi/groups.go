package httpapi

import (
	"context"
	"net/http"

	"deskhand"
)

// Groups keeps the groups that computers stand in. Its faults are deskhand.Errors: CodeInvalid with the field, CodeConflict (the name is
// taken there, a group in itself), CodeForbidden, CodeNotFound.
type Groups interface {
	// ListGroups are those that an agent sees, by name.
	ListGroups(ctx context.Context, agentID string) ([]deskhand.Group, error)
	CreateGroup(ctx context.Context, by deskhand.Actor, g deskhand.Group) (deskhand.Group, error)
	// UpdateGroup changes what is not nil.
	UpdateGroup(ctx context.Context, by deskhand.Actor, id string, name, parentID *string) (deskhand.Group, error)
	// RemoveGroup moves what is in it to its parent.
	RemoveGroup(ctx context.Context, by deskhand.Actor, id string) error
}

// Group holds computers and other groups.
type Group struct {
	ID         string              `json:"id"`
	ParentID   string              `json:"parentId" doc:"Empty at the root."`
	Name       string              `json:"name"`
	Visibility deskhand.Visibility `json:"visibility" enum:"me,everyone" doc:"Of the computers in it."`
}

// GroupRequest is what a group is made of.
type GroupRequest struct {
	Name       string              `json:"name" minLength:"1" maxLength:"200"`
	ParentID   string              `json:"parentId,omitempty" maxLength:"64"`
	Visibility deskhand.Visibility `json:"visibility" enum:"me,everyone"`
}

// GroupChange is what is changed of a group; what is absent stays.
type GroupChange struct {
	Name     *string `json:"name,omitempty" minLength:"1" maxLength:"200"`
	ParentID *string `json:"parentId,omitempty" maxLength:"64" doc:"Of the same root; empty: at the root."`
}

type groupOutput struct{ Body Group }

// GroupPath is the group in a path. It is exported so that huma finds it where it is embedded.
type GroupPath struct {
	ID string `path:"id" minLength:"1" maxLength:"64"`
}

func groupOf(g deskhand.Group) Group {
	return Group{ID: g.ID, ParentID: g.ParentID, Name: g.Name, Visibility: g.Visibility()}
}

func (a *API) groupRoutes() {
	const tag = "Computers"
	add(a, route{AccessAgent, http.MethodGet, "/api/groups", "list-groups", tag, "The groups that I see", 0, nil},
		func(ctx context.Context, _ *struct{}) (*listOutput[Group], error) {
			groups, err := a.Groups.ListGroups(ctx, callerOf(ctx).Agent.ID)
			if err != nil {
				return nil, err
			}
			out := &listOutput[Group]{}
			out.Body.Items = make([]Group, 0, len(groups))
			for _, g := range groups {
				out.Body.Items = append(out.Body.Items, groupOf(g))
			}
			return out, nil
		})

	type createInput struct{ Body GroupRequest }
	add(a, route{AccessAgent, http.MethodPost, "/api/groups", "create-group", tag, "Add a group", http.StatusCreated, []int{403, 404, 409}},
		func(ctx context.Context, in *createInput) (*groupOutput, error) {
			c := callerOf(ctx)
			g := deskhand.Group{Name: in.Body.Name, ParentID: in.Body.ParentID}
			if in.Body.Visibility == deskhand.VisibleToOwner {
				g.OwnerID = c.Agent.ID
			}
			g, err := a.Groups.CreateGroup(ctx, c.Actor, g)
			return &groupOutput{Body: groupOf(g)}, err
		})

	type changeInput struct {
		GroupPath
		Body GroupChange
	}
	add(a, route{AccessAgent, http.MethodPatch, "/api/groups/{id}", "update-group", tag, "Rename or move a group", 0, []int{403, 404, 409}},
		func(ctx context.Context, in *changeInput) (*groupOutput, error) {
			g, err := a.Groups.UpdateGroup(ctx, callerOf(ctx).Actor, in.ID, in.Body.Name, in.Body.ParentID)
			return &groupOutput{Body: groupOf(g)}, err
		})

	add(a, route{AccessAgent, http.MethodDelete, "/api/groups/{id}", "remove-group", tag, "Remove a group; what is in it moves up", 0, []int{403, 404, 409}},
		func(ctx context.Context, in *GroupPath) (*struct{}, error) {
			return nil, a.Groups.RemoveGroup(ctx, callerOf(ctx).Actor, in.ID)
		})
}
