package secure

import (
	"bytes"
	"crypto"
	"crypto/ed25519"
	"errors"
	"sync"
	"testing"

	"go.uber.org/goleak"
	"google.golang.org/protobuf/proto"

	"deskhand/transport/transporttest"
	"deskhand/wire"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// ends are the two ends of a connection that may have a relay between which changes frames.
func ends(t *testing.T, change func(wire.Frame) wire.Frame) (client, viewer *transporttest.Conn) {
	t.Helper()
	client, left := transporttest.Pair(transporttest.Link{})
	right, viewer := transporttest.Pair(transporttest.Link{})
	var wg sync.WaitGroup
	carry := func(from, to *transporttest.Conn) {
		from.SetLimit(wire.MaxRelay)
		for {
			f, err := from.ReadFrame()
			if err != nil {
				_ = to.Close("")
				return
			}
			if change != nil {
				f = change(f)
			}
			if err := to.Write(f); err != nil {
				_ = from.Close("")
				return
			}
		}
	}
	wg.Go(func() { carry(left, right) })
	wg.Go(func() { carry(right, left) })
	t.Cleanup(func() {
		_ = client.Close("")
		_ = viewer.Close("")
		wg.Wait()
	})
	client.SetLimit(wire.MaxRelay)
	viewer.SetLimit(wire.MaxRelay)
	return client, viewer
}

type outcome struct {
	keys *Keys
	err  error
}

func clientKey(t testing.TB, ce *ClientExchange, signer crypto.Signer) *wire.ClientKey {
	t.Helper()
	k, err := ce.clientKey(signer)
	if err != nil {
		t.Fatal(err)
	}
	return k
}

// exchange runs both halves over a connection.
func exchange(t *testing.T, client, viewer Frames, signer ed25519.PrivateKey, computer ed25519.PublicKey) (c, v outcome) {
	t.Helper()
	ve, err := NewViewerExchange()
	if err != nil {
		t.Fatal(err)
	}
	ce, err := NewClientExchange(ve.Commitment())
	if err != nil {
		t.Fatal(err)
	}
	var wg sync.WaitGroup
	wg.Go(func() {
		if c.keys, c.err = ce.Run(client, signer); c.err != nil {
			_ = client.Close(wire.ReasonOf(c.err))
		}
	})
	wg.Go(func() {
		if v.keys, v.err = ve.Run(viewer, computer); v.err != nil {
			_ = viewer.Close(wire.ReasonOf(v.err))
		}
	})
	wg.Wait()
	return c, v
}

func computerKey(seed byte) (ed25519.PrivateKey, ed25519.PublicKey) {
	k := ed25519.NewKeyFromSeed(run(seed))
	return k, k.Public().(ed25519.PublicKey)
}

func TestExchange(t *testing.T) {
	signer, computer := computerKey(1)
	for name, keys := range map[string]struct {
		signer   ed25519.PrivateKey
		computer ed25519.PublicKey
	}{"attended": {}, "unattended": {signer, computer}} {
		t.Run(name, func(t *testing.T) {
			client, viewer := ends(t, nil)
			c, v := exchange(t, client, viewer, keys.signer, keys.computer)
			if c.err != nil || v.err != nil {
				t.Fatalf("client %v, viewer %v", c.err, v.err)
			}
			if c.keys.Words("en") != v.keys.Words("en") {
				t.Errorf("words %v and %v", c.keys.Words("en"), v.keys.Words("en"))
			}
			if c.keys.clientToViewer == c.keys.viewerToClient {
				t.Error("one key for both directions")
			}
		})
	}
}

func TestExchangesDiffer(t *testing.T) {
	seen := map[directionKeys]bool{}
	for range 20 {
		client, viewer := ends(t, nil)
		c, _ := exchange(t, client, viewer, nil, nil)
		if c.err != nil {
			t.Fatal(c.err)
		}
		for _, k := range []directionKeys{c.keys.clientToViewer, c.keys.viewerToClient} {
			if seen[k] {
				t.Fatal("a key came twice")
			}
			seen[k] = true
		}
	}
}

func TestUnattendedClientMustSign(t *testing.T) {
	signer, computer := computerKey(1)
	other, _ := computerKey(2)
	for name, key := range map[string]ed25519.PrivateKey{"unsigned": nil, "by another computer": other} {
		client, viewer := ends(t, nil)
		c, v := exchange(t, client, viewer, key, computer)
		if wire.ReasonOf(v.err) != wire.ReasonBadKey {
			t.Errorf("%s: the viewer got %v", name, v.err)
		}
		if c.err == nil {
			t.Errorf("%s: the viewer revealed its key", name)
		}
	}
	// A signature is good for one commitment only.
	ve, _ := NewViewerExchange()
	elsewhere, _ := NewViewerExchange()
	ce, err := NewClientExchange(elsewhere.Commitment())
	if err != nil {
		t.Fatal(err)
	}
	if _, _, err := ve.finish(clientKey(t, ce, signer), computer); wire.ReasonOf(err) != wire.ReasonBadKey {
		t.Errorf("a signature for another viewer: %v", err)
	}
}

// A relay between the two puts its own key in place of one of theirs.
func TestRelayThatSwapsKeys(t *testing.T) {
	relayExchange, err := NewViewerExchange()
	if err != nil {
		t.Fatal(err)
	}
	own := relayExchange.seen
	swap := func(t *testing.T, which wire.FrameType) func(wire.Frame) wire.Frame {
		return func(f wire.Frame) wire.Frame {
			if f.Type() != which {
				return f
			}
			var m proto.Message = &wire.Reveal{PublicKey: own.viewerPublic, Nonce: own.viewerNonce}
			if which == wire.FrameClientKey {
				var k wire.ClientKey
				if err := f.Decode(&k); err != nil {
					t.Error(err)
				}
				k.PublicKey = own.viewerPublic
				m = &k
			}
			g, err := wire.EncodeFrame(which, m)
			if err != nil {
				t.Error(err)
			}
			return g
		}
	}
	t.Run("viewer's key", func(t *testing.T) {
		client, viewer := ends(t, swap(t, wire.FrameReveal))
		c, _ := exchange(t, client, viewer, nil, nil)
		if wire.ReasonOf(c.err) != wire.ReasonBadKey {
			t.Errorf("the client got %v", c.err)
		}
	})
	t.Run("client's key, unattended", func(t *testing.T) {
		signer, computer := computerKey(1)
		client, viewer := ends(t, swap(t, wire.FrameClientKey))
		_, v := exchange(t, client, viewer, signer, computer)
		if wire.ReasonOf(v.err) != wire.ReasonBadKey {
			t.Errorf("the viewer got %v", v.err)
		}
	})
	t.Run("client's key, attended", func(t *testing.T) {
		client, viewer := ends(t, swap(t, wire.FrameClientKey))
		c, v := exchange(t, client, viewer, nil, nil)
		if c.err != nil || v.err != nil {
			t.Fatalf("client %v, viewer %v", c.err, v.err)
		}
		// The people see different words, and the first message does not open.
		if c.keys.matchingWordBits == v.keys.matchingWordBits {
			t.Error("both ends show the same words")
		}
		lc, lv := link(t, client, c.keys), link(t, viewer, v.keys)
		if err := lc.Send(t.Context(), wire.ChannelControl, []byte("hello")); err != nil {
			t.Fatal(err)
		}
		if _, _, err := lv.Receive(); wire.ReasonOf(err) != wire.ReasonBadKey {
			t.Errorf("the viewer got %v", err)
		}
	})
}

func TestKeysThatAreNone(t *testing.T) {
	zero := make([]byte, 32)
	one := append([]byte{1}, zero[1:]...) // of order 4: the product with it is all zero
	nonce := run(9)
	for name, public := range map[string][]byte{"zero": zero, "low order": one, "short": zero[:31], "long": append(run(1), 0), "none": nil} {
		ve, _ := NewViewerExchange()
		if _, _, err := ve.finish(&wire.ClientKey{PublicKey: public, Nonce: nonce}, nil); wire.ReasonOf(err) != wire.ReasonBadKey {
			t.Errorf("client's key %s: %v", name, err)
		}
		ce, err := NewClientExchange(commit(public, nonce)) // the viewer is in it
		if err != nil {
			t.Fatal(err)
		}
		if _, err := ce.finish(&wire.Reveal{PublicKey: public, Nonce: nonce}); wire.ReasonOf(err) != wire.ReasonBadKey {
			t.Errorf("viewer's key %s: %v", name, err)
		}
	}
	if _, err := NewClientExchange(zero[:31]); wire.ReasonOf(err) != wire.ReasonProtocol {
		t.Errorf("short commitment: %v", err)
	}
	ve, _ := NewViewerExchange()
	if _, _, err := ve.finish(&wire.ClientKey{PublicKey: run(1), Nonce: nonce[:5]}, nil); wire.ReasonOf(err) != wire.ReasonBadKey {
		t.Errorf("short nonce: %v", err)
	}
}

func TestAnExchangeServesOnce(t *testing.T) {
	ve, _ := NewViewerExchange()
	ce, _ := NewClientExchange(ve.Commitment())
	_, reveal, err := ve.finish(clientKey(t, ce, nil), nil)
	if err != nil {
		t.Fatal(err)
	}
	if _, _, err := ve.finish(clientKey(t, ce, nil), nil); !errors.Is(err, errUsed) {
		t.Errorf("second client key: %v", err)
	}
	if _, err := ce.finish(&wire.Reveal{PublicKey: run(1), Nonce: run(2)}); wire.ReasonOf(err) != wire.ReasonBadKey {
		t.Errorf("wrong reveal: %v", err)
	}
	if _, err := ce.finish(reveal); !errors.Is(err, errUsed) {
		t.Errorf("second try of a reveal: %v", err)
	}
}

func TestFramesOutOfTurn(t *testing.T) {
	closeFrame, _ := wire.EncodeFrame(wire.FrameRelayClose, &wire.RelayClose{Reason: string(wire.ReasonClientLost)})
	reveal, _ := wire.EncodeFrame(wire.FrameReveal, &wire.Reveal{})
	for name, tt := range map[string]struct {
		frame wire.Frame
		want  wire.Reason
	}{
		"relay's last word": {closeFrame, wire.ReasonClientLost},
		"own kind":          {reveal, wire.ReasonProtocol},
		"sealed":            {wire.NewFrame(wire.FrameSealed, make([]byte, 40)), wire.ReasonProtocol},
		"not protobuf":      {wire.NewFrame(wire.FrameClientKey, bytes.Repeat([]byte{0xff}, 20)), wire.ReasonProtocol},
	} {
		a, b := transporttest.Pair(transporttest.Link{})
		ve, _ := NewViewerExchange()
		_ = a.Write(wire.NewFrame(0x77, []byte("of a newer version: skipped")), tt.frame)
		if _, err := ve.Run(b, nil); wire.ReasonOf(err) != tt.want {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func FuzzClientKey(f *testing.F) {
	_, computer := computerKey(1)
	ve, _ := NewViewerExchange()
	ce, _ := NewClientExchange(ve.Commitment())
	good, _ := proto.Marshal(clientKey(f, ce, nil))
	f.Add(good, false)
	f.Add([]byte{}, true)
	f.Fuzz(func(t *testing.T, payload []byte, unattended bool) {
		var k wire.ClientKey
		if wire.NewFrame(wire.FrameClientKey, payload).Decode(&k) != nil {
			return
		}
		ve, _ := NewViewerExchange()
		var need ed25519.PublicKey
		if unattended {
			need = computer
		}
		keys, reveal, err := ve.finish(&k, need)
		if (err == nil) != (keys != nil && reveal != nil) {
			t.Errorf("keys %v, reveal %v, error %v", keys, reveal, err)
		}
		if err == nil && unattended {
			t.Error("accepted without the computer's signature")
		}
	})
}

func FuzzReveal(f *testing.F) {
	ve, _ := NewViewerExchange()
	good, _ := proto.Marshal(&wire.Reveal{PublicKey: ve.seen.viewerPublic, Nonce: ve.seen.viewerNonce})
	f.Add(good)
	f.Add([]byte{})
	f.Fuzz(func(t *testing.T, payload []byte) {
		var r wire.Reveal
		if wire.NewFrame(wire.FrameReveal, payload).Decode(&r) != nil {
			return
		}
		ce, _ := NewClientExchange(ve.Commitment())
		if _, err := ce.finish(&r); err == nil && !bytes.Equal(r.PublicKey, ve.seen.viewerPublic) {
			t.Errorf("accepted a key that nobody committed to: %x", r.PublicKey)
		}
	})
}
