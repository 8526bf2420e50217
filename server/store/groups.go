package store

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"deskhand"
)

const groupQuery = "SELECT g.id, g.parent_id, g.owner_id, g.name, g.created_at FROM computer_group g"

func scanGroup(r scanner) (g deskhand.Group, err error) {
	return g, r.Scan(&g.ID, &g.ParentID, &g.OwnerID, &g.Name, stamp{&g.CreatedAt})
}

// ListGroups gives the groups that an agent sees, their own and the team's, by name.
func (s *Store) ListGroups(ctx context.Context, agentID string) (list []deskhand.Group, err error) {
	err = s.read(ctx, func(t *tx) error {
		a, err := t.agent("id", agentID)
		if err != nil {
			return err
		}
		list, err = all(t, scanGroup, groupQuery+" WHERE g.owner_id = $1 OR g.owner_id = '' AND $2 ORDER BY lower(g.name), g.id",
			agentID, a.Can(deskhand.MaySeeTeamComputers))
		return err
	})
	return list, err
}

// CreateGroup adds a group of the acting agent's, or of the team's, in g.ParentID. Errors: CodeInvalid, CodeConflict when the name is taken
// there, CodeNotFound, CodeForbidden.
func (s *Store) CreateGroup(ctx context.Context, actor deskhand.Actor, g deskhand.Group) (deskhand.Group, error) {
	err := s.write(ctx, actor, func(t *tx) (err error) {
		if err := t.mayArrange(g.OwnerID); err != nil {
			return err
		}
		if err := t.fits(&g, g.ParentID, 1); err != nil {
			return err
		}
		var count int
		if err := t.row("SELECT count(*) FROM computer_group WHERE owner_id = $1", g.OwnerID).Scan(&count); err != nil || count >= deskhand.MaxGroups {
			return orConflict(err, "There are too many groups.", "Remove one that you do not need.")
		}
		if g.ID, err = t.store.newID(); err != nil {
			return err
		}
		g.CreatedAt = t.now
		_, err = t.exec("INSERT INTO computer_group (id, parent_id, owner_id, name, created_at) VALUES ($1, $2, $3, $4, $5)",
			g.ID, g.ParentID, g.OwnerID, g.Name, micros(g.CreatedAt))
		t.audit("group.create", g.ID, "name", g.Name, "visibility", string(g.Visibility()))
		t.changed(deskhand.TopicComputers, g.OwnerID, "") // not one computer
		return err
	})
	return g, err
}

// UpdateGroup gives a group another name, another parent of the same root, or both; what is nil stays. Errors: those of CreateGroup, and
// CodeConflict for a group that would stand in itself.
func (s *Store) UpdateGroup(ctx context.Context, actor deskhand.Actor, id string, name, parent *string) (g deskhand.Group, err error) {
	err = s.write(ctx, actor, func(t *tx) error {
		if g, err = t.group(id); err != nil {
			return err
		}
		was := g
		if name != nil {
			g.Name = *name
		}
		to := g.ParentID
		if parent != nil {
			to = *parent
		}
		height, err := t.heightOf(id, to)
		if err != nil {
			return err
		}
		if err := t.fits(&g, to, height); err != nil {
			return err
		}
		if g == was {
			return nil
		}
		_, err = t.exec("UPDATE computer_group SET name = $1, parent_id = $2 WHERE id = $3", g.Name, g.ParentID, id)
		t.audit("group.update", id, "name", g.Name, "parent", g.ParentID)
		t.changed(deskhand.TopicComputers, g.OwnerID, "") // not one computer
		return err
	})
	return g, err
}

// RemoveGroup removes a group; what is in it moves to its parent. Errors: CodeNotFound, CodeForbidden; CodeConflict when the parent has a
// group of the same name already.
func (s *Store) RemoveGroup(ctx context.Context, actor deskhand.Actor, id string) error {
	return s.write(ctx, actor, func(t *tx) error {
		g, err := t.group(id)
		if err != nil {
			return err
		}
		var same string
		err = t.row(`SELECT c.name FROM computer_group c JOIN computer_group p ON p.owner_id = c.owner_id AND p.parent_id = $1 AND lower(p.name) = lower(c.name)
			WHERE c.parent_id = $2 AND p.id <> $2 LIMIT 1`, g.ParentID, id).Scan(&same)
		if !none(err) {
			return orConflict(err, "There is a group “"+same+"” already where its groups would move to.", "Rename one of the two first.")
		}
		if _, err := t.exec("UPDATE computer_group SET parent_id = $1 WHERE parent_id = $2", g.ParentID, id); err != nil {
			return err
		}
		if _, err := t.exec("UPDATE computer SET group_id = $1 WHERE group_id = $2", g.ParentID, id); err != nil {
			return err
		}
		_, err = t.exec("DELETE FROM computer_group WHERE id = $1", id)
		t.audit("group.remove", id, "name", g.Name)
		t.changed(deskhand.TopicComputers, g.OwnerID, "") // not one computer
		return err
	})
}

