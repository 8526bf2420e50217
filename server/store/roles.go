package store

import (
	"context"
	"fmt"
	"strings"

	"deskhand"
)

const (
	maxRoleName = 60
	maxRoles    = 100
)

// granted scans the permissions of a role.
type granted struct{ set *deskhand.Permissions }

func (g granted) Scan(value any) error {
	text := ""
	switch v := value.(type) {
	case string:
		text = v
	case []byte:
		text = string(v)
	default:
		return fmt.Errorf("permissions are %T", value)
	}
	var list []deskhand.Permission
	for name := range strings.FieldsSeq(text) {
		list = append(list, deskhand.Permission(name))
	}
	*g.set = deskhand.PermissionsOf(list...)
	return nil
}

func permissionText(set deskhand.Permissions) string {
	var names []string
	for _, p := range set.List() {
		names = append(names, string(p))
	}
	return strings.Join(names, " ")
}

const roleQuery = "SELECT r.id, r.name, r.permissions, (SELECT count(*) FROM agent a WHERE a.role = r.id) FROM role r"

func scanRole(r scanner) (role deskhand.RoleInfo, err error) {
	err = r.Scan(&role.Role, &role.Name, granted{&role.Permissions}, &role.Agents)
	if role.Role == deskhand.RoleAdministrator {
		role.Permissions = deskhand.AllPermissions
	}
	return role, err
}

// ListRoles gives all roles: the built-in ones, then the own ones by name.
func (s *Store) ListRoles(ctx context.Context) (roles []deskhand.RoleInfo, err error) {
	err = s.read(ctx, func(t *tx) error {
		roles, err = all(t, scanRole, roleQuery+" ORDER BY CASE r.id WHEN 'administrator' THEN 0 WHEN 'agent' THEN 1 ELSE 2 END, lower(r.name), r.id")
		return err
	})
	return roles, err
}

func (t *tx) role(id deskhand.Role) (deskhand.RoleInfo, error) {
	r, err := scanRole(t.row(roleQuery+" WHERE r.id = $1", id))
	if none(err) {
		return r, deskhand.Errorf(deskhand.CodeNotFound, "There is no such role.")
	}
	return r, err
}

// CreateRole adds a role. Errors: CodeInvalid with the field, CodeConflict when the name is taken, CodeForbidden when it would permit more
// than the actor may.
func (s *Store) CreateRole(ctx context.Context, actor deskhand.Actor, r deskhand.RoleInfo) (deskhand.RoleInfo, error) {
	err := s.write(ctx, actor, func(t *tx) error {
		if err := t.checkRole(&r); err != nil {
			return err
		}
		var count int
		if err := t.row("SELECT count(*) FROM role").Scan(&count); err != nil || count >= maxRoles {
			return orConflict(err, "There are too many roles.", "Remove one that nobody has.")
		}
		id, err := t.store.newID()
		if err != nil {
			return err
		}
		r.Role, r.Agents = deskhand.Role(id), 0
		_, err = t.exec("INSERT INTO role (id, name, permissions, created_at) VALUES ($1, $2, $3, $4)", r.Role, r.Name, permissionText(r.Permissions), micros(t.now))
		t.audit("role.create", id, "name", r.Name, "permissions", permissionText(r.Permissions))
		t.changed(deskhand.TopicAgents, "", id)
		return err
	})
	return r, err
}

// UpdateRole changes the name and the permissions of the role with r.Role; of the built-in role of agents only the permissions. It is true
// for everybody who has the role at once. Errors: those of CreateRole, and CodeNotFound.
func (s *Store) UpdateRole(ctx context.Context, actor deskhand.Actor, r deskhand.RoleInfo) (deskhand.RoleInfo, error) {
	err := s.write(ctx, actor, func(t *tx) error {
		was, err := t.role(r.Role)
		if err != nil {
			return err
		}
		switch {
		case r.Role == deskhand.RoleAdministrator:
			return orConflict(nil, "Administrators may do everything.", "Make a role of your own for those who may do less.")
		case r.Role.BuiltIn():
			r.Name = ""
		}
		if err := t.mayGive(was.Permissions); err != nil {
			return err
		}
		if err := t.checkRole(&r); err != nil {
			return err
		}
		r.Agents = was.Agents
		if _, err := t.exec("UPDATE role SET name = $1, permissions = $2 WHERE id = $3", r.Name, permissionText(r.Permissions), r.Role); err != nil {
			return err
		}
		t.audit("role.update", string(r.Role), "name", r.Name, "permissions", permissionText(r.Permissions))
		t.changed(deskhand.TopicAgents, "", string(r.Role))
		return nil
	})
	return r, err
}

