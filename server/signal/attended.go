package signal

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"math"
	"strings"
	"time"

	"deskhand"
	"deskhand/wire"
)

// redeem lets an end-user in by a code.
func (c *client) redeem(r *wire.Redeem) error {
	began := time.Now()
	s := c.server
	if wait := s.throttle.wait(c.address); wait > 0 {
		return c.refuse(&wire.Refused{Code: string(wire.RefusedThrottled), RetryAfterSeconds: uint32(math.Ceil(wait.Seconds()))})
	}
	if s.throttle.busy() && !c.worked(r.Work) {
		return c.askWork()
	}
	code, ok := codeOf(r)
	secret := make([]byte, 32)
	rand.Read(secret)
	hash := sha256.Sum256(secret)
	p := c.describe()
	p.SecretHash = hash[:]

	ctx, cancel := c.context()
	defer cancel()
	var out deskhand.Outcome
	err := error(deskhand.Errorf(deskhand.CodeNotFound, "This is no code."))
	if ok {
		p, out, err = s.Participants.Redeem(ctx, c.actor(), code, p)
	}
	if err != nil {
		if deskhand.CodeOf(err) == deskhand.CodeNotFound {
			s.throttle.wrong(c.address)
			time.Sleep(s.WrongAnswerIn - time.Since(began)) // alike for unknown and expired
		}
		return c.refuseFor(err)
	}
	return c.entered(ctx, p, secret, out)
}

// codeOf is the code in its kept form; ok is false for what no invite can have. A connection ID is never tried as a link's code, nor the
// other way round.
func codeOf(r *wire.Redeem) (code string, ok bool) {
	switch r := r.Code.(type) {
	case *wire.Redeem_LinkCode:
		return r.LinkCode, len(r.LinkCode) > 6 && len(r.LinkCode) <= 64
	case *wire.Redeem_ConnectionId:
		code = strings.NewReplacer(" ", "", "-", "", "\u00a0", "").Replace(r.ConnectionId)
		return code, len(code) == 6 && strings.Trim(code, "0123456789") == ""
	}
	return "", false
}

// worked reports whether the client did the work that it was asked for; each piece of work counts once.
func (c *client) worked(work []byte) bool {
	challenge := c.work
	c.work = nil
	return challenge != nil && wire.WorkDone(challenge, work, c.server.WorkBits)
}

func (c *client) askWork() error {
	c.work = make([]byte, 32)
	rand.Read(c.work)
	return c.refuse(&wire.Refused{Code: string(wire.RefusedWorkNeeded), Work: c.work, WorkBits: c.server.WorkBits})
}

// resume lets an end-user's client back in after a lost connection.
func (c *client) resume(r *wire.Resume) error {
	hash := sha256.Sum256(r.ParticipantSecret)
	p := c.describe()
	p.ID, p.SecretHash = r.ParticipantId, hash[:]
	ctx, cancel := c.context()
	defer cancel()
	p, out, err := c.server.Participants.ResumeParticipant(ctx, c.actor(), p)
	if err != nil {
		return c.refuseFor(err) // 256 bits: nobody guesses them
	}
	return c.entered(ctx, p, r.ParticipantSecret, out)
}

// entered tells the client that it is in, and the others what that means for them.
func (c *client) entered(ctx context.Context, p deskhand.Participant, secret []byte, out deskhand.Outcome) error {
	welcome, err := c.welcome(ctx, p.ID, secret, out.Session)
	if err != nil {
		return c.refuseFor(err)
	}
	place := wire.Line{Place: uint32(p.Place), Length: uint32(len(out.Session.Line))}
	err = c.known(p.ID, p.Epoch, func() {
		c.participant, c.session, c.owner, c.secret = p, p.SessionID, out.Session.OwnerID, secret
		c.place.Place, c.place.Length = place.Place, place.Length
		if p.Sharing {
			for _, v := range out.Session.Viewers {
				c.views[v.ID] = rights{}
			}
		}
	}, welcome, &wire.ServerSignal{Message: &wire.ServerSignal_Line{Line: &place}})
	if err != nil {
		return err
	}
	c.rating.Go(func() { c.rate(p.ID) })
	c.server.Tell(out)
	return nil
}

