package wire

import (
	"context"
	"crypto/sha256"
	"errors"
	"os"
	"slices"
	"strings"
	"testing"
)

func TestNegotiate(t *testing.T) {
	tests := []struct {
		name            string
		highest, lowest uint32
		want            uint32
		code            RefusalCode
	}{
		{"same", 1, 1, 1, ""},
		{"newer that still speaks ours", 7, 1, 1, ""},
		{"newer that does not", 7, 2, 0, RefusedTooNew},
		{"says nothing", 0, 0, 0, RefusedTooOld},
		{"contradicts itself", 1, 2, 0, RefusedTooOld},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, err := Negotiate(tt.highest, tt.lowest)
			if got != tt.want {
				t.Errorf("version %d, want %d", got, tt.want)
			}
			var ve *VersionError
			if errors.As(err, &ve) != (tt.code != "") || ve != nil && ve.Code != tt.code {
				t.Errorf("error %v, want code %q", err, tt.code)
			}
			if ve != nil && ParseReason(string(ve.Reason())) != Reason(tt.code) {
				t.Errorf("%q is no reason", ve.Reason())
			}
		})
	}
}

func TestCapabilities(t *testing.T) {
	both := Common([]string{"a", "b", "c"}, []string{"c", "x", "a"})
	if !slices.Equal(both, []string{"a", "c"}) {
		t.Errorf("common capabilities %v", both)
	}
	if lang, ok := Capability([]string{"x", "words:fr"}, CapabilityWords); !ok || lang != "fr" {
		t.Errorf("language %q, %v", lang, ok)
	}
	if lang, ok := Capability([]string{"x"}, CapabilityWords); ok {
		t.Errorf("found language %q", lang)
	}
}

// The document and the code list the same codes.
func TestCodesAreInTheDocument(t *testing.T) {
	b, err := os.ReadFile("../docs/protocol.md")
	if err != nil {
		t.Fatal(err)
	}
	_, rest, ok := strings.Cut(string(b), "Reasons (`SessionEnded`")
	list, _, ok2 := strings.Cut(rest, "\n\n")
	if !ok || !ok2 {
		t.Fatal("docs/protocol.md lists no reasons")
	}
	for r := range reasons {
		if !strings.Contains(list, "`"+string(r)+"`") {
			t.Errorf("docs/protocol.md does not list reason %q", r)
		}
	}
	for i, word := range strings.Split(list, "`") {
		documented := i%2 == 1 && strings.ToLower(word) == word
		if documented && !reasons[Reason(word)] {
			t.Errorf("the code does not know reason %q", word)
		}
	}
	if ParseReason("<script>") != ReasonInternal || ParseReason("") != "" || ParseReason("denied") != ReasonDenied {
		t.Error("ParseReason lets an unknown reason through, or a known one not")
	}
}

func TestWork(t *testing.T) {
	challenge := []byte("challenge")
	work, err := Solve(t.Context(), challenge, 10)
	if err != nil || !WorkDone(challenge, work, 10) {
		t.Fatalf("work %x, %v", work, err)
	}
	sum := sha256.Sum256(append(challenge, work...))
	if sum[0] != 0 || sum[1] > 0x3f {
		t.Errorf("SHA-256 begins with %x", sum[:2])
	}
	for name, ok := range map[string]bool{
		"other challenge": WorkDone([]byte("other"), work, 10),
		"changed":         WorkDone(challenge, append([]byte{work[0] ^ 1}, work[1:]...), 10),
		"empty":           WorkDone(challenge, nil, 0),
		"longer":          WorkDone(challenge, append(work, 0), 0),
	} {
		if ok {
			t.Errorf("%s work was accepted", name)
		}
	}
	if _, err := Solve(t.Context(), challenge, MaxWorkBits+1); err == nil {
		t.Error("took on more work than allowed")
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := Solve(ctx, challenge, MaxWorkBits); !errors.Is(err, context.Canceled) {
		t.Errorf("error %v after its context ended", err)
	}
}

func TestMaxMessage(t *testing.T) {
	for c := range Channel(255) {
		if known := c <= ChannelLast; (c.MaxMessage() > 0) != known {
			t.Errorf("channel %d: limit %d", c, c.MaxMessage())
		}
	}
}
