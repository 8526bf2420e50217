package signal

import (
	"bytes"
	"context"
	"crypto/rand"
	"crypto/sha256"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/time/rate"

	"deskhand"
	"deskhand/wire"
)

// Limits of what a client may send.
const (
	messagesPerSecond = 20
	messagesAtOnce    = 400 // as when 64 prompts are opened at once
	storeTimeout      = 10 * time.Second
	lastWords         = 3 * time.Second // for what prompts showed last, after the session's end
	maxRefusals       = 20              // on one connection: each costs the database something
)

// client is one signalling connection. Its reader runs in run; commands of the bus come on another goroutine.
type client struct {
	server       *Server
	conn         Conn
	address      string
	noStranger   func() // called when it has shown who it is
	challenge    []byte // of the hello, for ComputerProof
	refusals     int
	work         []byte // the challenge of a RefusedWorkNeeded that waits for its answer; nil: none
	status       *wire.ClientStatus
	version      string        // of the program
	opensPrompts bool          // it says that it can
	timer        *time.Timer   // ends the connection when the hello, the code or the proof does not come
	done         chan struct{} // closed when nothing more is read
	rating       sync.WaitGroup
	inventories  *rate.Limiter // of a computer
	hints        atomic.Int64  // to look, since somebody began to
	looking      sync.WaitGroup

	mu          sync.Mutex
	participant deskhand.Participant          // guarded by mu; attended
	computer    deskhand.Computer             // guarded by mu; unattended
	session     string                        // guarded by mu: attended
	owner       string                        // guarded by mu: the agent that the client knows as the session's
	secret      []byte                        // guarded by mu: by which the participant comes back
	grants      map[string]*wire.GrantPayload // guarded by mu: views that the client has not asked a grant for yet
	views       map[string]rights             // guarded by mu: views that the client has
	prompts     map[string]bool               // guarded by mu: prompts that the client has, or may have
	prompted    bool                          // guarded by mu: it has had some
	place       wire.Line                     // guarded by mu: what the client knows of the line
	waking      map[uint64]string             // guarded by mu: who waits for a computer's WakeResult, by its request
	left        bool                          // guarded by mu: the end-user went
	over        bool                          // guarded by mu: the last word was sent
	gone        bool                          // guarded by mu: nobody looks any more
	stop        func()                        // ends the service on the bus; nil before the client is known
}

func (c *client) run() {
	c.grants, c.views, c.done = map[string]*wire.GrantPayload{}, map[string]rights{}, make(chan struct{})
	c.prompts = map[string]bool{}
	c.waking, c.inventories = map[uint64]string{}, rate.NewLimiter(rate.Every(inventoryEvery), inventoryBurst)
	c.timer = time.AfterFunc(c.server.HelloWithin, func() { _ = c.conn.Close(wire.ReasonTimeout) })
	err := c.hello()
	if err == nil {
		c.timer.Reset(c.server.CodeWithin)
		err = c.listen()
	}
	c.timer.Stop()
	close(c.done)
	c.end(err)
	c.rating.Wait()
	c.looking.Wait()
}

// hello agrees on a version.
func (c *client) hello() error {
	m, err := c.read()
	if err != nil {
		return err
	}
	hello := m.GetHello()
	if hello == nil {
		return wire.Violation("the first message is not a hello")
	}
	version, err := wire.Negotiate(hello.Version, hello.MinVersion)
	var disagree *wire.VersionError
	if errors.As(err, &disagree) {
		_ = c.refuse(&wire.Refused{Code: string(disagree.Code)})
		return &wire.ProtocolError{Reason: disagree.Reason(), Err: err}
	}
	if err != nil {
		return err
	}
	c.setStatus(hello.Status)
	c.version = hello.ClientVersion
	c.opensPrompts = slices.Contains(hello.Capabilities, wire.CapabilityPrompt)
	c.challenge = make([]byte, 32)
	rand.Read(c.challenge)
	answer := &wire.ServerHello{
		Version: version, ServerVersion: c.server.Version, GrantKey: c.server.Keys.GrantKey(), Challenge: c.challenge, ServerName: c.server.ServerName,
		Capabilities: []string{wire.CapabilityKeep},
	}
	if c.server.Release != nil {
		answer.Release = c.server.Release()
	}
	if err := c.brand(answer, hello.LogoHash); err != nil {
		return c.failed("reading the branding", err)
	}
	return c.send(&wire.ServerSignal{Message: &wire.ServerSignal_Hello{Hello: answer}})
}

