package store

import (
	"context"
	"crypto/ed25519"
	"fmt"

	"deskhand"
)

// EnrolComputer adds a computer for the acting agent. Errors: CodeInvalid; CodeConflict when the same installation of the client, by its key or its
// machine, is a computer already: another agent's, or with the field "replace" the acting agent's own.
func (s *Store) EnrolComputer(ctx context.Context, actor deskhand.Actor, c deskhand.Computer) (deskhand.Computer, error) {
	return s.enrolFor(ctx, actor, c, false)
}

// ReplaceComputer is EnrolComputer for who knows that the computer may be theirs already: then it keeps its id and what agents have set, with the
// new key. The old key is worth nothing any more, and who comes by it is no longer the computer.
func (s *Store) ReplaceComputer(ctx context.Context, actor deskhand.Actor, c deskhand.Computer) (deskhand.Computer, error) {
	return s.enrolFor(ctx, actor, c, true)
}

func (s *Store) enrolFor(ctx context.Context, actor deskhand.Actor, c deskhand.Computer, replace bool) (out deskhand.Computer, err error) {
	if err := checkEnrolment(&c); err != nil {
		return out, err
	}
	c.OwnerID = actor.AgentID
	err = s.write(ctx, actor, func(t *tx) error { out, err = t.enrol(c, replace); return err })
	return out, err
}

// CheckEnrolment says what EnrolComputer, or with replace ReplaceComputer, would say of an agent's computer now.
func (s *Store) CheckEnrolment(ctx context.Context, agentID string, c deskhand.Computer, replace bool) error {
	c.OwnerID = agentID
	return s.read(ctx, func(t *tx) error {
		_, err := t.mayEnrol(c, replace)
		return err
	})
}

// checkEnrolment cleans what a computer says of itself.
func checkEnrolment(c *deskhand.Computer) error {
	if len(c.PublicKey) != ed25519.PublicKeySize {
		return invalid("publicKey", "The computer's key is not an Ed25519 key.", "Use the client that this server offers.")
	}
	c.Name = deskhand.CleanText(c.Name, deskhand.MaxComputerNameLength)
	if c.Name == "" {
		return invalid("computerName", "The computer has no name.", "Give it one and try again.")
	}
	c.UserName, c.System = deskhand.CleanText(c.UserName, maxDescription), deskhand.CleanText(c.System, maxDescription)
	return nil
}

// enrol adds a computer to those of c.OwnerID.
func (t *tx) enrol(c deskhand.Computer, replace bool) (deskhand.Computer, error) {
	was, err := t.mayEnrol(c, replace)
	if err != nil {
		return c, err
	}
	if c.ID = was.ID; c.ID == "" {
		c.ID, err = t.insertComputer(c)
	} else {
		err = t.replaceComputer(was, c)
	}
	if err != nil {
		return c, err
	}
	t.changed(deskhand.TopicComputers, "", c.ID)
	return t.computer(c.ID)
}

// mayEnrol refuses what is another computer already, and finds the one that is replaced; it has no id when there is none.
func (t *tx) mayEnrol(c deskhand.Computer, replace bool) (was deskhand.Computer, err error) {
	if err := t.available(c.OwnerID, deskhand.MayAddComputers); err != nil {
		return was, err
	}
	was, err = t.sameInstallation(c)
	switch {
	case none(err):
		return deskhand.Computer{}, nil
	case err != nil:
		return was, err
	case was.OwnerID != c.OwnerID:
		return was, orConflict(nil, "This computer belongs to "+was.OwnerName+" already.", "Ask them or an administrator to remove it first.")
	case !replace:
		return was, &deskhand.Error{
			Code: deskhand.CodeConflict, Field: "replace", Fault: fmt.Sprintf("This computer is set up already, as %q.", was.Name),
			Hint: "It can be replaced: its group, tags and logs stay.",
		}
	}
	return was, nil
}

// sameInstallation finds the computer that has the key, or else the one of the same machine.
func (t *tx) sameInstallation(c deskhand.Computer) (deskhand.Computer, error) {
	was, err := scanComputer(t.row(computerQuery+" WHERE c.public_key = $1 AND c.removed_at = 0", c.PublicKey))
	if none(err) && c.Machine != "" {
		was, err = scanComputer(t.row(computerQuery+" WHERE c.machine = $1 AND c.removed_at = 0 ORDER BY c.created_at DESC LIMIT 1", c.Machine))
	}
	return was, err
}

func (t *tx) insertComputer(c deskhand.Computer) (id string, err error) {
	if id, err = t.store.newID(); err != nil {
		return "", err
	}
	_, err = t.exec(`INSERT INTO computer (id, owner_id, name, user_name, system, address, public_key, machine, visibility, online, epoch, created_at,
			last_seen_at, removed_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, FALSE, 0, $10, 0, 0)`,
		id, c.OwnerID, c.Name, c.UserName, c.System, c.Address, c.PublicKey, c.Machine, deskhand.VisibleToOwner, micros(t.now))
	t.audit("computer.enrol", id, "name", c.Name, "system", c.System, "owner", c.OwnerID)
	return id, err
}

// replaceComputer gives a computer the key of its new installation. Its connection by an older key is none any more: the epoch says so.
func (t *tx) replaceComputer(was, c deskhand.Computer) error {
	if err := t.describeComputer(c); err != nil {
		return err
	}
	t.audit("computer.replace", was.ID, "name", was.Name, "owner", was.OwnerID)
	if string(was.PublicKey) == string(c.PublicKey) {
		_, err := t.exec("UPDATE computer SET machine = $1 WHERE id = $2", c.Machine, was.ID)
		return err
	}
	if was.Online {
		t.happened(deskhand.WebhookComputerOffline, was.ID)
	}
	_, err := t.exec(`UPDATE computer SET public_key = $1, machine = $2, online = FALSE, epoch = epoch + 1, run = '', run_before = '', cloned_at = 0
		WHERE id = $3`, c.PublicKey, c.Machine, was.ID)
	if err != nil {
		return err
	}
	return t.settleComputer(was.ID)
}
