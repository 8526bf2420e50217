package signal

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"crypto/sha256"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"go.uber.org/goleak"

	"deskhand"
	"deskhand/transport/transporttest"
	"deskhand/wire"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// desert is a store without sessions where one code is right; it stands for all that a client before its entry can reach.
type desert struct {
	Participants
	Sessions
	Views
	Computers
	redeemed int
	logo     string
}

const rightCode = "777777"

func (d *desert) Redeem(_ context.Context, _ deskhand.Actor, code string, p deskhand.Participant) (deskhand.Participant, deskhand.Outcome, error) {
	if code != rightCode {
		return p, deskhand.Outcome{}, deskhand.Errorf(deskhand.CodeNotFound, "wrong")
	}
	d.redeemed++
	return p, deskhand.Outcome{}, deskhand.Errorf(deskhand.CodeLineFull, "full") // far enough
}

func (d *desert) AgentByID(context.Context, string) (deskhand.Agent, error) {
	return deskhand.Agent{}, errors.New("not asked")
}

func (d *desert) Policy(context.Context) (deskhand.Policy, error) { return deskhand.DefaultPolicy, nil }

func (d *desert) Branding(context.Context) (deskhand.Branding, error) {
	return deskhand.Branding{Company: "Miller & Sons", Color: "#663399", ConsentWords: "Calls are recorded.", Logo: d.logo}, nil
}

func (d *desert) ClientLogo(_ context.Context, b deskhand.Branding) ([]byte, error) {
	if b.Logo == "damaged" {
		return nil, errors.New("the picture cannot be read")
	}
	return []byte("picture " + b.Logo), nil
}

type noKeys struct{ Keys }

func (noKeys) GrantKey() ed25519.PublicKey { return make([]byte, ed25519.PublicKeySize) }

// knock is a server and a way to connect to it from an address.
type knock struct {
	t      *testing.T
	server *Server
	conn   chan Conn
}

func newKnock(t *testing.T, d *desert, now func() time.Time) *knock {
	k := &knock{t: t, conn: make(chan Conn, 1)}
	k.server = New(Config{
		Participants: d, Sessions: d, Views: d, Computers: d, People: d, Keys: noKeys{}, Now: now, WrongAnswerIn: time.Millisecond, WorkBits: 8,
		Accept:  func(http.ResponseWriter, *http.Request) (Conn, error) { return <-k.conn, nil },
		Address: func(r *http.Request) string { return r.RemoteAddr },
	})
	t.Cleanup(k.server.Close)
	return k
}

// from connects from an address and says hello.
func (k *knock) from(address string, hello *wire.ClientHello) *transporttest.Conn {
	k.t.Helper()
	ours, theirs := transporttest.Pair(transporttest.Link{})
	k.conn <- theirs
	r := httptest.NewRequest(http.MethodGet, "/client/signal", nil)
	r.RemoteAddr = address
	done := make(chan struct{})
	go func() { defer close(done); k.server.ServeHTTP(nil, r) }()
	k.t.Cleanup(func() { _ = ours.Close(""); <-done })
	k.say(ours, &wire.ClientSignal{Message: &wire.ClientSignal_Hello{Hello: hello}})
	return ours
}

func (k *knock) say(c *transporttest.Conn, m *wire.ClientSignal) {
	k.t.Helper()
	f, err := wire.EncodeFrame(wire.FrameSignal, m)
	if err == nil {
		err = c.Write(f)
	}
	if err != nil {
		k.t.Fatal(err)
	}
}

func (k *knock) hear(c *transporttest.Conn) *wire.ServerSignal {
	k.t.Helper()
	f, err := c.ReadFrame()
	m := &wire.ServerSignal{}
	if err == nil {
		err = f.Decode(m)
	}
	if err != nil {
		k.t.Fatal(err)
	}
	return m
}

func redeem(code string, work []byte) *wire.ClientSignal {
	return &wire.ClientSignal{Message: &wire.ClientSignal_Redeem{Redeem: &wire.Redeem{Code: &wire.Redeem_ConnectionId{ConnectionId: code}, Work: work}}}
}

var ourHello = &wire.ClientHello{Version: wire.Version, MinVersion: wire.MinVersion}

