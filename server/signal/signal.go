// Package signal holds the clients' signalling connections (docs/protocol.md, "Signalling") and does for agents what reaches a client:
// open a view, close it, choose who shares, end a session.
//
// Truth is in the database. A client's node serves the subject "client." and its id on the bus; whoever changed something that concerns
// the client tells it there to look, and the node then reads how things stand. Only Open carries something: what is not kept.
package signal

import (
	"context"
	"crypto/ed25519"
	"log/slog"
	"net/http"
	"sync"
	"time"

	"deskhand"
	"deskhand/wire"
)

// Participants keeps the clients of attended sessions.
type Participants interface {
	// Redeem: CodeNotFound (wrong or expired), CodeUsed, CodeLineFull, CodeAgentUnavailable.
	Redeem(ctx context.Context, actor deskhand.Actor, code string, p deskhand.Participant) (deskhand.Participant, deskhand.Outcome, error)
	// ResumeParticipant: CodeNotFound (wrong id or secret), CodeSessionOver.
	ResumeParticipant(ctx context.Context, actor deskhand.Actor, p deskhand.Participant) (deskhand.Participant, deskhand.Outcome, error)
	UpdateParticipant(ctx context.Context, actor deskhand.Actor, p deskhand.Participant) error
	ParticipantOffline(ctx context.Context, id string, epoch int64) (deskhand.Outcome, error)
	LeaveParticipant(ctx context.Context, actor deskhand.Actor, id string, reason deskhand.Reason) (deskhand.Outcome, error)
	ParticipantByID(ctx context.Context, id string) (deskhand.Participant, error)
	SetQuality(ctx context.Context, id string, q deskhand.Quality) error
}

// Sessions keeps the sessions.
type Sessions interface {
	Session(ctx context.Context, id string) (deskhand.LiveSession, error)
	EndSession(ctx context.Context, actor deskhand.Actor, id string, reason deskhand.Reason) (deskhand.Outcome, error)
	// Pick: CodeNotFound, CodeSessionOver, CodeOffline.
	Pick(ctx context.Context, actor deskhand.Actor, sessionID, participantID string) (deskhand.Outcome, error)
	// Separate: CodeNotFound, CodeSessionOver, CodeConflict, CodeOffline.
	Separate(ctx context.Context, actor deskhand.Actor, sessionID, participantID string) (own, rest deskhand.Outcome, err error)
	// Transfer: CodeNotFound, CodeForbidden, CodeSessionOver, CodeConflict, CodeInvalid.
	Transfer(ctx context.Context, actor deskhand.Actor, sessionID, agentID string) (deskhand.Outcome, error)
}

// Views keeps the agents' views.
type Views interface {
	// OpenViewer: CodeNotFound, CodeSessionOver, CodeOffline, CodeConflict.
	OpenViewer(ctx context.Context, actor deskhand.Actor, sessionID, participantID string, level deskhand.Level) (deskhand.Viewer, deskhand.Outcome, error)
	// OpenComputer: CodeNotFound, CodeOffline, CodeConflict.
	OpenComputer(ctx context.Context, actor deskhand.Actor, id string, level deskhand.Level) (deskhand.Viewer, deskhand.Outcome, error)
	// SetViewerState: CodeNotFound, CodeConflict.
	SetViewerState(ctx context.Context, actor deskhand.Actor, id string, state deskhand.ViewerState, level deskhand.Level) (deskhand.Outcome, error)
	// Asked notes that the end-user of an unattended computer is asked.
	Asked(ctx context.Context, actor deskhand.Actor, id string) error
	CloseViewer(ctx context.Context, actor deskhand.Actor, id string, reason deskhand.Reason, bytesDown, bytesUp int64) (deskhand.Outcome, error)
	Viewer(ctx context.Context, id string) (deskhand.Viewer, error)
	Viewers(ctx context.Context, ids []string) ([]deskhand.Viewer, error)
}

