package secure

import (
	"bytes"
	"crypto/ecdh"
	"crypto/ed25519"
	"encoding/hex"
	"encoding/json"
	"flag"
	"os"
	"testing"

	"deskhand/wire"
)

var update = flag.Bool("update", false, "write the vectors anew")

const vectorFile = "../wire/testdata/secure.json"

// hexBytes are bytes that stand as hexadecimal text in JSON.
type hexBytes []byte

func (h hexBytes) MarshalText() ([]byte, error) { return []byte(hex.EncodeToString(h)), nil }

func (h *hexBytes) UnmarshalText(text []byte) error {
	b, err := hex.DecodeString(string(text))
	*h = b
	return err
}

// vectorSet is what web/src/wire replays too. Given are the private keys and nonces; all else follows.
type vectorSet struct {
	Exchanges []exchangeVector `json:"exchanges"`
	Sealed    []sealedVector   `json:"sealed"` // with the keys of the first exchange
	Grant     grantVector      `json:"grant"`
}

type exchangeVector struct {
	Name          string   `json:"name"`
	ClientPrivate hexBytes `json:"clientPrivate"`
	ClientNonce   hexBytes `json:"clientNonce"`
	ViewerPrivate hexBytes `json:"viewerPrivate"`
	ViewerNonce   hexBytes `json:"viewerNonce"`
	ComputerSeed  hexBytes `json:"computerSeed"`

	Commitment        hexBytes             `json:"commitment"`
	ClientPublic      hexBytes             `json:"clientPublic"`
	ViewerPublic      hexBytes             `json:"viewerPublic"`
	ComputerPublic    hexBytes             `json:"computerPublic"`
	ClientSignature   hexBytes             `json:"clientSignature"`
	ClientToViewerKey hexBytes             `json:"clientToViewerKey"`
	ClientToViewerIV  hexBytes             `json:"clientToViewerIv"`
	ViewerToClientKey hexBytes             `json:"viewerToClientKey"`
	ViewerToClientIV  hexBytes             `json:"viewerToClientIv"`
	MatchingWords     hexBytes             `json:"matchingWords"`
	Words             map[string][2]string `json:"words"`
}

type sealedVector struct {
	From     string   `json:"from"` // "client" or "viewer"
	Sequence uint64   `json:"sequence"`
	Channel  uint8    `json:"channel"`
	Last     bool     `json:"last"`
	Data     hexBytes `json:"data"`
	Frame    hexBytes `json:"frame"`
}

type grantVector struct {
	Seed      hexBytes `json:"seed"`
	Public    hexBytes `json:"public"`
	Payload   hexBytes `json:"payload"`
	Signature hexBytes `json:"signature"`
}

