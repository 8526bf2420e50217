package httpapi

import (
	"bytes"
	"testing"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"deskhand"
)

// What is written by hand is what huma makes of the types.
func TestComputersJSON(t *testing.T) {
	at := time.Date(2026, 3, 4, 5, 6, 7, 89_000, time.UTC)
	for name, list := range map[string]List[Computer]{
		"none": {Items: []Computer{}},
		"all fields": {NextCursor: "next", Items: []Computer{{
			ID: "c1", Name: "RECEPTION", UserName: `a"b\c`, System: "Grüße <&> \u2028 \x00\x7f\n", Address: "192.0.2.1", Owner: ComputerOwner{ID: "a1", Name: "Inês", Disabled: true},
			Visibility: deskhand.VisibleToEveryone, GroupID: "g1", Note: "two\nlines \xff", Tags: []string{"till", "é"}, Prompts: true, Status: "in-use", ClonedAt: &at,
			LastSeenAt: at, Sites: []string{"192.0.2.1 10.0.0.0/24"}, CreatedAt: at.Truncate(time.Second),
		}}},
		"empty fields": {Items: []Computer{{}, {Tags: []string{}, Sites: []string{}}}},
	} {
		var got, want bytes.Buffer
		if err := jsonFormat.Marshal(&got, list); err != nil {
			t.Fatal(err)
		}
		if err := huma.DefaultJSONFormat.Marshal(&want, list); err != nil {
			t.Fatal(err)
		}
		if got.String() != want.String() {
			t.Errorf("%s:\n got %s\nwant %s", name, got.String(), want.String())
		}
	}
}

func BenchmarkComputersJSON(b *testing.B) {
	list := List[Computer]{Items: make([]Computer, 10_000)}
	for i := range list.Items {
		list.Items[i] = computerOf(deskhand.Computer{
			ID: "01234567890123456789abcdef", Name: "RECEPTION-1", UserName: "user", System: "Debian GNU/Linux 13 (trixie)", Address: "192.0.2.1", OwnerID: "01234567890123456789abcdef",
			OwnerName: "Rodney Example", Visibility: deskhand.VisibleToEveryone, GroupID: "01234567890123456789abcdef", Tags: []string{"till"}, LastSeenAt: time.Now(), CreatedAt: time.Now(),
			Sites: []string{"192.0.2.1 10.0.0.0/24"},
		})
	}
	for name, format := range map[string]func(*bytes.Buffer) error{
		"ours": func(w *bytes.Buffer) error { return jsonFormat.Marshal(w, list) },
		"huma": func(w *bytes.Buffer) error { return huma.DefaultJSONFormat.Marshal(w, list) },
	} {
		b.Run(name, func(b *testing.B) {
			var w bytes.Buffer
			for b.Loop() {
				w.Reset()
				if err := format(&w); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