// brand says whose support it is; has is the SHA-256 of the logo that the client has.
func (c *client) brand(hello *wire.ServerHello, has []byte) error {
	ctx, cancel := c.context()
	defer cancel()
	b, err := c.server.People.Branding(ctx)
	if err != nil {
		return err
	}
	hello.Company, hello.Color = b.Company, b.Color
	if b.Logo == "" {
		return nil
	}
	picture, err := c.server.People.ClientLogo(ctx, b)
	if err != nil {
		c.server.Log.Warn("a client gets no logo", "err", err) // it can do without
		return nil
	}
	hash := sha256.Sum256(picture)
	hello.LogoHash = hash[:]
	if !bytes.Equal(hash[:], has) {
		hello.Logo = picture
	}
	return nil
}

// listen takes the client's messages until the connection ends.
func (c *client) listen() error {
	pace := rate.NewLimiter(messagesPerSecond, messagesAtOnce)
	for {
		m, err := c.read()
		if err != nil {
			return err
		}
		if !pace.Allow() {
			return wire.Violation("more than %d messages a second", messagesPerSecond)
		}
		if err := c.handle(m); err != nil {
			return err
		}
	}
}

func (c *client) handle(m *wire.ClientSignal) error {
	known := c.stop != nil
	switch m := m.Message.(type) {
	case *wire.ClientSignal_Redeem:
		if !known {
			return c.redeem(m.Redeem)
		}
	case *wire.ClientSignal_Resume:
		if !known {
			return c.resume(m.Resume)
		}
	case *wire.ClientSignal_ComputerProof:
		if !known {
			return c.prove(m.ComputerProof)
		}
	case *wire.ClientSignal_Status:
		c.setStatus(m.Status)
		if known {
			return c.updated()
		}
	case *wire.ClientSignal_GrantRequest:
		return c.grant(m.GrantRequest)
	case *wire.ClientSignal_ViewerState:
		return c.viewerState(m.ViewerState)
	case *wire.ClientSignal_RemoveComputer:
		return c.removes()
	case *wire.ClientSignal_Inventory:
		return c.inventoried(m.Inventory)
	case *wire.ClientSignal_WakeResult:
		return c.woke(m.WakeResult)
	case *wire.ClientSignal_PromptList:
		return c.promptList(m.PromptList)
	case *wire.ClientSignal_PromptTranscript:
		return c.transcript(m.PromptTranscript)
	case *wire.ClientSignal_PromptEnded:
		return c.promptEnded(m.PromptEnded)
	case *wire.ClientSignal_KeepRequest:
		if known {
			return c.keep(m.KeepRequest)
		}
	case *wire.ClientSignal_Leave:
		return c.leaves(deskhand.ReasonEndedByEndUser)
	case *wire.ClientSignal_Stop:
		reason := deskhand.ReasonEndedByEndUser
		if m.Stop.GetReason() == string(deskhand.ReasonDisplayGone) {
			reason = deskhand.ReasonDisplayGone
		}
		return c.stops(reason)
	}
	return nil // a newer client's message, or one that means nothing now
}

// end does what follows from a connection's end: the client may come back.
func (c *client) end(err error) {
	c.mu.Lock()
	c.gone = true
	c.mu.Unlock()
	if c.stop != nil {
		c.stop()
		ctx, cancel := c.context()
		defer cancel()
		c.offline(ctx)
	}
	var reason wire.Reason
	var violation *wire.ProtocolError
	if errors.As(err, &violation) {
		reason = violation.Reason
	}
	_ = c.conn.Close(reason)
	c.server.Log.LogAttrs(context.Background(), slog.LevelDebug, "client's connection ended",
		slog.String("address", c.address), slog.Any("err", err))
}

