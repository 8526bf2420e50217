package store

import (
	"context"
	"fmt"
	"strings"

	"deskhand"
)

const agentColumns = `a.id, a.user_name, a.name, a.email, a.title, a.language, a.theme, a.role, a.disabled, a.created_at,
	COALESCE((SELECT ar.name FROM role ar WHERE ar.id = a.role), ''), COALESCE((SELECT ar.permissions FROM role ar WHERE ar.id = a.role), '')`

func agentFields(a *deskhand.Agent) []any {
	return []any{
		&a.ID, &a.UserName, &a.Name, &a.Email, &a.Title, &a.Language, &a.Theme, &a.Role, &a.Disabled,
		stamp{&a.CreatedAt},
		&a.RoleName,
		granted{&a.Permissions},
	}
}

func scanAgent(r scanner) (a deskhand.Agent, err error) { return a, r.Scan(agentFields(&a)...) }

// Limits of an agent's profile, in characters.
const (
	maxName     = 80
	maxEmail    = 254
	maxTitle    = 80
	maxLanguage = 35
)

// CreateAgent adds an agent and returns it with its id; without a hash the agent has no password. Errors: CodeInvalid with the field, CodeConflict when the user name is taken.
func (s *Store) CreateAgent(ctx context.Context, actor deskhand.Actor, a deskhand.Agent, passwordHash string) (deskhand.Agent, error) {
	err := s.write(ctx, actor, func(t *tx) error { return t.createAgent(&a, passwordHash) })
	return a, err
}

// CreateFirstAdministrator adds an administrator while there has never been one; else the error is CodeConflict.
func (s *Store) CreateFirstAdministrator(ctx context.Context, actor deskhand.Actor, a deskhand.Agent, passwordHash string) (deskhand.Agent, error) {
	a.Role = deskhand.RoleAdministrator
	err := s.write(ctx, actor, func(t *tx) error {
		if exists, err := t.administrators(false); err != nil || exists > 0 {
			return orConflict(err, "There is an administrator already.", "Ask them to add you.")
		}
		return t.createAgent(&a, passwordHash)
	})
	return a, err
}

// HasAdministrator reports whether there is an administrator, disabled or not.
func (s *Store) HasAdministrator(ctx context.Context) (exists bool, err error) {
	err = s.read(ctx, func(t *tx) error {
		n, err := t.administrators(false)
		exists = n > 0
		return err
	})
	return exists, err
}

func (t *tx) administrators(enabledOnly bool) (n int, err error) {
	err = t.row("SELECT count(*) FROM agent WHERE role = $1 AND (NOT disabled OR NOT $2)", deskhand.RoleAdministrator, enabledOnly).Scan(&n)
	return n, err
}

func (t *tx) createAgent(a *deskhand.Agent, passwordHash string) (err error) {
	if a.UserName, err = deskhand.CheckUserName(a.UserName); err != nil {
		return err
	}
	if err := cleanAgent(a); err != nil {
		return err
	}
	if err := t.mayGiveRole(a.Role); err != nil {
		return err
	}
	var taken int
	if err := t.row("SELECT count(*) FROM agent WHERE user_name = $1", a.UserName).Scan(&taken); err != nil || taken > 0 {
		err = orConflict(err, fmt.Sprintf("The user name %s is taken.", a.UserName), "Choose another one.")
		if e, ok := err.(*deskhand.Error); ok {
			e.Field = "userName"
		}
		return err
	}
	if a.ID, err = t.store.newID(); err != nil {
		return err
	}
	a.CreatedAt = t.now
	_, err = t.exec(`INSERT INTO agent (id, user_name, name, email, title, language, theme, role, disabled, password_hash, created_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`,
		a.ID, a.UserName, a.Name, a.Email, a.Title, a.Language, a.Theme, a.Role, a.Disabled, passwordHash, micros(a.CreatedAt))
	t.audit("agent.create", a.ID, "userName", a.UserName, "name", a.Name, "role", string(a.Role))
	t.changed(deskhand.TopicAgents, "", a.ID)
	if err == nil {
		*a, err = t.agent("id", a.ID)
	}
	return err
}

