package secure

import (
	"crypto/ecdh"
	"crypto/hkdf"
	"crypto/sha256"
	"crypto/subtle"
	"fmt"

	"deskhand/wire"
)

// NonceSize is the length of either end's nonce, and of the commitment, in bytes.
const NonceSize = 32

const keySize = 32 // of an X25519 public key, and of an AES-256 key

// Keys are what both ends derive from one exchange. They serve one Link.
type Keys struct {
	role             Role
	clientToViewer   directionKeys
	viewerToClient   directionKeys
	matchingWordBits [4]byte
}

// Role is one of the two ends.
type Role uint8

// The roles.
const (
	Client Role = iota // on the end-user's computer
	Viewer             // in the agent's browser
)

type directionKeys struct {
	key [keySize]byte
	iv  [12]byte
}

// sends and receives are the keys of the two directions as the role sees them.
func (k *Keys) sends() *directionKeys {
	if k.role == Client {
		return &k.clientToViewer
	}
	return &k.viewerToClient
}

func (k *Keys) receives() *directionKeys {
	if k.role == Client {
		return &k.viewerToClient
	}
	return &k.clientToViewer
}

// exchanged is what both ends have seen of one exchange.
type exchanged struct {
	commitment                []byte
	clientPublic, clientNonce []byte
	viewerPublic, viewerNonce []byte
}

// commit is the viewer's commitment to its key and nonce, see "Key exchange", step 1.
func commit(public, nonce []byte) []byte {
	return digest("deskhand commitment v1", public, nonce)
}

// digest is SHA-256(label ‖ 0 ‖ parts…).
func digest(label string, parts ...[]byte) []byte {
	sum := sha256.Sum256(labelled(label, parts...))
	return sum[:]
}

// labelled is label ‖ 0 ‖ parts…: what we hash or sign for one purpose can never pass for another purpose's.
func labelled(label string, parts ...[]byte) []byte {
	b := append([]byte(label), 0)
	for _, p := range parts {
		b = append(b, p...)
	}
	return b
}

// derive is steps 5 and 6 of "Key exchange".
func (x *exchanged) derive(role Role, private *ecdh.PrivateKey, other []byte) (*Keys, error) {
	public, err := ecdh.X25519().NewPublicKey(other)
	if err != nil {
		return nil, badKey("reading the other end's key: %w", err)
	}
	shared, err := private.ECDH(public) // refuses an all-zero result
	if err != nil {
		return nil, badKey("agreeing on a key: %w", err)
	}
	salt := digest("deskhand session v1", x.commitment, x.clientPublic, x.clientNonce, x.viewerPublic, x.viewerNonce)
	prk, err := hkdf.Extract(sha256.New, shared, salt)
	if err != nil {
		return nil, fmt.Errorf("deriving keys: %w", err)
	}
	k := &Keys{role: role}
	for info, dst := range map[string][]byte{
		"client to viewer key": k.clientToViewer.key[:],
		"viewer to client key": k.viewerToClient.key[:],
		"client to viewer iv":  k.clientToViewer.iv[:],
		"viewer to client iv":  k.viewerToClient.iv[:],
		"matching words":       k.matchingWordBits[:],
	} {
		b, err := hkdf.Expand(sha256.New, prk, info, len(dst))
		if err != nil {
			return nil, fmt.Errorf("deriving keys: %w", err)
		}
		copy(dst, b)
	}
	return k, nil
}

func equal(a, b []byte) bool { return subtle.ConstantTimeCompare(a, b) == 1 }

// badKey ends a connection whose exchange failed.
func badKey(format string, args ...any) error {
	return &wire.ProtocolError{Reason: wire.ReasonBadKey, Err: fmt.Errorf(format, args...)}
}
