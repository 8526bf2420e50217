package secure

import (
	"crypto"
	"crypto/ecdh"
	"crypto/ed25519"
	"crypto/rand"
	"errors"
	"fmt"

	"deskhand/wire"
)

// Frames is what an exchange and a Link need of a connection; transport.Conn is one.
type Frames interface {
	ReadFrame() (wire.Frame, error)
	Write(frames ...wire.Frame) error
	Close(reason wire.Reason) error
}

var errUsed = errors.New("the exchange has been used")

// ClientExchange is the client's half of one key exchange.
type ClientExchange struct {
	private *ecdh.PrivateKey // nil once used
	seen    exchanged
}

// NewClientExchange begins the exchange with the viewer of that commitment (Open.commitment).
func NewClientExchange(commitment []byte) (*ClientExchange, error) {
	private, nonce, err := fresh()
	if err != nil {
		return nil, err
	}
	return newClientExchange(commitment, private, nonce)
}

func newClientExchange(commitment []byte, private *ecdh.PrivateKey, nonce []byte) (*ClientExchange, error) {
	if len(commitment) != NonceSize {
		return nil, wire.Violation("commitment of %d bytes", len(commitment))
	}
	return &ClientExchange{private: private, seen: exchanged{
		commitment: commitment, clientPublic: private.PublicKey().Bytes(), clientNonce: nonce,
	}}, nil
}

// Nonce goes into the GrantRequest.
func (c *ClientExchange) Nonce() []byte { return c.seen.clientNonce }

// Run makes the exchange over a connection on which the viewer has been announced (transport.JoinRelay). computerKey is
// the key that an unattended client enrolled, nil for an attended one. The error is a *wire.ProtocolError when the viewer
// is not the one that committed itself, or as ReadFrame gives it. The caller closes the connection, also to bound the time.
func (c *ClientExchange) Run(conn Frames, computerKey crypto.Signer) (*Keys, error) {
	key, err := c.clientKey(computerKey)
	if err != nil {
		return nil, err
	}
	if err := send(conn, wire.FrameClientKey, key); err != nil {
		return nil, fmt.Errorf("exchanging keys: %w", err)
	}
	var reveal wire.Reveal
	if err := receive(conn, wire.FrameReveal, &reveal); err != nil {
		return nil, fmt.Errorf("exchanging keys: %w", err)
	}
	return c.finish(&reveal)
}

func (c *ClientExchange) clientKey(computerKey crypto.Signer) (*wire.ClientKey, error) {
	k := &wire.ClientKey{PublicKey: c.seen.clientPublic, Nonce: c.seen.clientNonce}
	if private, ok := computerKey.(ed25519.PrivateKey); computerKey == nil || ok && private == nil {
		return k, nil
	}
	var err error
	if k.Signature, err = computerKey.Sign(nil, clientKeyBytes(c.seen.commitment, k), crypto.Hash(0)); err != nil {
		return nil, fmt.Errorf("signing the key for the viewer: %w", err)
	}
	return k, nil
}

func (c *ClientExchange) finish(reveal *wire.Reveal) (*Keys, error) {
	private := c.private
	c.private = nil
	switch {
	case private == nil:
		return nil, errUsed
	case len(reveal.PublicKey) != keySize || len(reveal.Nonce) != NonceSize:
		return nil, badKey("the viewer's key has %d bytes, its nonce %d", len(reveal.PublicKey), len(reveal.Nonce))
	case !equal(commit(reveal.PublicKey, reveal.Nonce), c.seen.commitment):
		return nil, badKey("the viewer's key is not the one that it committed itself to")
	}
	c.seen.viewerPublic, c.seen.viewerNonce = reveal.PublicKey, reveal.Nonce
	return c.seen.derive(Client, private, reveal.PublicKey)
}

// ViewerExchange is the viewer's half of one key exchange.
type ViewerExchange struct {
	private *ecdh.PrivateKey // nil once used
	seen    exchanged
}

// NewViewerExchange begins an exchange.
func NewViewerExchange() (*ViewerExchange, error) {
	private, nonce, err := fresh()
	if err != nil {
		return nil, err
	}
	return newViewerExchange(private, nonce), nil
}

func newViewerExchange(private *ecdh.PrivateKey, nonce []byte) *ViewerExchange {
	public := private.PublicKey().Bytes()
	return &ViewerExchange{private: private, seen: exchanged{
		commitment: commit(public, nonce), viewerPublic: public, viewerNonce: nonce,
	}}
}

// Commitment goes to the server with the wish to connect.
func (v *ViewerExchange) Commitment() []byte { return v.seen.commitment }

// Run makes the exchange over a connection on which the client has been announced. computerKey is the enrolled public key
// of the computer that must be at the other end, nil for an attended session. Errors are those of ClientExchange.Run.
func (v *ViewerExchange) Run(conn Frames, computerKey ed25519.PublicKey) (*Keys, error) {
	var key wire.ClientKey
	if err := receive(conn, wire.FrameClientKey, &key); err != nil {
		return nil, fmt.Errorf("exchanging keys: %w", err)
	}
	keys, reveal, err := v.finish(&key, computerKey)
	if err != nil {
		return nil, err
	}
	if err := send(conn, wire.FrameReveal, reveal); err != nil {
		return nil, fmt.Errorf("exchanging keys: %w", err)
	}
	return keys, nil
}

// finish reveals the viewer's key against one client key only: a relay has one try at the words.
func (v *ViewerExchange) finish(key *wire.ClientKey, computerKey ed25519.PublicKey) (*Keys, *wire.Reveal, error) {
	private := v.private
	v.private = nil
	switch {
	case private == nil:
		return nil, nil, errUsed
	case len(key.PublicKey) != keySize || len(key.Nonce) != NonceSize:
		return nil, nil, badKey("the client's key has %d bytes, its nonce %d", len(key.PublicKey), len(key.Nonce))
	case computerKey != nil && len(computerKey) != ed25519.PublicKeySize:
		return nil, nil, fmt.Errorf("the computer's key has %d bytes", len(computerKey))
	case computerKey != nil && !ed25519.Verify(computerKey, clientKeyBytes(v.seen.commitment, key), key.Signature):
		return nil, nil, badKey("the client's key is not signed by the computer")
	}
	v.seen.clientPublic, v.seen.clientNonce = key.PublicKey, key.Nonce
	keys, err := v.seen.derive(Viewer, private, key.PublicKey)
	if err != nil {
		return nil, nil, err
	}
	return keys, &wire.Reveal{PublicKey: v.seen.viewerPublic, Nonce: v.seen.viewerNonce}, nil
}

const clientKeyLabel = "deskhand client key v1"

// clientKeyBytes is what an unattended client signs, see "Key exchange", step 3.
func clientKeyBytes(commitment []byte, k *wire.ClientKey) []byte {
	return labelled(clientKeyLabel, commitment, k.PublicKey, k.Nonce)
}

func fresh() (*ecdh.PrivateKey, []byte, error) {
	private, err := ecdh.X25519().GenerateKey(rand.Reader)
	if err != nil {
		return nil, nil, fmt.Errorf("making a key: %w", err)
	}
	nonce := make([]byte, NonceSize)
	_, _ = rand.Read(nonce) // never fails
	return private, nonce, nil
}
