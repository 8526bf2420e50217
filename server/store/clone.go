package store

import (
	"time"

	"deskhand"
)

// cloneAlarmEvery is how often an alarm is raised while two go on taking the key from each other.
const cloneAlarmEvery = time.Hour

// meet notes which installation, and which run of it, has connected as a computer. Two clients have the same key when another machine comes with it
// while the one that it belongs to is there, or when a run comes back after another one had taken its place.
//
// Another machine while the computer is away is the same disk in a new box, or a restored backup: the key belongs there from now on.
func (t *tx) meet(was, c deskhand.Computer) error {
	var before string
	if err := t.row("SELECT run_before FROM computer WHERE id = $1", was.ID).Scan(&before); err != nil {
		return err
	}
	moved := c.Machine != "" && was.Machine != "" && c.Machine != was.Machine
	cloned := moved && was.Online || c.Run != "" && c.Run != was.Run && c.Run == before
	clonedAt := was.ClonedAt
	switch {
	case cloned && t.now.Sub(was.ClonedAt) >= cloneAlarmEvery:
		clonedAt = t.now
		t.audit("computer.cloned", was.ID, "name", was.Name, "owner", was.OwnerID, "address", c.Address, "before", was.Address)
	case moved && !cloned:
		t.audit("computer.machine", was.ID, "name", was.Name, "owner", was.OwnerID, "address", c.Address, "before", was.Address)
	}
	if cloned || c.Machine == "" {
		c.Machine = was.Machine
	}
	switch c.Run {
	case "", was.Run: // a client that only looks in, or the one that was here last
		c.Run = was.Run
	default:
		before = was.Run
	}
	_, err := t.exec("UPDATE computer SET machine = $1, run = $2, run_before = $3, cloned_at = $4 WHERE id = $5", c.Machine, c.Run, before, micros(clonedAt), was.ID)
	return err
}
