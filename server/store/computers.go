package store

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"strings"

	"deskhand"
)

const computerInUse = "EXISTS (SELECT 1 FROM session s WHERE s.computer_id = c.id AND s.ended_at = 0)"

const computerQuery = `SELECT c.id, c.owner_id, a.name, a.disabled, c.name, c.user_name, c.system, c.address, c.public_key, c.visibility, c.online, c.epoch,
	c.created_at, c.last_seen_at, c.removed_at, c.group_id, c.note, c.tags, c.sites, c.prompts, c.machine, c.run, c.cloned_at, ` + computerInUse + `
	FROM computer c JOIN agent a ON a.id = c.owner_id`

func scanComputer(r scanner) (c deskhand.Computer, err error) {
	return c, r.Scan(&c.ID, &c.OwnerID, &c.OwnerName, &c.OwnerGone, &c.Name, &c.UserName, &c.System, &c.Address, &c.PublicKey, &c.Visibility, &c.Online,
		&c.Epoch, stamp{&c.CreatedAt}, stamp{&c.LastSeenAt}, stamp{&c.RemovedAt}, &c.GroupID, &c.Note, lines{&c.Tags}, lines{&c.Sites}, &c.Prompts,
		&c.Machine, &c.Run, stamp{&c.ClonedAt}, &c.InUse)
}

// describeComputer keeps what a computer says of itself; its name is what the agent sees and stays.
func (t *tx) describeComputer(c deskhand.Computer) error {
	_, err := t.exec("UPDATE computer SET user_name = $1, system = $2, address = $3 WHERE id = $4",
		deskhand.CleanText(c.UserName, maxDescription), deskhand.CleanText(c.System, maxDescription), c.Address, c.ID)
	return err
}

// ComputerByID finds a computer, also a removed one (its RemovedAt is set); CodeNotFound when there never was one.
func (s *Store) ComputerByID(ctx context.Context, id string) (c deskhand.Computer, err error) {
	err = s.read(ctx, func(t *tx) error { c, err = t.computer(id); return err })
	return c, err
}

func (t *tx) computer(id string) (deskhand.Computer, error) {
	c, err := scanComputer(t.row(computerQuery+" WHERE c.id = $1", id))
	if none(err) {
		return c, noComputer()
	}
	return c, err
}

// listedWhere picks the computers in an agent's list; its arguments are listedArgs.
const listedWhere = " WHERE c.removed_at = 0 AND (c.owner_id = $1 OR c.visibility = $2 AND $3 OR $4)"

func listedArgs(a deskhand.Agent) []any {
	return []any{a.ID, deskhand.VisibleToEveryone, a.Can(deskhand.MaySeeTeamComputers), a.Role == deskhand.RoleAdministrator}
}

// VisibleComputer finds a computer that an agent may connect to: their own, or a team's. For others it is CodeNotFound, also for
// administrators, who may take it over first.
func (s *Store) VisibleComputer(ctx context.Context, agentID, id string) (c deskhand.Computer, err error) {
	err = s.read(ctx, func(t *tx) error {
		if c, err = t.computer(id); err != nil {
			return err
		}
		who, err := t.agent("id", agentID)
		if err == nil && !sees(who, c) {
			err = noComputer()
		}
		return err
	})
	return c, err
}

// sees tells whether an agent may connect to a computer.
func sees(who deskhand.Agent, c deskhand.Computer) bool {
	return c.RemovedAt.IsZero() && (c.OwnerID == who.ID || c.Visibility == deskhand.VisibleToEveryone && who.Can(deskhand.MaySeeTeamComputers))
}

func noComputer() error { return deskhand.Errorf(deskhand.CodeNotFound, "There is no such computer.") }