// Prompts keeps the command prompts.
type Prompts interface {
	// OpenPrompt: CodeNotFound, CodeSessionOver, CodeOffline, CodeConflict.
	OpenPrompt(ctx context.Context, actor deskhand.Actor, r deskhand.ViewRequest) (deskhand.Viewer, deskhand.Outcome, error)
	// EndPrompt: CodeNotFound. clientID is whose word it is; empty: it is the agent's wish.
	EndPrompt(ctx context.Context, actor deskhand.Actor, clientID, id string, reason deskhand.Reason, exitCode int) (deskhand.Outcome, error)
	KeepPrompts(ctx context.Context, actor deskhand.Actor, clientID string, list []deskhand.Prompt) ([]deskhand.Outcome, error)
	KeepOutput(ctx context.Context, clientID string, pieces []deskhand.PromptOutput) error
	// PromptsOver are those of a client's prompts that have ended, or are not its own, and why.
	PromptsOver(ctx context.Context, clientID string, ids []string) (map[string]deskhand.Reason, error)
}

// Computers keeps the unattended computers.
type Computers interface {
	ComputerByID(ctx context.Context, id string) (deskhand.Computer, error)
	// ComputerOnline: CodeNotFound, CodeForbidden (removed).
	ComputerOnline(ctx context.Context, c deskhand.Computer) (deskhand.Computer, error)
	ComputerOffline(ctx context.Context, id string, epoch int64) error
	ComputersSeen(ctx context.Context, ids []string) error
	// ComputerLeaves removes the computer at its own wish. CodeNotFound.
	ComputerLeaves(ctx context.Context, actor deskhand.Actor, id string) ([]deskhand.Outcome, error)
	SaveInventory(ctx context.Context, computerID string, i deskhand.Inventory) error
}

// People knows whose name end-users are shown.
type People interface {
	AgentByID(ctx context.Context, id string) (deskhand.Agent, error)
	Branding(ctx context.Context) (deskhand.Branding, error)
	// ClientLogo is the branding's logo as clients get it.
	ClientLogo(ctx context.Context, b deskhand.Branding) ([]byte, error)
	Policy(ctx context.Context) (deskhand.Policy, error)
}

// Bus reaches the node that holds a client.
type Bus interface {
	Publish(subject string, data []byte) error
	Serve(subject string, f func(data []byte) []byte) (cancel func(), err error)
	// Request fails at once when nobody serves the subject.
	Request(ctx context.Context, subject string, data []byte) ([]byte, error)
}

// Relay carries the bytes between a client and a viewer.
type Relay interface {
	// Issue makes the two tickets of a view, valid once and for 60 s.
	Issue(viewerID string) (client, viewer string)
	// Close cuts a view's connections, when there are any.
	Close(viewerID string, reason wire.Reason)
}

// Keys signs what a client may accept, and checks what a computer proves.
type Keys interface {
	GrantKey() ed25519.PublicKey
	SignGrant(*wire.GrantPayload) (*wire.Grant, error)
	VerifyComputerProof(key ed25519.PublicKey, challenge []byte, proof *wire.ComputerProof) bool
}

// Conn is a connection that carries frames; one goroutine reads, any may write and close.
type Conn interface {
	ReadFrame() (wire.Frame, error)
	Write(frames ...wire.Frame) error
	SetLimit(payload int)
	// Ping is how long the other end takes to answer; 0: that is not known.
	Ping(ctx context.Context) (time.Duration, error)
	Close(reason wire.Reason) error
}

// Config is what a Server stands on.
type Config struct {
	Participants Participants
	Sessions     Sessions
	Views        Views
	Prompts      Prompts
	Computers    Computers
	People       People
	Invites      Invites
	Bus          Bus
	Relay        Relay
	Keys         Keys

	// Accept makes a request a connection, or answers it: no cookie and no Origin header is taken.
	Accept     func(http.ResponseWriter, *http.Request) (Conn, error)
	Address    func(*http.Request) string // where a request comes from
	ServerName string                     // host of the public URL
	Release    func() uint64              // of the clients that the server offers; nil: none
	Version    string                     // of the server, for people
	// Cloned is called when two clients were found to have a computer's key; it does not block.
	Cloned func(deskhand.Computer)

	HelloWithin   time.Duration    // 0: 5 s
	CodeWithin    time.Duration    // for a code or a proof after the hello; 0: 5 min
	WrongAnswerIn time.Duration    // every wrong code is answered after that long, alike; 0: 300 ms
	WorkBits      uint32           // of the work that a try costs while too many are wrong; 0: 23, one to a few seconds of one processor
	Now           func() time.Time // nil: time.Now
	Log           *slog.Logger
}