// Above 100 wrong codes a minute every try costs work, also that of somebody who never guessed; nobody is refused.
func TestGuessingCostsWork(t *testing.T) {
	clock := &fakeClock{time.Unix(1e9, 0)}
	d := &desert{}
	k := newKnock(t, d, clock.now)
	for i := range busyTries + 1 {
		c := k.from(fmt.Sprintf("10.0.%d.%d", i/100, i%100), ourHello)
		k.hear(c)
		k.say(c, redeem("000000", nil))
		if got := k.hear(c).GetRefused().GetCode(); got != string(wire.RefusedWrongCode) {
			t.Fatalf("try %d: %s", i, got)
		}
	}
	c := k.from("192.0.2.1", ourHello)
	k.hear(c)
	ask := func(work []byte) *wire.Refused {
		k.say(c, redeem(rightCode, work))
		return k.hear(c).GetRefused()
	}
	refused := ask(nil)
	if refused.GetCode() != string(wire.RefusedWorkNeeded) || refused.WorkBits != 8 || len(refused.Work) != 32 {
		t.Fatalf("answer %v", refused)
	}
	if again := ask(make([]byte, 7)); again.GetCode() != string(wire.RefusedWorkNeeded) || d.redeemed != 0 {
		t.Fatalf("without work: %v, redeemed %d", again, d.redeemed)
	} else {
		refused = again
	}
	work, err := wire.Solve(t.Context(), refused.Work, refused.WorkBits)
	if err != nil {
		t.Fatal(err)
	}
	if got := ask(work).GetCode(); got != string(wire.RefusedLineFull) || d.redeemed != 1 {
		t.Fatalf("with work: %s, redeemed %d", got, d.redeemed)
	}
	if got := ask(work).GetCode(); got != string(wire.RefusedWorkNeeded) || d.redeemed != 1 {
		t.Fatalf("the same work again: %s, redeemed %d", got, d.redeemed)
	}
	clock.t = clock.t.Add(time.Minute)
	if got := ask(nil).GetCode(); got != string(wire.RefusedLineFull) {
		t.Fatalf("a minute later: %s", got)
	}
}

// One network does not take all connections, and has them back when they end.
func TestStrangersAreLimited(t *testing.T) {
	k := newKnock(t, &desert{}, time.Now)
	var ends []func()
	for range maxStrangers {
		ends = append(ends, k.server.stranger("192.0.2.1"))
	}
	w := httptest.NewRecorder()
	r := httptest.NewRequest(http.MethodGet, "/client/signal", nil)
	r.RemoteAddr = "192.0.2.1"
	if k.server.ServeHTTP(w, r); w.Code != http.StatusTooManyRequests || w.Header().Get("Retry-After") == "" {
		t.Errorf("one too many: %d", w.Code)
	}
	if k.hear(k.from("192.0.2.2", ourHello)).GetHello() == nil {
		t.Error("another network is refused")
	}
	for _, end := range ends {
		end()
		end()
	}
	if k.hear(k.from("192.0.2.1", ourHello)).GetHello() == nil {
		t.Error("after they have gone it is refused")
	}
}

func TestHello(t *testing.T) {
	k := newKnock(t, &desert{}, time.Now)
	c := k.from("192.0.2.1", ourHello)
	if h := k.hear(c).GetHello(); h.GetVersion() != wire.Version || len(h.Challenge) != 32 || h.Company != "Miller & Sons" || h.Color != "#663399" || h.LogoHash != nil {
		t.Errorf("hello %v", h)
	}
	for want, hello := range map[wire.RefusalCode]*wire.ClientHello{
		wire.RefusedTooOld: {}, wire.RefusedTooNew: {Version: wire.Version + 7, MinVersion: wire.Version + 5},
	} {
		c := k.from("192.0.2.1", hello)
		if got := k.hear(c).GetRefused().GetCode(); got != string(want) {
			t.Errorf("answer %q, want %q", got, want)
		}
		if _, err := c.ReadFrame(); wire.ReasonOf(err) != wire.Reason(want) {
			t.Errorf("the connection ends with %v", err)
		}
	}
	rude := k.from("192.0.2.1", nil)
	if got := k.hear(rude).GetRefused().GetCode(); got != string(wire.RefusedTooOld) {
		t.Errorf("an empty hello: %q", got)
	}
}

// The logo is sent to who does not have it, and a damaged one keeps nobody out.
func TestHelloBringsTheLogo(t *testing.T) {
	d := &desert{logo: "one"}
	k := newKnock(t, d, time.Now)
	hello := func(has []byte) *wire.ServerHello {
		c := k.from("192.0.2.1", &wire.ClientHello{Version: wire.Version, MinVersion: wire.MinVersion, LogoHash: has})
		return k.hear(c).GetHello()
	}
	first := hello(nil)
	if hash := sha256.Sum256([]byte("picture one")); string(first.GetLogo()) != "picture one" || !bytes.Equal(first.GetLogoHash(), hash[:]) {
		t.Fatalf("the first hello: %v", first)
	}
	if again := hello(first.LogoHash); again.GetLogo() != nil || !bytes.Equal(again.GetLogoHash(), first.LogoHash) {
		t.Errorf("who has it gets %v", again)
	}
	d.logo = "two"
	if changed := hello(first.LogoHash); string(changed.GetLogo()) != "picture two" {
		t.Errorf("a changed one: %v", changed)
	}
	d.logo = "damaged"
	if without := hello(nil); without.GetCompany() == "" || without.GetLogo() != nil || without.GetLogoHash() != nil {
		t.Errorf("a damaged one: %v", without)
	}
}

