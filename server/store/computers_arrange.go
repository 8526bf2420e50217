package store

import (
	"context"
	"fmt"
	"reflect"
	"slices"
	"strings"

	"deskhand"
)

// MoveComputers puts computers into a group or at a root; all or none. Their owners alone can make them visible to others, or to
// themselves only, which ends the views of others. Errors: CodeNotFound, CodeForbidden, CodeInvalid.
func (s *Store) MoveComputers(ctx context.Context, actor deskhand.Actor, ids []string, to deskhand.ComputerPlace) (outs []deskhand.Outcome, err error) {
	err = s.write(ctx, actor, func(t *tx) error {
		if err := t.checkPlace(to); err != nil {
			return err
		}
		for _, id := range ids {
			c, err := t.seenComputer(id)
			if err != nil {
				return err
			}
			if (c.Visibility != to.Visibility || c.Visibility == deskhand.VisibleToOwner) && c.OwnerID != actor.AgentID {
				return &deskhand.Error{
					Code: deskhand.CodeForbidden, Fault: c.Name + " belongs to " + c.OwnerName + ", who alone can change who sees it.", Hint: "Ask them to do it.",
				}
			}
			if c.Visibility == to.Visibility && c.GroupID == to.GroupID {
				continue
			}
			if _, err := t.exec("UPDATE computer SET visibility = $1, group_id = $2 WHERE id = $3", to.Visibility, to.GroupID, id); err != nil {
				return err
			}
			t.audit("computer.move", id, "name", c.Name, "visibility", string(to.Visibility), "group", to.GroupID)
			t.changed(deskhand.TopicComputers, "", id)
			c.Visibility = to.Visibility
			if err := t.hide(&outs, c); err != nil {
				return err
			}
		}
		return nil
	})
	return outs, err
}

// hide ends the views of a computer whose agents do not see it any more.
func (t *tx) hide(outs *[]deskhand.Outcome, c deskhand.Computer) error {
	sessions, err := all(t, oneString, "SELECT id FROM session WHERE computer_id = $1 AND ended_at = 0", c.ID)
	if err != nil {
		return err
	}
	for _, id := range sessions {
		var out deskhand.Outcome
		if out.Session, err = t.session(id); err != nil {
			return err
		}
		blind := map[string]bool{}
		for _, v := range out.Session.Viewers {
			who, err := t.agent("id", v.AgentID)
			if err != nil {
				return err
			}
			blind[who.ID] = !sees(who, c)
		}
		if err := t.closeViewers(&out, deskhand.ReasonComputerHidden, func(v deskhand.Viewer) bool { return blind[v.AgentID] }); err != nil {
			return err
		}
		ended, err := t.hidePrompts(id, c)
		if err != nil {
			return err
		}
		if len(out.Closed)+ended == 0 {
			continue
		}
		if err := t.orEnd(&out, deskhand.ReasonComputerHidden); err != nil {
			return err
		}
		*outs = append(*outs, out)
	}
	return nil
}

// hidePrompts ends the prompts of a session whose agents do not see the computer any more, and counts them.
func (t *tx) hidePrompts(sessionID string, c deskhand.Computer) (ended int, err error) {
	list, err := all(t, scanPrompt, promptQuery+" WHERE p.session_id = $1 AND p.ended_at = 0", sessionID)
	if err != nil {
		return 0, err
	}
	for _, p := range list {
		who, err := t.agent("id", p.AgentID)
		if err != nil {
			return ended, err
		}
		if sees(who, c) {
			continue
		}
		if err := t.endPrompt(p, deskhand.ReasonComputerHidden, 0); err != nil {
			return ended, err
		}
		ended++
	}
	return ended, nil
}

// checkPlace refuses a group that the actor may not arrange, or that is not of the root that is meant.
func (t *tx) checkPlace(to deskhand.ComputerPlace) error {
	owner := ""
	switch to.Visibility {
	case deskhand.VisibleToOwner:
		owner = t.actor.AgentID
	case deskhand.VisibleToEveryone:
	default:
		return invalid("visibility", "This visibility is not known.", "Use me or everyone.")
	}
	if to.GroupID == "" {
		return t.mayArrange(owner)
	}
	g, err := t.group(to.GroupID)
	if err == nil && g.OwnerID != owner {
		err = invalid("groupId", "This group is not among those computers.", "Choose a group of the same root.")
	}
	return err
}