// cleanAgent brings the profile into the form that is kept, or names the field that cannot be.
func cleanAgent(a *deskhand.Agent) error {
	a.Name = deskhand.CleanText(a.Name, maxName)
	a.Title = deskhand.CleanText(a.Title, maxTitle)
	a.Email = strings.TrimSpace(a.Email)
	if a.Name == "" {
		a.Name = a.UserName
	}
	if a.Role == "" {
		a.Role = deskhand.RoleAgent
	}
	local, domain, at := strings.Cut(a.Email, "@")
	switch {
	case a.Email != "" && (!at || local == "" || domain == "" || len(a.Email) > maxEmail || a.Email != deskhand.CleanText(a.Email, maxEmail)):
		return invalid("email", "This is not an e-mail address.", "Write it like rodney@example.com, or leave it empty.")
	case len(a.Language) > maxLanguage || a.Language != deskhand.CleanText(a.Language, maxLanguage):
		return invalid("language", "This language is not known.", "Choose one of the list.")
	case a.Theme != "" && a.Theme != "light" && a.Theme != "dark":
		return invalid("theme", "This theme is not known.", "Choose light, dark or the system's.")
	}
	return nil
}

// AgentByID finds an agent; CodeNotFound when there is none.
func (s *Store) AgentByID(ctx context.Context, id string) (a deskhand.Agent, err error) {
	err = s.read(ctx, func(t *tx) error { a, err = t.agent("id", id); return err })
	return a, err
}

// AgentByUserName finds an agent; CodeNotFound when there is none.
func (s *Store) AgentByUserName(ctx context.Context, userName string) (a deskhand.Agent, err error) {
	err = s.read(ctx, func(t *tx) error {
		a, err = t.agent("user_name", strings.ToLower(strings.TrimSpace(userName)))
		return err
	})
	return a, err
}

func (t *tx) agent(column, value string) (deskhand.Agent, error) {
	a, err := scanAgent(t.row("SELECT "+agentColumns+" FROM agent a WHERE a."+column+" = $1", value))
	if none(err) {
		return a, deskhand.Errorf(deskhand.CodeNotFound, "There is no such agent.")
	}
	return a, err
}

// ListAgents gives all agents by user name.
func (s *Store) ListAgents(ctx context.Context) (agents []deskhand.Agent, err error) {
	err = s.read(ctx, func(t *tx) error {
		agents, err = all(t, scanAgent, "SELECT "+agentColumns+" FROM agent a ORDER BY a.user_name")
		return err
	})
	return agents, err
}

// PasswordHash is what an agent's password is checked against; CodeNotFound when there is no such agent, or the agent has none.
func (s *Store) PasswordHash(ctx context.Context, agentID string) (hash string, err error) {
	err = s.read(ctx, func(t *tx) error { return t.row("SELECT password_hash FROM agent WHERE id = $1", agentID).Scan(&hash) })
	if none(err) {
		return "", deskhand.Errorf(deskhand.CodeNotFound, "There is no such agent.")
	}
	if err == nil && hash == "" {
		return "", deskhand.Errorf(deskhand.CodeNotFound, "The agent has no password.")
	}
	return hash, err
}

// UpdateAgent changes the profile and role of the agent with a.ID; user name, password and whether it is disabled stay. Errors:
// CodeNotFound, CodeInvalid with the field, CodeConflict when nobody would be administrator any more.
func (s *Store) UpdateAgent(ctx context.Context, actor deskhand.Actor, a deskhand.Agent) (deskhand.Agent, error) {
	err := s.write(ctx, actor, func(t *tx) error {
		was, err := t.agent("id", a.ID)
		if err != nil {
			return err
		}
		if err := cleanAgent(&a); err != nil {
			return err
		}
		if err := t.mayManage(was); err != nil {
			return err
		}
		if a.Role != was.Role {
			if err := t.mayGiveRole(a.Role); err != nil {
				return err
			}
		}
		if a.Role != deskhand.RoleAdministrator {
			if err := t.keepAdministrator(was); err != nil {
				return err
			}
		}
		if _, err := t.exec("UPDATE agent SET name = $1, email = $2, title = $3, language = $4, theme = $5, role = $6 WHERE id = $7",
			a.Name, a.Email, a.Title, a.Language, a.Theme, a.Role, a.ID); err != nil {
			return err
		}
		t.audit("agent.update", a.ID, "name", a.Name, "email", a.Email, "title", a.Title, "role", string(a.Role))
		t.changed(deskhand.TopicAgents, "", a.ID)
		a, err = t.agent("id", a.ID)
		return err
	})
	return a, err
}

