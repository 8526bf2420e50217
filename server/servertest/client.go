package servertest

import (
	"context"
	"crypto/ed25519"
	"encoding/base64"
	"fmt"
	"net/http"
	"testing"
	"time"

	"deskhand/secure"
	"deskhand/server/httpapi"
	"deskhand/transport"
	"deskhand/wire"
)

// Client is the program on an end-user's or an unattended computer. What it gets waits in Signals.
type Client struct {
	Hello    *wire.ServerHello
	Redeemed *wire.Redeemed // once it is in
	Signals  chan *wire.ServerSignal
	Err      chan error // gets one, when the connection has ended

	t      testing.TB
	server *Server
	conn   transport.Conn
	key    ed25519.PrivateKey // an unattended computer's
	id     string
}

// Client connects and says hello as a computer with a name.
func (s *Server) Client(computer string) *Client {
	s.t.Helper()
	return s.connect(computer, nil)
}

// Forwarded is Client as if through a proxy that says from where.
func (s *Server) Forwarded(from, computer string) *Client {
	s.t.Helper()
	return s.connect(computer, http.Header{"X-Forwarded-For": {from}})
}

func (s *Server) connect(computer string, header http.Header) *Client {
	s.t.Helper()
	c := &Client{t: s.t, server: s, Signals: make(chan *wire.ServerSignal, 100), Err: make(chan error, 1)}
	ctx, cancel := context.WithTimeout(context.Background(), Within)
	defer cancel()
	c.conn = must[transport.Conn](s.t, "connecting a client")((&transport.Dialer{Header: header}).Dial(ctx, s.URL.String()+"/client/signal"))
	s.t.Cleanup(func() { _ = c.conn.Close("") })
	c.conn.SetLimit(wire.MaxSignal)
	go c.read()
	c.Send(&wire.ClientSignal{Message: &wire.ClientSignal_Hello{Hello: &wire.ClientHello{
		Version: wire.Version, MinVersion: wire.MinVersion, ClientVersion: "test", Capabilities: []string{wire.CapabilityPrompt},
		Status: &wire.ClientStatus{
			ComputerName: computer, UserName: "user", System: "Debian GNU/Linux 12", Arch: "amd64", Language: "en",
			Displays: []*wire.Display{{Id: 1, Width: 1280, Height: 800, Primary: true}},
		},
	}}})
	c.Hello = c.Next().GetHello()
	if c.Hello == nil {
		s.t.Fatal("the server's first word is no hello")
	}
	return c
}

func (c *Client) read() {
	for {
		f, err := c.conn.ReadFrame()
		if err != nil {
			c.Err <- err
			close(c.Signals)
			return
		}
		m := &wire.ServerSignal{}
		if err := f.Decode(m); err != nil {
			c.Err <- err
			close(c.Signals)
			return
		}
		c.Signals <- m
	}
}

// Send sends a message.
func (c *Client) Send(m *wire.ClientSignal) {
	c.t.Helper()
	f := must[wire.Frame](c.t, "encoding a signal")(wire.EncodeFrame(wire.FrameSignal, m))
	if err := c.conn.Write(f); err != nil {
		c.t.Fatalf("sending a signal: %v", err)
	}
}

// Next is the next message from the server.
func (c *Client) Next() *wire.ServerSignal {
	c.t.Helper()
	select {
	case m, ok := <-c.Signals:
		if !ok {
			c.t.Fatalf("the connection ended: %v", <-c.Err)
		}
		return m
	case <-time.After(Within):
		c.t.Fatal("the server says nothing")
		return nil
	}
}

// Await reads until get finds what it wants, and returns that.
func Await[T comparable](c *Client, get func(*wire.ServerSignal) T) T {
	c.t.Helper()
	var none T
	for {
		if v := get(c.Next()); v != none {
			return v
		}
	}
}

// Redeem asks to be let in by a connection ID or, when it is no six digits, by a link's code.
func (c *Client) Redeem(code string) *wire.Refused {
	c.t.Helper()
	r := &wire.Redeem{Code: &wire.Redeem_LinkCode{LinkCode: code}}
	if len(code) <= 7 {
		r.Code = &wire.Redeem_ConnectionId{ConnectionId: code}
	}
	return c.enter(&wire.ClientSignal{Message: &wire.ClientSignal_Redeem{Redeem: r}})
}

// Resume comes back as another client that has lost its connection.
func (c *Client) Resume(as *wire.Redeemed) *wire.Refused {
	c.t.Helper()
	return c.enter(&wire.ClientSignal{Message: &wire.ClientSignal_Resume{Resume: &wire.Resume{
		ParticipantId: as.ParticipantId, ParticipantSecret: as.ParticipantSecret,
	}}})
}

func (c *Client) enter(m *wire.ClientSignal) *wire.Refused {
	c.t.Helper()
	c.Send(m)
	answer := c.Next()
	c.Redeemed = answer.GetRedeemed()
	if c.Redeemed == nil && answer.GetRefused() == nil {
		c.t.Fatalf("neither let in nor refused: %v", answer)
	}
	return answer.GetRefused()
}