// A message that a client may not send yet means nothing; too many end the connection.
func TestBeforeTheEntry(t *testing.T) {
	k := newKnock(t, &desert{}, time.Now)
	c := k.from("192.0.2.1", ourHello)
	k.hear(c)
	for _, m := range []*wire.ClientSignal{
		{Message: &wire.ClientSignal_Leave{Leave: &wire.Leave{}}},
		{Message: &wire.ClientSignal_Stop{Stop: &wire.Stop{}}},
		{Message: &wire.ClientSignal_ViewerState{ViewerState: &wire.ViewerState{ViewerId: "x", State: wire.ViewerState_WATCHING}}},
		{Message: &wire.ClientSignal_Status{Status: &wire.ClientStatus{ComputerName: "X"}}},
		{},
		{Message: &wire.ClientSignal_GrantRequest{GrantRequest: &wire.GrantRequest{ViewerId: "x", ClientNonce: make([]byte, 32)}}},
	} {
		k.say(c, m)
	}
	if m := k.hear(c).GetCloseViewer(); m.GetReason() != string(wire.ReasonBadGrant) {
		t.Fatalf("a grant for nothing: %v", m)
	}
	go func() {
		f, _ := wire.EncodeFrame(wire.FrameSignal, &wire.ClientSignal{Message: &wire.ClientSignal_Leave{Leave: &wire.Leave{}}})
		for c.Write(f) == nil {
		}
	}()
	if _, err := c.ReadFrame(); wire.ReasonOf(err) != wire.ReasonProtocol {
		t.Fatalf("a flood: %v", err)
	}
}

func TestConnectionIDsAreReadAsPeopleTypeThem(t *testing.T) {
	for in, want := range map[string]string{"123456": "123456", "123 456": "123456", "123-456": "123456", " 12 34 56 ": "123456"} {
		if got, ok := codeOf(redeem(in, nil).GetRedeem()); !ok || got != want {
			t.Errorf("%q is read as %q, %v", in, got, ok)
		}
	}
	for _, in := range []string{"", "12345", "1234567", "12345a", "１２３４５６"} {
		if got, ok := codeOf(redeem(in, nil).GetRedeem()); ok {
			t.Errorf("%q is read as %q", in, got)
		}
	}
	if _, ok := codeOf(&wire.Redeem{Code: &wire.Redeem_LinkCode{LinkCode: "123456"}}); ok {
		t.Error("a connection ID passes as a link's code")
	}
	if _, ok := codeOf(&wire.Redeem{}); ok {
		t.Error("nothing passes as a code")
	}
}

// Whoever is refused again and again on one connection has to make another one.
func TestRefusalsEnd(t *testing.T) {
	k := newKnock(t, &desert{}, time.Now)
	c := k.from("192.0.2.1", ourHello)
	k.hear(c)
	for i := range maxRefusals {
		k.say(c, redeem("000000", nil))
		if k.hear(c).GetRefused() == nil {
			t.Fatalf("try %d is not refused", i)
		}
	}
	k.say(c, redeem("000000", nil))
	if _, err := c.ReadFrame(); wire.ReasonOf(err) != wire.ReasonProtocol {
		t.Errorf("one too many: %v", err)
	}
}

// views is a store of views that answers when the test lets it.
type views struct {
	Views
	asked chan []string
	let   chan struct{}
}

func (v views) Viewers(_ context.Context, ids []string) ([]deskhand.Viewer, error) {
	v.asked <- ids
	<-v.let
	return nil, nil
}

// Many hints while somebody looks make one more look, however many views there are.
func TestManyHints(t *testing.T) {
	v := views{asked: make(chan []string), let: make(chan struct{})}
	c := &client{server: &Server{Config: Config{Views: v}}, views: map[string]rights{"a": {}, "b": {}}}
	c.look()
	if ids := <-v.asked; len(ids) != 2 {
		t.Errorf("asked for %q", ids)
	}
	for range 100 {
		c.look()
	}
	v.let <- struct{}{}
	<-v.asked
	v.let <- struct{}{}
	c.looking.Wait()
	c.gone = true
	c.look() // nobody sees to it any more
	c.looking.Wait()
}