// RemoveRole removes a role that nobody has. Errors: CodeNotFound, CodeConflict.
func (s *Store) RemoveRole(ctx context.Context, actor deskhand.Actor, id deskhand.Role) error {
	return s.write(ctx, actor, func(t *tx) error {
		r, err := t.role(id)
		if err != nil {
			return err
		}
		switch {
		case id.BuiltIn():
			return orConflict(nil, "A built-in role cannot be removed.", "Give your agents a role of your own.")
		case r.Agents > 0:
			return orConflict(nil, "Agents still have this role.", "Give them another one first.")
		}
		if err := t.mayGive(r.Permissions); err != nil {
			return err
		}
		if p, err := t.signOn(); err != nil || p.Role == id {
			return orConflict(err, "Who comes by sign-on gets this role.", "Choose another role under Sign-on first.")
		}
		_, err = t.exec("DELETE FROM role WHERE id = $1", id)
		t.audit("role.remove", string(id), "name", r.Name)
		t.changed(deskhand.TopicAgents, "", string(id))
		return err
	})
}

// checkRole brings a role into the form that is kept and refuses what cannot be, or would permit more than the actor may.
func (t *tx) checkRole(r *deskhand.RoleInfo) error {
	r.Name = deskhand.CleanText(r.Name, maxRoleName)
	if r.Name == "" && !r.Role.BuiltIn() {
		return invalid("name", "The role has no name.", "Enter one that says whom it is for.")
	}
	var taken int
	if err := t.row("SELECT count(*) FROM role WHERE lower(name) = lower($1) AND id <> $2 AND name <> ''", r.Name, r.Role).Scan(&taken); err != nil {
		return err
	}
	if taken > 0 {
		return &deskhand.Error{Code: deskhand.CodeConflict, Field: "name", Fault: "Another role has this name.", Hint: "Choose another one."}
	}
	return t.mayGive(r.Permissions)
}

// acting is what the actor may do. The server itself and the command line act for no agent and may do everything.
func (t *tx) acting() (deskhand.Permissions, error) {
	if t.actor.AgentID == "" {
		return deskhand.AllPermissions, nil
	}
	a, err := t.agent("id", t.actor.AgentID)
	if err != nil || a.Disabled {
		return deskhand.Permissions{}, err
	}
	return a.May(), nil
}

// mayGive refuses to give, or to take, what the actor has no permission for: nobody makes another mightier than they are.
func (t *tx) mayGive(set deskhand.Permissions) error {
	own, err := t.acting()
	if err != nil {
		return err
	}
	if !own.Has(deskhand.MayManageAgents) {
		return deskhand.Refused("You may not manage agents.")
	}
	if !set.Within(own) {
		return deskhand.Refused("This role permits more than yours does.")
	}
	return nil
}

func (t *tx) mayGiveRole(id deskhand.Role) error {
	r, err := t.role(id)
	if deskhand.CodeOf(err) == deskhand.CodeNotFound && err != nil {
		return invalid("role", "This role is not known.", "Choose one of the list.")
	}
	if err != nil {
		return err
	}
	return t.mayGive(r.Permissions)
}

// mayManage refuses to change another agent who may do more than the actor. Everybody may change themselves.
func (t *tx) mayManage(a deskhand.Agent) error {
	if a.ID == t.actor.AgentID {
		return nil
	}
	own, err := t.acting()
	if err != nil {
		return err
	}
	if !own.Has(deskhand.MayManageAgents) {
		return deskhand.Refused("You may not manage agents.")
	}
	if !a.May().Within(own) {
		return deskhand.Refused(fmt.Sprintf("%s may do more than you.", a.UserName))
	}
	return nil
}