// In is Redeem where a refusal ends the test.
func (c *Client) In(code string) *Client {
	c.t.Helper()
	if r := c.Redeem(code); r != nil {
		c.t.Fatalf("refused: %s", r.Code)
	}
	return c
}

// Line waits for the client's place.
func (c *Client) Line() *wire.Line {
	c.t.Helper()
	return Await(c, (*wire.ServerSignal).GetLine)
}

// Cut loses the connection without a word.
func (c *Client) Cut() { _ = c.conn.Close("") }

// Leave leaves the line; Stop ends the session.
func (c *Client) Leave() {
	c.t.Helper()
	c.Send(&wire.ClientSignal{Message: &wire.ClientSignal_Leave{Leave: &wire.Leave{}}})
}

// Stop ends the session.
func (c *Client) Stop() {
	c.t.Helper()
	c.Send(&wire.ClientSignal{Message: &wire.ClientSignal_Stop{Stop: &wire.Stop{}}})
}

// State reports how a view stands.
func (c *Client) State(viewer string, state wire.ViewerState_State, level wire.Level, reason wire.Reason) {
	c.t.Helper()
	c.Send(&wire.ClientSignal{Message: &wire.ClientSignal_ViewerState{ViewerState: &wire.ViewerState{
		ViewerId: viewer, State: state, Level: level, Reason: string(reason),
	}}})
}

// Meeting is a view from the client's side.
type Meeting struct {
	Open  *wire.Open
	Grant *wire.GrantPayload
	Keys  *secure.Keys

	conn transport.Conn
}

// Meet waits for the next Open, gets its grant, verifies it and runs the key exchange through the relay. It does not ask for consent.
func (c *Client) Meet() *Meeting {
	t := c.t
	t.Helper()
	m := &Meeting{Open: Await(c, (*wire.ServerSignal).GetOpen)}
	exchange := must[*secure.ClientExchange](t, "making a key")(secure.NewClientExchange(m.Open.Commitment))
	c.Send(&wire.ClientSignal{Message: &wire.ClientSignal_GrantRequest{GrantRequest: &wire.GrantRequest{
		ViewerId: m.Open.ViewerId, ClientNonce: exchange.Nonce(),
	}}})
	grant := Await(c, (*wire.ServerSignal).GetGrant)
	m.Grant = must[*wire.GrantPayload](t, "verifying the grant")(secure.VerifyGrant(c.Hello.GrantKey, grant, secure.Expected{
		SessionID: m.Open.SessionId, ViewerID: m.Open.ViewerId, Commitment: m.Open.Commitment, ClientNonce: exchange.Nonce(), ComputerID: c.id,
	}))
	ctx, cancel := context.WithTimeout(context.Background(), Within)
	defer cancel()
	m.conn = must[transport.Conn](t, "coming to the relay")((&transport.Dialer{}).Dial(ctx, c.server.URL.String()+"/client/relay"))
	t.Cleanup(func() { _ = m.conn.Close("") })
	if err := transport.JoinRelay(m.conn, m.Open.RelayTicket); err != nil {
		t.Fatalf("joining the relay: %v", err)
	}
	m.Keys = must[*secure.Keys](t, "exchanging keys")(exchange.Run(m.conn, c.key))
	return m
}

// Close ends the client's side of the view.
func (m *Meeting) Close(reason wire.Reason) { _ = m.conn.Close(reason) }

// Enrol makes a computer one of an agent's, and returns its client, connected and accepted.
func (s *Server) Enrol(a Account, computer string) *Client {
	s.t.Helper()
	public, private, err := ed25519.GenerateKey(nil)
	if err != nil {
		s.t.Fatal(err)
	}
	var enrolled httpapi.Enrolled
	s.Nobody().Must(http.MethodPost, "/client/computers", httpapi.Enrolment{
		UserName: a.UserName, Password: a.Password, PublicKey: base64.RawURLEncoding.EncodeToString(public), ComputerName: computer,
		System: "Debian GNU/Linux 12", User: "root",
	}, &enrolled)
	return s.Computer(computer, enrolled.ComputerID, private)
}

// Computer connects an enrolled computer's client.
func (s *Server) Computer(computer, id string, key ed25519.PrivateKey) *Client {
	s.t.Helper()
	c := s.Client(computer)
	c.id, c.key = id, key
	proof := must[*wire.ComputerProof](s.t, "proving the key")(secure.SignComputerProof(key, c.Hello.Challenge, id))
	c.Send(&wire.ClientSignal{Message: &wire.ClientSignal_ComputerProof{ComputerProof: proof}})
	if m := c.Next(); m.GetComputerAccepted() == nil {
		s.t.Fatal(fmt.Errorf("the computer is not accepted: %v", m))
	}
	return c
}

// ID is an enrolled computer's id.
func (c *Client) ID() string { return c.id }

// Key is an enrolled computer's key.
func (c *Client) Key() ed25519.PrivateKey { return c.key }