// ComputerOnline notes that a computer is connected and how it is now: c has its id, user, system and address, and what its client says of its machine
// and its run. It returns the computer with a new epoch; whoever held an older one is no longer its connection. Its session, when one is open, goes
// on. Its ClonedAt is another than before when it was just found that two clients have its key, which is audited; nothing else is. Errors:
// CodeNotFound, CodeForbidden when it was removed, or when its key is no longer the one that c has.
func (s *Store) ComputerOnline(ctx context.Context, c deskhand.Computer) (out deskhand.Computer, err error) {
	err = s.write(ctx, deskhand.Server, func(t *tx) error {
		was, err := t.computer(c.ID)
		if err != nil {
			return err
		}
		if !was.RemovedAt.IsZero() {
			return &deskhand.Error{Code: deskhand.CodeForbidden, Fault: "This computer was removed.", Hint: "Set it up again."}
		}
		if len(c.PublicKey) > 0 && !bytes.Equal(c.PublicKey, was.PublicKey) {
			return &deskhand.Error{Code: deskhand.CodeForbidden, Fault: "This computer was set up anew.", Hint: "Use the newer one."}
		}
		if err := t.meet(was, c); err != nil {
			return err
		}
		if err := errors.Join(t.describeComputer(c), t.keepProgram(c.ID, c.Program)); err != nil {
			return err
		}
		if _, err := t.exec("UPDATE computer SET online = TRUE, prompts = $3, epoch = epoch + 1, last_seen_at = $1 WHERE id = $2", micros(t.now), c.ID, c.Prompts); err != nil {
			return err
		}
		if !was.Online {
			t.happened(deskhand.WebhookComputerOnline, c.ID)
		}
		if err := t.settleComputer(c.ID); err != nil {
			return err
		}
		out, err = t.computer(c.ID)
		return err
	})
	return out, err
}

// ComputerOffline notes that a computer's connection with this epoch was lost; the end of an older connection means nothing. Its session
// waits for ReconnectGrace. Not audited.
func (s *Store) ComputerOffline(ctx context.Context, id string, epoch int64) error {
	return s.write(ctx, deskhand.Server, func(t *tx) error {
		n, err := t.exec("UPDATE computer SET online = FALSE, last_seen_at = $1 WHERE id = $2 AND epoch = $3 AND online", micros(t.now), id, epoch)
		if err != nil || n == 0 {
			return err
		}
		t.happened(deskhand.WebhookComputerOffline, id)
		return t.settleComputer(id)
	})
}

// settleComputer settles the open session of a computer whose connection came or went.
func (t *tx) settleComputer(id string) error {
	t.changed(deskhand.TopicComputers, "", id)
	sessions, err := all(t, oneString, "SELECT id FROM session WHERE computer_id = $1 AND ended_at = 0", id)
	if err != nil {
		return err
	}
	for _, session := range sessions {
		if _, err := t.settle(session); err != nil {
			return err
		}
	}
	return nil
}

// ComputersSeen notes that connected computers are still there, so that after a crash of the server the time is about right. Call it every
// few minutes, not with every heartbeat. Not audited.
func (s *Store) ComputersSeen(ctx context.Context, ids []string) error {
	const batch = 500
	for len(ids) > 0 {
		n := min(batch, len(ids))
		err := s.write(ctx, deskhand.Server, func(t *tx) error {
			_, err := t.exec("UPDATE computer SET last_seen_at = $1 WHERE online AND id IN "+placeholders(2, n), append([]any{micros(t.now)}, anys(ids[:n])...)...)
			return err
		})
		if err != nil {
			return err
		}
		ids = ids[n:]
	}
	return nil
}

// RemoveComputer revokes a computer's key and ends what is open on it. Its owner and administrators may; for who sees it only it is
// CodeForbidden, for others CodeNotFound.
func (s *Store) RemoveComputer(ctx context.Context, actor deskhand.Actor, id string) (outs []deskhand.Outcome, err error) {
	err = s.write(ctx, actor, func(t *tx) error {
		c, err := t.seenComputer(id)
		if err != nil {
			return err
		}
		if err := t.mayRule(c); err != nil {
			return err
		}
		outs, err = t.removeComputer(c)
		return err
	})
	return outs, err
}