// Server holds this node's clients. It is the http.Handler of /client/signal.
type Server struct {
	Config
	throttle *throttle

	mu        sync.Mutex
	clients   map[*client]struct{} // guarded by mu
	strangers map[string]int       // guarded by mu: connections of a network that have not shown who they are
	views     map[string]string    // guarded by mu: views opened from this node, with the login or API token that opened them
	closed    bool                 // guarded by mu
	running   sync.WaitGroup
}

// maxStrangers is how many connections of one network (see deskhand.Network) may have shown neither code nor key.
const maxStrangers = 256

// New makes a Server.
func New(c Config) *Server {
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	if c.Now == nil {
		c.Now = time.Now
	}
	if c.WorkBits == 0 {
		c.WorkBits = 23
	}
	for _, d := range []struct {
		value *time.Duration
		unset time.Duration
	}{{&c.HelloWithin, 5 * time.Second}, {&c.CodeWithin, 5 * time.Minute}, {&c.WrongAnswerIn, 300 * time.Millisecond}} {
		if *d.value == 0 {
			*d.value = d.unset
		}
	}
	return &Server{Config: c, throttle: newThrottle(c.Now), clients: map[*client]struct{}{}, strangers: map[string]int{}, views: map[string]string{}}
}

func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	address := s.Address(r)
	c := &client{server: s, address: address, noStranger: s.stranger(deskhand.Network(address))}
	if c.noStranger == nil {
		w.Header().Set("Retry-After", "5")
		http.Error(w, "Too many connections from this network wait for a code.", http.StatusTooManyRequests)
		return
	}
	defer c.noStranger()
	conn, err := s.Accept(w, r)
	if err != nil {
		return // it has been answered
	}
	c.conn = conn
	if !s.join(c) {
		_ = conn.Close(wire.ReasonServerStopping)
		return
	}
	defer s.leave(c)
	c.run()
}

// stranger counts a connection that has not shown who it is; over ends that. nil: there are too many.
func (s *Server) stranger(network string) (over func()) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.strangers[network] >= maxStrangers {
		return nil
	}
	s.strangers[network]++
	return sync.OnceFunc(func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		if s.strangers[network]--; s.strangers[network] == 0 {
			delete(s.strangers, network)
		}
	})
}

func (s *Server) join(c *client) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return false
	}
	s.clients[c] = struct{}{}
	s.running.Add(1)
	return true
}

func (s *Server) leave(c *client) {
	s.mu.Lock()
	delete(s.clients, c)
	s.mu.Unlock()
	s.running.Done()
}

func (s *Server) all() []*client {
	s.mu.Lock()
	defer s.mu.Unlock()
	list := make([]*client, 0, len(s.clients))
	for c := range s.clients {
		list = append(list, c)
	}
	return list
}

// Clients is how many are connected.
func (s *Server) Clients() int { return len(s.all()) }

// Close tells the clients to move to another node, or to come back: their sessions go on. It takes no new ones.
func (s *Server) Close() {
	s.mu.Lock()
	s.closed = true
	s.mu.Unlock()
	for _, c := range s.all() {
		go c.conn.Close(wire.ReasonServerStopping) // running waits for its reader
	}
	s.running.Wait()
}

// Missed makes every client of this node look, since the bus may have lost a message.
func (s *Server) Missed() {
	for _, c := range s.all() {
		c.look()
	}
}

// Seen notes in the database which computers are connected. Call it every few minutes.
func (s *Server) Seen(ctx context.Context) error {
	var ids []string
	for _, c := range s.all() {
		if id := c.computerID(); id != "" {
			ids = append(ids, id)
		}
	}
	return s.Computers.ComputersSeen(ctx, ids)
}

// reasonOf is a reason of the database on the wire; the server that stops has two names.
func reasonOf(r deskhand.Reason) wire.Reason {
	if r == deskhand.ReasonServerStopped {
		return wire.ReasonServerStopping
	}
	return wire.ParseReason(string(r))
}
