package httpapi

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"deskhand"
)

// Roles keeps what agents may do. Its faults are deskhand.Errors: CodeInvalid and CodeConflict with the field, CodeForbidden (a role that
// permits more than the acting agent's), CodeNotFound.
type Roles interface {
	ListRoles(ctx context.Context) ([]deskhand.RoleInfo, error)
	CreateRole(ctx context.Context, by deskhand.Actor, r deskhand.RoleInfo) (deskhand.RoleInfo, error)
	UpdateRole(ctx context.Context, by deskhand.Actor, r deskhand.RoleInfo) (deskhand.RoleInfo, error)
	RemoveRole(ctx context.Context, by deskhand.Actor, id deskhand.Role) error
}

// Permission is a deskhand.Permission whose schema names all of them.
type Permission deskhand.Permission

// Schema is that of a permission.
func (Permission) Schema(huma.Registry) *huma.Schema {
	s := &huma.Schema{Type: huma.TypeString}
	for _, p := range deskhand.AllPermissions.List() {
		s.Enum = append(s.Enum, string(p))
	}
	return s
}

func permissionsOf(set deskhand.Permissions) []Permission {
	list := []Permission{}
	for _, p := range set.List() {
		list = append(list, Permission(p))
	}
	return list
}

// Role is what agents who have it may do.
type Role struct {
	ID          deskhand.Role `json:"id"`
	Name        string        `json:"name" doc:"Empty for a built-in one."`
	Permissions []Permission  `json:"permissions"`
	Agents      int           `json:"agents" doc:"How many have it."`
	Mightier    bool          `json:"mightier" doc:"Permits what I may not do: I cannot give it."`
}

// RoleRequest is what a role is made of.
type RoleRequest struct {
	Name        string       `json:"name" maxLength:"100" doc:"Not used for a built-in role."`
	Permissions []Permission `json:"permissions" maxItems:"100"`
}

// RolePath is the role in a path. It is exported so that huma finds it where it is embedded.
type RolePath struct {
	ID deskhand.Role `path:"id" minLength:"1" maxLength:"64"`
}

type roleOutput struct{ Body Role }

func roleOf(r deskhand.RoleInfo, me deskhand.Agent) Role {
	return Role{ID: r.Role, Name: r.Name, Permissions: permissionsOf(r.Permissions), Agents: r.Agents, Mightier: !r.Permissions.Within(me.May())}
}

func (b RoleRequest) role(id deskhand.Role) deskhand.RoleInfo {
	var list []deskhand.Permission
	for _, p := range b.Permissions {
		list = append(list, deskhand.Permission(p))
	}
	return deskhand.RoleInfo{Role: id, Name: b.Name, Permissions: deskhand.PermissionsOf(list...)}
}

func (a *API) roleRoutes() {
	const tag = "Roles"
	add(a, route{AccessMay(deskhand.MayManageAgents), http.MethodGet, "/api/roles", "list-roles", tag, "All roles; administrators have every permission that there is", 0, nil},
		func(ctx context.Context, _ *struct{}) (*listOutput[Role], error) {
			roles, err := a.Roles.ListRoles(ctx)
			if err != nil {
				return nil, err
			}
			out := &listOutput[Role]{}
			out.Body.Items = make([]Role, 0, len(roles))
			for _, r := range roles {
				out.Body.Items = append(out.Body.Items, roleOf(r, callerOf(ctx).Agent))
			}
			return out, nil
		})

	type createInput struct{ Body RoleRequest }
	add(a, route{AccessMay(deskhand.MayManageAgents), http.MethodPost, "/api/roles", "create-role", tag, "Add a role", http.StatusCreated, []int{409}},
		func(ctx context.Context, in *createInput) (*roleOutput, error) {
			c := callerOf(ctx)
			r, err := a.Roles.CreateRole(ctx, c.Actor, in.Body.role(""))
			return &roleOutput{Body: roleOf(r, c.Agent)}, err
		})

	type changeInput struct {
		RolePath
		Body RoleRequest
	}
	add(a, route{AccessMay(deskhand.MayManageAgents), http.MethodPut, "/api/roles/{id}", "update-role", tag, "Change a role, for all who have it", 0, []int{404, 409}},
		func(ctx context.Context, in *changeInput) (*roleOutput, error) {
			c := callerOf(ctx)
			r, err := a.Roles.UpdateRole(ctx, c.Actor, in.Body.role(in.ID))
			return &roleOutput{Body: roleOf(r, c.Agent)}, err
		})

	add(a, route{AccessMay(deskhand.MayManageAgents), http.MethodDelete, "/api/roles/{id}", "remove-role", tag, "Remove a role that nobody has", 0, []int{404, 409}},
		func(ctx context.Context, in *RolePath) (*struct{}, error) {
			return nil, a.Roles.RemoveRole(ctx, callerOf(ctx).Actor, in.ID)
		})
}