// failed ends the connection for a fault of the server.
func (c *client) failed(doing string, err error) error {
	if err == nil {
		return nil
	}
	c.server.Log.Error("serving a client: "+doing, "address", c.address, "err", err)
	return &wire.ProtocolError{Reason: wire.ReasonInternal, Err: fmt.Errorf("%s: %w", doing, err)}
}

// read waits for the next signal; frames of other types are skipped.
func (c *client) read() (*wire.ClientSignal, error) {
	for {
		f, err := c.conn.ReadFrame()
		if err != nil {
			return nil, err
		}
		if f.Type() != wire.FrameSignal {
			continue
		}
		var m wire.ClientSignal
		if err := f.Decode(&m); err != nil {
			return nil, err
		}
		return &m, nil
	}
}

func (c *client) send(messages ...*wire.ServerSignal) error {
	frames := make([]wire.Frame, 0, len(messages))
	for _, m := range messages {
		f, err := wire.EncodeFrame(wire.FrameSignal, m)
		if err != nil {
			return err
		}
		frames = append(frames, f)
	}
	return c.conn.Write(frames...)
}

// refuse says no; whoever was told so too often has to connect anew.
func (c *client) refuse(r *wire.Refused) error {
	if c.refusals++; c.refusals > maxRefusals {
		return wire.Violation("refused more than %d times", maxRefusals)
	}
	return c.send(&wire.ServerSignal{Message: &wire.ServerSignal_Refused{Refused: r}})
}

// refusals are the faults that a client is told; others are internal.
var refusals = map[deskhand.Code]wire.RefusalCode{
	deskhand.CodeNotFound:         wire.RefusedWrongCode,
	deskhand.CodeUsed:             wire.RefusedUsed,
	deskhand.CodeLineFull:         wire.RefusedLineFull,
	deskhand.CodeAgentUnavailable: wire.RefusedAgentUnavailable,
	deskhand.CodeSessionOver:      wire.RefusedSessionOver,
}

func (c *client) refuseFor(err error) error {
	code, ok := refusals[deskhand.CodeOf(err)]
	if !ok {
		c.server.Log.Error("a client's request failed", "address", c.address, "err", err)
		code = wire.RefusedInternal
	}
	return c.refuse(&wire.Refused{Code: string(code)})
}

// known makes this the client's connection: it is reached on the bus from now on, and older ones end. first is what the client gets
// before anything that comes by the bus. The caller holds no lock.
func (c *client) known(id string, epoch int64, set func(), first ...*wire.ServerSignal) error {
	c.timer.Stop()
	c.noStranger()
	c.conn.SetLimit(wire.MaxSignal)
	c.mu.Lock()
	defer c.mu.Unlock()
	set()
	stop, err := c.server.Bus.Serve(subject(id), c.command)
	if err != nil {
		return c.failed("serving the bus", err)
	}
	c.stop = stop
	if err := c.server.Bus.Publish(subject(id), command{Kind: commandNewer, Epoch: epoch}.encode()); err != nil {
		return c.failed("ending older connections", err)
	}
	return c.send(first...)
}

func (c *client) isOlder(epoch int64) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return max(c.participant.Epoch, c.computer.Epoch) < epoch
}

func (c *client) computerID() string {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.computer.ID
}

// context bounds one request to the database. It outlives the connection, since what is to be written then is that it ended.
func (c *client) context() (context.Context, context.CancelFunc) {
	return context.WithTimeout(context.Background(), storeTimeout)
}

func (c *client) setStatus(s *wire.ClientStatus) {
	if s == nil {
		s = &wire.ClientStatus{}
	}
	c.status = s
}

// actor is the client as the audit names it.
func (c *client) actor() deskhand.Actor {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.computer.ID != "" {
		return deskhand.Actor{Name: "computer " + c.computer.Name, Address: c.address}
	}
	return deskhand.Actor{Name: "end-user", Address: c.address}
}