// SetPassword replaces the password's hash and ends all logins of the agent.
func (s *Store) SetPassword(ctx context.Context, actor deskhand.Actor, agentID, passwordHash string) error {
	return s.ChangePassword(ctx, actor, agentID, passwordHash, "")
}

// ChangePassword replaces the password's hash and ends all logins of the agent but the one with the id except, which may be empty.
func (s *Store) ChangePassword(ctx context.Context, actor deskhand.Actor, agentID, passwordHash, except string) error {
	return s.write(ctx, actor, func(t *tx) error { return t.setPassword(agentID, passwordHash, except) })
}

// setPassword ends what the old password let in: logins, half logins and links for a new one.
func (t *tx) setPassword(agentID, passwordHash, except string) error {
	n, err := t.exec("UPDATE agent SET password_hash = $1 WHERE id = $2", passwordHash, agentID)
	if err != nil {
		return err
	}
	if n == 0 {
		return deskhand.Errorf(deskhand.CodeNotFound, "There is no such agent.")
	}
	for _, table := range []string{"password_reset", "login_step", "agent_invitation"} {
		if _, err := t.exec("DELETE FROM "+table+" WHERE agent_id = $1", agentID); err != nil {
			return err
		}
	}
	t.audit("agent.password", agentID)
	return t.endLogins(agentID, except)
}

// SetAgentDisabled disables an agent, which ends all its logins, or enables it again. CodeConflict when nobody would be administrator
// any more.
func (s *Store) SetAgentDisabled(ctx context.Context, actor deskhand.Actor, agentID string, disabled bool) error {
	return s.write(ctx, actor, func(t *tx) error { return t.setDisabled(agentID, disabled) })
}

func (t *tx) setDisabled(agentID string, disabled bool) error {
	a, err := t.agent("id", agentID)
	if err != nil {
		return err
	}
	if err := t.mayManage(a); err != nil || a.Disabled == disabled {
		return err
	}
	verb := "agent.enable"
	if disabled {
		verb = "agent.disable"
		if err := t.keepAdministrator(a); err != nil {
			return err
		}
	}
	if _, err := t.exec("UPDATE agent SET disabled = $1 WHERE id = $2", disabled, agentID); err != nil {
		return err
	}
	t.audit(verb, agentID, "userName", a.UserName)
	t.changed(deskhand.TopicAgents, "", agentID)
	if !disabled {
		return nil
	}
	return t.endLogins(agentID, "")
}

// keepAdministrator refuses when a is the last administrator who can log in.
func (t *tx) keepAdministrator(a deskhand.Agent) error {
	if a.Role != deskhand.RoleAdministrator || a.Disabled {
		return nil
	}
	n, err := t.administrators(true)
	if err == nil && n > 1 {
		return nil
	}
	return orConflict(err, fmt.Sprintf("%s is the last administrator.", a.UserName), "Make another agent administrator first.")
}

func invalid(field, fault, hint string) error {
	return &deskhand.Error{Code: deskhand.CodeInvalid, Field: field, Fault: fault, Hint: hint}
}

// orConflict is err, or when there is none a conflict.
func orConflict(err error, fault, hint string) error {
	if err != nil {
		return err
	}
	return &deskhand.Error{Code: deskhand.CodeConflict, Fault: fault, Hint: hint}
}
