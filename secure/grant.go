package secure

import (
	"bytes"
	"crypto"
	"crypto/ed25519"
	"errors"
	"fmt"

	"google.golang.org/protobuf/proto"

	"deskhand/wire"
)

const grantLabel = "deskhand grant v1"

// SignGrant is the server's word on who the viewer is.
func SignGrant(key ed25519.PrivateKey, payload *wire.GrantPayload) (*wire.Grant, error) {
	b, err := proto.Marshal(payload)
	if err != nil {
		return nil, fmt.Errorf("signing a grant: %w", err)
	}
	return &wire.Grant{Payload: b, Signature: ed25519.Sign(key, labelled(grantLabel, b))}, nil
}

// Expected is what a client knows of a viewer before its grant comes: all of it must be in the grant.
type Expected struct {
	SessionID   string
	ViewerID    string
	Commitment  []byte          // of Open
	ClientNonce []byte          // of GrantRequest
	ComputerID  string          // the client's own when it is enrolled; "" for an attended session
	Kind        wire.ViewerKind // of Open, as the next
	PromptID    string
}

// VerifyGrant checks that the server, whose key the client knows from ServerHello or its enrolment, signed this grant for
// this viewer and now: the client's own nonce is in it. The error is a *wire.ProtocolError with ReasonBadGrant.
func VerifyGrant(key ed25519.PublicKey, grant *wire.Grant, want Expected) (*wire.GrantPayload, error) {
	if len(key) != ed25519.PublicKeySize {
		return nil, badGrant(fmt.Errorf("the server's grant key has %d bytes", len(key)))
	}
	if !ed25519.Verify(key, labelled(grantLabel, grant.GetPayload()), grant.GetSignature()) {
		return nil, badGrant(errors.New("the server did not sign it"))
	}
	p := &wire.GrantPayload{}
	if err := proto.Unmarshal(grant.GetPayload(), p); err != nil {
		return nil, badGrant(err)
	}
	unattended := want.ComputerID != ""
	switch {
	case p.SessionId == "" || p.SessionId != want.SessionID:
		return nil, badGrant(errors.New("it is for another session"))
	case p.ViewerId == "" || p.ViewerId != want.ViewerID:
		return nil, badGrant(errors.New("it is for another viewer"))
	case len(p.Commitment) != NonceSize || !equal(p.Commitment, want.Commitment):
		return nil, badGrant(errors.New("it is for another viewer's key"))
	case len(p.ClientNonce) != NonceSize || !equal(p.ClientNonce, want.ClientNonce):
		return nil, badGrant(errors.New("it is an old one"))
	case p.Unattended != unattended || p.ComputerId != want.ComputerID:
		return nil, badGrant(errors.New("it is for another kind of session or another computer"))
	case p.Kind != want.Kind || p.PromptId != want.PromptID:
		return nil, badGrant(errors.New("it is for another kind of viewer or another prompt"))
	}
	return p, nil
}

func badGrant(err error) error {
	return &wire.ProtocolError{Reason: wire.ReasonBadGrant, Err: fmt.Errorf("verifying the grant: %w", err)}
}

// ChallengeSize is the length of ServerHello.challenge in bytes.
const ChallengeSize = 32

const computerProofLabel = "deskhand computer proof v1"

// SignComputerProof answers the server's challenge with the key of an enrolled computer, which another process may hold.
func SignComputerProof(key crypto.Signer, challenge []byte, computerID string) (*wire.ComputerProof, error) {
	signature, err := key.Sign(nil, labelled(computerProofLabel, challenge, []byte(computerID)), crypto.Hash(0))
	if err != nil {
		return nil, fmt.Errorf("signing the server's challenge: %w", err)
	}
	return &wire.ComputerProof{ComputerId: computerID, Signature: signature}, nil
}

// ComputerSigns tells whether message is one that a computer of this ID signs: the answer to a server's challenge, or its key for one viewer. Who
// keeps the computer's key for another process asks this before signing.
func ComputerSigns(message []byte, computerID string) bool {
	proof := labelled(computerProofLabel, make([]byte, ChallengeSize), []byte(computerID))
	if rest, ok := bytes.CutPrefix(message, labelled(computerProofLabel)); ok {
		return len(message) == len(proof) && string(rest[ChallengeSize:]) == computerID
	}
	return bytes.HasPrefix(message, labelled(clientKeyLabel)) && len(message) == len(labelled(clientKeyLabel))+NonceSize+keySize+NonceSize
}

// VerifyComputerProof reports whether the proof answers the challenge with the computer's key.
func VerifyComputerProof(key ed25519.PublicKey, challenge []byte, proof *wire.ComputerProof) bool {
	return len(key) == ed25519.PublicKeySize && len(challenge) == ChallengeSize &&
		ed25519.Verify(key, labelled(computerProofLabel, challenge, []byte(proof.GetComputerId())), proof.GetSignature())
}
