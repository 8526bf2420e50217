package client

import (
	"crypto/ed25519"
	"net/http"
	"net/http/httptest"
	"net/url"
	"testing"
	"time"

	"deskhand/client/ui"
	"deskhand/secure"
	"deskhand/server/servertest"
	"deskhand/transport"
	"deskhand/wire"
)

// lyingServer lets a client in, opens a view and answers the wish for a grant by grant. What the client says then comes by said.
func lyingServer(t *testing.T, open *wire.Open, grant func(nonce []byte) *wire.Grant) (base *url.URL, said chan *wire.ViewerState) {
	t.Helper()
	key := ed25519.NewKeyFromSeed(make([]byte, 32)).Public().(ed25519.PublicKey)
	said = make(chan *wire.ViewerState, 10)
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		conn, err := transport.AcceptClient(w, r)
		if err != nil {
			return
		}
		defer conn.Close("")
		send := func(m *wire.ServerSignal) {
			if f, err := wire.EncodeFrame(wire.FrameSignal, m); err == nil {
				_ = conn.Write(f)
			}
		}
		for {
			f, err := conn.ReadFrame()
			if err != nil {
				return
			}
			m := new(wire.ClientSignal)
			if f.Decode(m) != nil {
				return
			}
			switch {
			case m.GetHello() != nil:
				send(&wire.ServerSignal{Message: &wire.ServerSignal_Hello{Hello: &wire.ServerHello{Version: 1, GrantKey: key}}})
			case m.GetRedeem() != nil:
				send(&wire.ServerSignal{Message: &wire.ServerSignal_Open{Open: &wire.Open{ViewerId: "early", SessionId: "s1", Commitment: make([]byte, 32)}}})
				send(&wire.ServerSignal{Message: &wire.ServerSignal_Redeemed{Redeemed: &wire.Redeemed{SessionId: "s1", ParticipantId: "p1"}}})
				send(&wire.ServerSignal{Message: &wire.ServerSignal_Open{Open: &wire.Open{ViewerId: "elsewhere", SessionId: "s2", Commitment: make([]byte, 32)}}})
				send(&wire.ServerSignal{Message: &wire.ServerSignal_Open{Open: open}})
			case m.GetGrantRequest() != nil:
				if got := m.GetGrantRequest().GetViewerId(); got != open.GetViewerId() {
					t.Errorf("the client serves viewer %q", got)
				}
				send(&wire.ServerSignal{Message: &wire.ServerSignal_Grant{Grant: grant(m.GetGrantRequest().GetClientNonce())}})
			case m.GetViewerState() != nil:
				said <- m.GetViewerState()
			}
		}
	}))
	t.Cleanup(srv.Close)
	base, err := url.Parse(srv.URL)
	if err != nil {
		t.Fatal(err)
	}
	return base, said
}

// A grant that is not the server's own word on this viewer, now, is refused before anybody is asked; so is a view that is not of the
// client's session.
func TestGrantsThatDoNotHold(t *testing.T) {
	key := ed25519.NewKeyFromSeed(make([]byte, 32))
	commitment := make([]byte, 32)
	for name, change := range map[string]func(*wire.GrantPayload, *ed25519.PrivateKey){
		"unsigned": func(_ *wire.GrantPayload, k *ed25519.PrivateKey) {
			*k = ed25519.NewKeyFromSeed([]byte("another key that is 32 bytes lon"))
		},
		"replayed":      func(p *wire.GrantPayload, _ *ed25519.PrivateKey) { p.ClientNonce = make([]byte, 32) },
		"other session": func(p *wire.GrantPayload, _ *ed25519.PrivateKey) { p.SessionId = "s2" },
		"other viewer": func(p *wire.GrantPayload, _ *ed25519.PrivateKey) {
			p.Commitment = []byte("another commitment of 32 bytes..")
		},
		"for a computer":  func(p *wire.GrantPayload, _ *ed25519.PrivateKey) { p.Unattended, p.ComputerId = true, "c1" },
		"without consent": func(p *wire.GrantPayload, _ *ed25519.PrivateKey) { p.Unattended = true },
	} {
		t.Run(name, func(t *testing.T) {
			open := &wire.Open{ViewerId: "v1", SessionId: "s1", RelayTicket: "x", Commitment: commitment, Level: wire.Level_LEVEL_CONTROL, Unattended: true}
			base, said := lyingServer(t, open, func(nonce []byte) *wire.Grant {
				p, k := &wire.GrantPayload{SessionId: "s1", ViewerId: "v1", Commitment: commitment, ClientNonce: nonce, Level: wire.Level_LEVEL_CONTROL}, key
				change(p, &k)
				g, err := secure.SignGrant(k, p)
				if err != nil {
					t.Error(err)
				}
				return g
			})
			d := newDesktop(t)
			p := run(t, d, attendedAt(base, d, "somelinkcode"))
			select {
			case st := <-said:
				if st.GetViewerId() != "v1" || st.GetState() != wire.ViewerState_REFUSED || st.GetReason() != string(wire.ReasonBadGrant) {
					t.Errorf("the client says %v", st)
				}
			case <-time.After(servertest.Within):
				t.Fatal("the client says nothing")
			}
			if d.consent != nil || d.bar != nil {
				t.Error("the end-user was asked")
			}
			p.events <- ui.Leave{}
			if err := p.ended(); err != nil {
				t.Error(err)
			}
		})
	}
}