// ComputerLeaves is RemoveComputer at the wish of who administers the computer itself, which has proved its key. Removing it twice is no error.
func (s *Store) ComputerLeaves(ctx context.Context, actor deskhand.Actor, id string) (outs []deskhand.Outcome, err error) {
	err = s.write(ctx, actor, func(t *tx) error {
		c, err := t.computer(id)
		if err != nil || !c.RemovedAt.IsZero() {
			return err
		}
		outs, err = t.removeComputer(c)
		return err
	})
	return outs, err
}

func (t *tx) removeComputer(c deskhand.Computer) (outs []deskhand.Outcome, err error) {
	sessions, err := all(t, oneString, "SELECT id FROM session WHERE computer_id = $1 AND ended_at = 0", c.ID)
	if err != nil {
		return nil, err
	}
	for _, session := range sessions {
		var out deskhand.Outcome
		if out.Session, err = t.session(session); err != nil {
			return nil, err
		}
		if err := t.end(&out, deskhand.ReasonComputerRemoved); err != nil {
			return nil, err
		}
		outs = append(outs, out)
	}
	if _, err := t.exec("UPDATE computer SET removed_at = $1, online = FALSE WHERE id = $2", micros(t.now), c.ID); err != nil {
		return nil, err
	}
	if c.Online {
		t.happened(deskhand.WebhookComputerOffline, c.ID)
	}
	t.audit("computer.remove", c.ID, "name", c.Name)
	t.changed(deskhand.TopicComputers, "", c.ID)
	return outs, nil
}

// OpenComputer opens a view of an unattended computer that the acting agent sees: in its open session, or in a new one. Errors:
// CodeNotFound, CodeOffline.
func (s *Store) OpenComputer(ctx context.Context, actor deskhand.Actor, id string, level deskhand.Level) (v deskhand.Viewer, out deskhand.Outcome, err error) {
	err = s.write(ctx, actor, func(t *tx) error {
		c, err := t.reachable(id)
		if err != nil {
			return err
		}
		var session string
		err = t.row("SELECT id FROM session WHERE computer_id = $1 AND ended_at = 0 AND type = $2", id, deskhand.TypeUnattended).Scan(&session)
		if none(err) {
			session, err = t.startUnattended(c, deskhand.TypeUnattended)
		}
		if err != nil {
			return err
		}
		if out.Session, err = t.session(session); err != nil {
			return err
		}
		v, err = t.openViewer(&out, "", level)
		return err
	})
	return v, out, err
}

// reachable finds a computer that the acting agent may connect to, and that is there.
func (t *tx) reachable(id string) (deskhand.Computer, error) {
	c, err := t.computer(id)
	if err != nil {
		return c, err
	}
	who, err := t.agent("id", t.actor.AgentID)
	switch {
	case err != nil:
		return c, err
	case !sees(who, c):
		return c, noComputer()
	case !c.Online:
		return c, &deskhand.Error{Code: deskhand.CodeOffline, Fault: fmt.Sprintf("%s is offline.", c.Name), Hint: "It can be connected to as soon as it is back."}
	}
	return c, nil
}

func (t *tx) startUnattended(c deskhand.Computer, kind deskhand.Type) (string, error) {
	s := deskhand.Session{
		Type: kind, OwnerID: t.actor.AgentID, ComputerID: c.ID, EndUserName: c.UserName, Computer: c.Name,
		UserName: c.UserName, System: c.System, Address: c.Address, Consent: deskhand.ConsentNotNeeded,
	}
	err := t.insertSession(&s)
	t.changed(deskhand.TopicComputers, "", c.ID)
	return s.ID, err
}

// placeholders is "($first, …)" for n values.
func placeholders(first, n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, ",$%d", first+i)
	}
	return "(" + strings.TrimPrefix(b.String(), ",") + ")"
}

func anys(list []string) []any {
	out := make([]any, len(list))
	for i, v := range list {
		out[i] = v
	}
	return out
}
