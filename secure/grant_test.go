package secure

import (
	"crypto/ed25519"
	"testing"

	"google.golang.org/protobuf/proto"

	"deskhand/wire"
)

func TestGrant(t *testing.T) {
	key, public := computerKey(1)
	otherKey, _ := computerKey(2)
	attended := &wire.GrantPayload{
		SessionId: "s1", ViewerId: "v1", Agent: &wire.Agent{Name: "Ada"}, Level: wire.Level_LEVEL_CONTROL,
		Commitment: run(1), ClientNonce: run(2), Ticket: "T-1",
	}
	unattended := proto.CloneOf(attended)
	unattended.Unattended, unattended.ComputerId = true, "c1"
	want := Expected{SessionID: "s1", ViewerID: "v1", Commitment: run(1), ClientNonce: run(2)}
	wantUnattended := want
	wantUnattended.ComputerID = "c1"

	good, err := SignGrant(key, attended)
	if err != nil {
		t.Fatal(err)
	}
	got, err := VerifyGrant(public, good, want)
	if err != nil || !proto.Equal(got, attended) {
		t.Fatalf("a good grant: %v, %v", got, err)
	}
	goodUnattended, err := SignGrant(key, unattended)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := VerifyGrant(public, goodUnattended, wantUnattended); err != nil {
		t.Fatalf("a good unattended grant: %v", err)
	}

	changed := func(change func(*Expected)) Expected {
		e := want
		change(&e)
		return e
	}
	byOther, _ := SignGrant(otherKey, attended)
	empty, _ := SignGrant(key, &wire.GrantPayload{})
	noGrant := &wire.Grant{Payload: []byte{0xff}, Signature: ed25519.Sign(key, labelled(grantLabel, []byte{0xff}))}
	otherLabel := &wire.Grant{Payload: good.Payload, Signature: ed25519.Sign(key, labelled(computerProofLabel, good.Payload))}
	stretched := &wire.Grant{Payload: append([]byte{}, append(good.Payload, 0x3a, 0x01, 'x')...), Signature: good.Signature}
	tests := []struct {
		name  string
		grant *wire.Grant
		key   ed25519.PublicKey
		want  Expected
	}{
		{"other session", good, public, changed(func(e *Expected) { e.SessionID = "s2" })},
		{"other viewer", good, public, changed(func(e *Expected) { e.ViewerID = "v2" })},
		{"other commitment", good, public, changed(func(e *Expected) { e.Commitment = run(3) })},
		{"other nonce: replayed", good, public, changed(func(e *Expected) { e.ClientNonce = run(3) })},
		{"unsigned", &wire.Grant{Payload: good.Payload}, public, want},
		{"signed by another server", byOther, public, want},
		{"signed for another purpose", otherLabel, public, want},
		{"changed after signing", stretched, public, want},
		{"none", nil, public, want},
		{"no key", good, nil, want},
		{"not a grant", noGrant, public, want},
		{"empty, expecting nothing", empty, public, Expected{}},
		{"unattended for an attended session", goodUnattended, public, want},
		{"attended for an unattended computer", good, public, wantUnattended},
		{"other computer", goodUnattended, public, changed(func(e *Expected) { e.ComputerID = "c2" })},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if p, err := VerifyGrant(tt.key, tt.grant, tt.want); wire.ReasonOf(err) != wire.ReasonBadGrant || p != nil {
				t.Errorf("got %v, %v", p, err)
			}
		})
	}
}

func TestComputerProof(t *testing.T) {
	key, public := computerKey(1)
	_, otherPublic := computerKey(2)
	challenge := run(5)
	proof, err := SignComputerProof(key, challenge, "c1")
	if err != nil {
		t.Fatal(err)
	}
	empty, err := SignComputerProof(key, nil, "c1")
	if err != nil {
		t.Fatal(err)
	}
	if !VerifyComputerProof(public, challenge, proof) {
		t.Fatal("a good proof is refused")
	}
	for name, ok := range map[string]bool{
		"other key":       VerifyComputerProof(otherPublic, challenge, proof),
		"no key":          VerifyComputerProof(nil, challenge, proof),
		"other challenge": VerifyComputerProof(public, run(6), proof),
		"no challenge":    VerifyComputerProof(public, nil, empty),
		"other computer":  VerifyComputerProof(public, challenge, &wire.ComputerProof{ComputerId: "c2", Signature: proof.Signature}),
		"nothing":         VerifyComputerProof(public, challenge, nil),
	} {
		if ok {
			t.Errorf("%s: accepted", name)
		}
	}
}

// What signs for another process signs nothing else with the computer's key.
func TestComputerSigns(t *testing.T) {
	ve, _ := NewViewerExchange()
	ce, _ := NewClientExchange(ve.Commitment())
	viewerKey := clientKeyBytes(ve.Commitment(), clientKey(t, ce, nil))
	for name, tt := range map[string]struct {
		message []byte
		want    bool
	}{
		"the answer to a challenge":  {labelled(computerProofLabel, run(5), []byte("c1")), true},
		"the key for a viewer":       {viewerKey, true},
		"another computer":           {labelled(computerProofLabel, run(5), []byte("c2")), false},
		"a short challenge":          {labelled(computerProofLabel, run(5)[1:], []byte("c1")), false},
		"a longer name":              {labelled(computerProofLabel, run(5), []byte("c11")), false},
		"a longer key":               {append(viewerKey, 0), false},
		"a grant":                    {labelled(grantLabel, run(5), []byte("c1")), false},
		"a label alone":              {[]byte(computerProofLabel), false},
		"nothing":                    {nil, false},
		"something else of the size": {make([]byte, len(viewerKey)), false},
	} {
		if got := ComputerSigns(tt.message, "c1"); got != tt.want {
			t.Errorf("%s: %t", name, got)
		}
	}
}