func TestVectors(t *testing.T) {
	given := vectorSet{
		Exchanges: []exchangeVector{
			{Name: "attended", ClientPrivate: run(1), ClientNonce: run(33), ViewerPrivate: run(65), ViewerNonce: run(97)},
			{Name: "unattended", ClientPrivate: run(129), ClientNonce: run(161), ViewerPrivate: run(193), ViewerNonce: run(11), ComputerSeed: run(77)},
		},
		Sealed: []sealedVector{
			{From: "client", Sequence: 0, Channel: 0, Last: true, Data: nil},
			{From: "client", Sequence: 1, Channel: 1, Last: false, Data: run(0)},
			{From: "client", Sequence: 2, Channel: 3, Last: true, Data: run(5)},
			{From: "client", Sequence: 3, Channel: 1, Last: true, Data: []byte{0xff}},
			{From: "viewer", Sequence: 0, Channel: 4, Last: true, Data: []byte{6}},
			{From: "viewer", Sequence: 1, Channel: 2, Last: true, Data: wire.Ack{ID: 7, DecodeMicros: 8, Queue: 9}.Append(nil)},
		},
		Grant: grantVector{Seed: run(50)},
	}
	got := follow(t, given)
	b, err := json.MarshalIndent(got, "", "  ")
	if err != nil {
		t.Fatal(err)
	}
	b = append(b, '\n')
	if *update {
		if err := os.WriteFile(vectorFile, b, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(vectorFile)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(b, want) {
		t.Errorf("%s says otherwise than this code. Without a new version of the protocol the code is wrong; it makes:\n%s", vectorFile, b)
	}
}

// run is 32 bytes that count up from first.
func run(first byte) hexBytes {
	b := make([]byte, 32)
	for i := range b {
		b[i] = first + byte(i)
	}
	return b
}

// follow makes all that the given parts of the vectors lead to.
func follow(t *testing.T, set vectorSet) vectorSet {
	t.Helper()
	var client, viewer *Keys
	for i := range set.Exchanges {
		c, v := set.Exchanges[i].run(t)
		if i == 0 {
			client, viewer = c, v
		}
	}
	for i := range set.Sealed {
		s := &set.Sealed[i]
		keys, other := client, viewer
		if s.From == "viewer" {
			keys, other = viewer, client
		}
		d, err := newDirection(keys.sends())
		if err != nil {
			t.Fatal(err)
		}
		d.next = s.Sequence
		s.Frame = bytes.Clone(d.seal(part{channel: wire.Channel(s.Channel), last: s.Last, data: s.Data}))
		o, err := newDirection(other.receives())
		if err != nil {
			t.Fatal(err)
		}
		o.next = s.Sequence
		if p, err := o.open(bytes.Clone(s.Frame)); err != nil || !bytes.Equal(p.data, s.Data) {
			t.Errorf("frame %d does not open: %v", i, err)
		}
	}
	key := ed25519.NewKeyFromSeed(set.Grant.Seed)
	set.Grant.Public = hexBytes(key.Public().(ed25519.PublicKey))
	set.Grant.Payload = hexBytes("payload")
	set.Grant.Signature = ed25519.Sign(key, labelled(grantLabel, set.Grant.Payload))
	return set
}

func (v *exchangeVector) run(t *testing.T) (client, viewer *Keys) {
	t.Helper()
	private := func(b []byte) *ecdh.PrivateKey {
		k, err := ecdh.X25519().NewPrivateKey(b)
		if err != nil {
			t.Fatal(err)
		}
		return k
	}
	ve := newViewerExchange(private(v.ViewerPrivate), v.ViewerNonce)
	ce, err := newClientExchange(ve.Commitment(), private(v.ClientPrivate), v.ClientNonce)
	if err != nil {
		t.Fatal(err)
	}
	var signer ed25519.PrivateKey
	var computer ed25519.PublicKey
	if v.ComputerSeed != nil {
		signer = ed25519.NewKeyFromSeed(v.ComputerSeed)
		computer = signer.Public().(ed25519.PublicKey)
	}
	ck := clientKey(t, ce, signer)
	viewer, reveal, err := ve.finish(ck, computer)
	if err != nil {
		t.Fatal(err)
	}
	client, err = ce.finish(reveal)
	if err != nil {
		t.Fatal(err)
	}
	if client.clientToViewer != viewer.clientToViewer || client.viewerToClient != viewer.viewerToClient || client.matchingWordBits != viewer.matchingWordBits {
		t.Errorf("%s: the two ends derived different keys", v.Name)
	}
	v.Commitment, v.ClientPublic, v.ViewerPublic = ve.Commitment(), ck.PublicKey, reveal.PublicKey
	v.ComputerPublic, v.ClientSignature = hexBytes(computer), ck.Signature
	v.ClientToViewerKey, v.ClientToViewerIV = client.clientToViewer.key[:], client.clientToViewer.iv[:]
	v.ViewerToClientKey, v.ViewerToClientIV = client.viewerToClient.key[:], client.viewerToClient.iv[:]
	v.MatchingWords = client.matchingWordBits[:]
	v.Words = map[string][2]string{}
	for _, language := range []string{"en", "de", "fr", "es", "it", "pt"} {
		v.Words[language] = client.Words(language)
	}
	return client, viewer
}