// group finds a group that the actor may arrange; others do not exist for them.
func (t *tx) group(id string) (deskhand.Group, error) {
	g, err := scanGroup(t.row(groupQuery+" WHERE g.id = $1", id))
	if err != nil && !none(err) {
		return g, err
	}
	if err == nil {
		err = t.mayArrange(g.OwnerID)
	}
	if err != nil {
		return g, deskhand.Errorf(deskhand.CodeNotFound, "There is no such group.")
	}
	return g, nil
}

// mayArrange refuses who is neither the owner of a root's groups nor, for the team's, somebody who sees them.
func (t *tx) mayArrange(owner string) error {
	if owner != "" && owner != t.actor.AgentID {
		return deskhand.Errorf(deskhand.CodeForbidden, "These groups belong to somebody else.")
	}
	may, err := t.acting()
	if err == nil && owner == "" && !may.Has(deskhand.MaySeeTeamComputers) {
		err = deskhand.Refused("You may not see the team’s computers.")
	}
	return err
}

// fits brings a group into the form that is kept and puts it into a parent of the same root. height is how many levels it has, itself included.
func (t *tx) fits(g *deskhand.Group, parent string, height int) error {
	g.Name, g.ParentID = deskhand.CleanText(g.Name, deskhand.MaxGroupNameLength+1), parent
	switch {
	case g.Name == "":
		return invalid("name", "The group has no name.", "Type one.")
	case len([]rune(g.Name)) > deskhand.MaxGroupNameLength:
		return invalid("name", "This name is too long.", fmt.Sprintf("Use at most %d characters.", deskhand.MaxGroupNameLength))
	}
	above := 0
	for at := parent; at != ""; above++ {
		p, err := t.group(at)
		if err != nil {
			return err
		}
		if p.OwnerID != g.OwnerID {
			return orConflict(nil, "A group stays among My computers or Team computers.", "Make a group there and move the computers.")
		}
		at = p.ParentID
	}
	if above+height > deskhand.MaxGroupDepth {
		return orConflict(nil, fmt.Sprintf("Groups stand at most %d levels deep.", deskhand.MaxGroupDepth), "Put it into a group further up.")
	}
	var taken bool
	err := t.row("SELECT EXISTS (SELECT 1 FROM computer_group WHERE owner_id = $1 AND parent_id = $2 AND lower(name) = lower($3) AND id <> $4)",
		g.OwnerID, parent, g.Name, g.ID).Scan(&taken)
	if err != nil || taken {
		return orConflict(err, "There is a group with this name already.", "Choose another name.")
	}
	return nil
}

// heightOf counts a group's levels downwards, and refuses a parent that is the group itself or stands in it.
func (t *tx) heightOf(id, parent string) (height int, err error) {
	level := []string{id}
	for ; len(level) > 0; height++ {
		var next []string
		for _, g := range level {
			if g == parent {
				return 0, orConflict(nil, "A group cannot stand in itself.", "Choose another group.")
			}
			within, err := all(t, oneString, "SELECT id FROM computer_group WHERE parent_id = $1", g)
			if err != nil {
				return 0, err
			}
			next = append(next, within...)
		}
		if level = next; height > deskhand.MaxGroupDepth {
			return 0, errors.New("the groups stand in a circle")
		}
	}
	return height, nil
}

// lines scans what is kept one on each line.
type lines struct{ list *[]string }

func (l lines) Scan(value any) error {
	text, _ := value.(string)
	if b, ok := value.([]byte); ok {
		text = string(b)
	}
	*l.list = nil
	if text != "" {
		*l.list = strings.Split(text, "\n")
	}
	return nil
}
