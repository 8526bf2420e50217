package signal

import (
	"deskhand"
	"deskhand/wire"
)

// maxMark bounds what names a computer's machine or run, in characters.
const maxMark = 64

// prove lets an enrolled computer in by its key.
func (c *client) prove(m *wire.ComputerProof) error {
	ctx, cancel := c.context()
	defer cancel()
	computer, err := c.server.Computers.ComputerByID(ctx, m.ComputerId)
	switch {
	case err != nil && deskhand.CodeOf(err) != deskhand.CodeNotFound:
		return c.refuseFor(err)
	case err != nil || !c.server.Keys.VerifyComputerProof(computer.PublicKey, c.challenge, m):
		return c.refuse(&wire.Refused{Code: string(wire.RefusedNotEnrolled)})
	case !computer.RemovedAt.IsZero():
		return c.refuse(&wire.Refused{Code: string(wire.RefusedKeyRevoked)})
	}
	p, cloned := c.describe(), computer.ClonedAt
	has := c.status.GetRelease()
	computer, err = c.server.Computers.ComputerOnline(ctx, deskhand.Computer{
		ID: computer.ID, PublicKey: computer.PublicKey, UserName: p.UserName, System: p.System, Address: p.Address, Prompts: p.Prompts,
		Program: deskhand.Program{Version: c.version, Release: has.GetNumber(), Bad: has.GetBad()},
		Machine: deskhand.CleanText(m.Machine, maxMark), Run: deskhand.CleanText(m.Run, maxMark),
	})
	if err != nil {
		if deskhand.CodeOf(err) == deskhand.CodeForbidden {
			return c.refuse(&wire.Refused{Code: string(wire.RefusedKeyRevoked)})
		}
		return c.refuseFor(err)
	}
	if !computer.ClonedAt.Equal(cloned) && c.server.Cloned != nil {
		c.server.Cloned(computer)
	}
	return c.known(computer.ID, computer.Epoch, func() { c.computer = computer },
		&wire.ServerSignal{Message: &wire.ServerSignal_ComputerAccepted{ComputerAccepted: &wire.ComputerAccepted{Name: computer.Name}}})
}

// removes takes the computer out of unattended access, as who administers it wants.
func (c *client) removes() error {
	id := c.computerID()
	if id == "" {
		return nil
	}
	ctx, cancel := c.context()
	defer cancel()
	outs, err := c.server.Computers.ComputerLeaves(ctx, c.actor(), id)
	if err != nil {
		return c.failed("removing a computer", err)
	}
	err = c.refuse(&wire.Refused{Code: string(wire.RefusedKeyRevoked)})
	c.server.Tell(outs...)
	return err
}