// welcome tells an end-user's client which session it is in, and whose.
func (c *client) welcome(ctx context.Context, participantID string, secret []byte, s deskhand.LiveSession) (*wire.ServerSignal, error) {
	agent, err := c.server.agent(ctx, s.OwnerID)
	if err != nil {
		return nil, err
	}
	return &wire.ServerSignal{Message: &wire.ServerSignal_Redeemed{Redeemed: &wire.Redeemed{
		SessionId: s.ID, ParticipantId: participantID, ParticipantSecret: secret, Agent: agent, Ticket: s.Ticket, EndUserName: s.EndUserName,
	}}}, nil
}

// agent is how end-users see an agent.
func (s *Server) agent(ctx context.Context, id string) (*wire.Agent, error) {
	a, err := s.People.AgentByID(ctx, id)
	if err != nil {
		return nil, err
	}
	b, err := s.People.Branding(ctx)
	if err != nil {
		return nil, err
	}
	return &wire.Agent{Id: a.ID, Name: a.Name, Title: a.Title, Company: b.Company, ConsentWords: b.ConsentWords}, nil
}

// describe is the client's computer as it says.
func (c *client) describe() deskhand.Participant {
	st := c.status
	return deskhand.Participant{
		Computer: st.ComputerName, UserName: st.UserName, System: st.System, Language: st.Language, Elevated: st.Elevated,
		Displays: len(st.Displays), Address: c.address, Prompts: c.opensPrompts,
	}
}

// updated keeps a changed status.
func (c *client) updated() error {
	if c.computerID() != "" {
		return nil // it is kept when the computer connects
	}
	p := c.describe()
	c.mu.Lock()
	p.ID = c.participant.ID
	c.mu.Unlock()
	ctx, cancel := c.context()
	defer cancel()
	return c.failed("keeping a status", c.server.Participants.UpdateParticipant(ctx, c.actor(), p))
}

// leaves takes the end-user out of the line.
func (c *client) leaves(reason deskhand.Reason) error {
	c.mu.Lock()
	id := c.participant.ID
	c.left = id != ""
	c.mu.Unlock()
	if id == "" {
		return nil
	}
	ctx, cancel := c.context()
	defer cancel()
	out, err := c.server.Participants.LeaveParticipant(ctx, c.actor(), id, reason)
	c.server.Tell(out)
	return c.failed("leaving a session", err)
}

// stops ends the session for all when the end-user shares; who only stands in line leaves it.
func (c *client) stops(reason deskhand.Reason) error {
	ctx, cancel := c.context()
	defer cancel()
	c.mu.Lock()
	session, id := c.session, c.participant.ID
	c.mu.Unlock()
	if session == "" {
		return nil
	}
	live, err := c.server.Sessions.Session(ctx, session)
	if err != nil {
		return c.failed("reading a session", err)
	}
	if p, ok := live.Sharing(); !ok || p.ID != id {
		return c.leaves(reason)
	}
	out, err := c.server.Sessions.EndSession(ctx, c.actor(), session, reason)
	c.server.Tell(out)
	return c.failed("ending a session", err)
}

// offline notes that the connection was lost.
func (c *client) offline(ctx context.Context) {
	c.mu.Lock()
	p, computer := c.participant, c.computer
	c.mu.Unlock()
	var err error
	if computer.ID != "" {
		err = c.server.Computers.ComputerOffline(ctx, computer.ID, computer.Epoch)
	} else {
		var out deskhand.Outcome
		out, err = c.server.Participants.ParticipantOffline(ctx, p.ID, p.Epoch)
		c.server.Tell(out)
	}
	if err != nil && deskhand.CodeOf(err) != deskhand.CodeNotFound {
		c.server.Log.Error("noting a lost client", "err", err)
	}
}