// seenComputer finds a computer that the actor sees, or as an administrator may take over; others do not exist for them.
func (t *tx) seenComputer(id string) (deskhand.Computer, error) {
	c, err := t.computer(id)
	if err != nil {
		return c, err
	}
	who, err := t.agent("id", t.actor.AgentID)
	if err != nil {
		return c, err
	}
	if !c.RemovedAt.IsZero() || !sees(who, c) && who.Role != deskhand.RoleAdministrator {
		return c, noComputer()
	}
	return c, nil
}

// UpdateComputer changes what agents set of a computer. Note and tags may be written by whoever sees it, the name by its owner and
// administrators, the owner by administrators and the owner; another owner ends the views of who does not see it any more. Errors: CodeNotFound,
// CodeForbidden, CodeInvalid.
func (s *Store) UpdateComputer(ctx context.Context, actor deskhand.Actor, id string, change deskhand.ComputerChange) (
	c deskhand.Computer, outs []deskhand.Outcome, err error,
) {
	err = s.write(ctx, actor, func(t *tx) error {
		if c, err = t.seenComputer(id); err != nil {
			return err
		}
		if change.Name != nil || change.OwnerID != nil {
			if err := t.mayRule(c); err != nil {
				return err
			}
		}
		was := c
		if err := t.applyChange(&c, change); err != nil {
			return err
		}
		if reflect.DeepEqual(was, c) {
			return nil
		}
		_, err := t.exec("UPDATE computer SET name = $1, note = $2, tags = $3, owner_id = $4, group_id = $5 WHERE id = $6",
			c.Name, c.Note, strings.Join(c.Tags, "\n"), c.OwnerID, c.GroupID, id)
		if err != nil {
			return err
		}
		t.audit("computer.update", id, "name", c.Name, "owner", c.OwnerID, "tags", strings.Join(c.Tags, ", "))
		t.changed(deskhand.TopicComputers, "", id)
		if c.OwnerID != was.OwnerID {
			if err := t.hide(&outs, c); err != nil {
				return err
			}
		}
		c, err = t.computer(id)
		return err
	})
	return c, outs, err
}

// mayRule refuses who is neither the owner of a computer nor an administrator.
func (t *tx) mayRule(c deskhand.Computer) error {
	if c.OwnerID == t.actor.AgentID {
		return nil
	}
	who, err := t.agent("id", t.actor.AgentID)
	if err == nil && who.Role != deskhand.RoleAdministrator {
		err = &deskhand.Error{Code: deskhand.CodeForbidden, Fault: "This computer belongs to " + c.OwnerName + ".", Hint: "Ask them or an administrator."}
	}
	return err
}

func (t *tx) applyChange(c *deskhand.Computer, change deskhand.ComputerChange) error {
	if change.Name != nil {
		c.Name = deskhand.CleanText(*change.Name, deskhand.MaxComputerNameLength)
		if c.Name == "" {
			return invalid("name", "The computer has no name.", "Type one.")
		}
	}
	if change.Note != nil {
		c.Note = cleanNote(*change.Note, deskhand.MaxComputerNoteLength)
	}
	if change.Tags != nil {
		tags, err := cleanTags(*change.Tags)
		if err != nil {
			return err
		}
		c.Tags = tags
	}
	if change.OwnerID == nil || *change.OwnerID == c.OwnerID {
		return nil
	}
	owner, err := t.agent("id", *change.OwnerID)
	if deskhand.CodeOf(err) == deskhand.CodeNotFound || err == nil && (owner.Disabled || !owner.Can(deskhand.MayAddComputers)) {
		return invalid("ownerId", "This agent cannot have computers.", "Choose another agent.")
	}
	if c.OwnerID = *change.OwnerID; c.Visibility == deskhand.VisibleToOwner {
		c.GroupID = "" // the group is the former owner's
	}
	return err
}

// cleanTags is each tag once, as it is kept.
func cleanTags(given []string) (tags []string, err error) {
	for _, tag := range given {
		tag = deskhand.CleanText(tag, deskhand.MaxTagLength)
		if tag != "" && !slices.ContainsFunc(tags, func(other string) bool { return strings.EqualFold(tag, other) }) {
			tags = append(tags, tag)
		}
	}
	if len(tags) > deskhand.MaxTags {
		return nil, invalid("tags", "These are too many tags.", fmt.Sprintf("Keep at most %d.", deskhand.MaxTags))
	}
	return tags, nil
}
