package deskhand

import (
	"strings"
	"testing"
	"time"
)

func TestIsUnattendedCode(t *testing.T) {
	code := "u" + strings.Repeat("0z9a", 6) + "hj"
	for s, want := range map[string]bool{
		code: true, strings.ToUpper(code): true, "": false, "u": false, code[1:]: false, code + "0": false, "u" + strings.Repeat("l", 26): false,
		"k" + code[1:]: false, "0": false, " " + code: false,
	} {
		if got := IsUnattendedCode(s); got != want {
			t.Errorf("IsUnattendedCode(%q) = %v", s, got)
		}
	}
	name, err := FormatClientName(ClientName{Host: "support.example.com", Port: 443, Code: code})
	if n, ok := ParseClientName(name + " (1).exe"); err != nil || !ok || n.Code != code {
		t.Errorf("in a file's name it is %+v, %v", n, err)
	}
}

func TestUnattendedInviteOpen(t *testing.T) {
	now := time.Date(2026, 3, 4, 12, 0, 0, 0, time.UTC)
	open := UnattendedInvite{Kind: UnattendedEndUser, ExpiresAt: now.Add(time.Second)}
	for name, tt := range map[string]struct {
		change func(*UnattendedInvite)
		want   Code
	}{
		"open":             {func(*UnattendedInvite) {}, ""},
		"expired":          {func(i *UnattendedInvite) { i.ExpiresAt = now }, CodeExpired},
		"used":             {func(i *UnattendedInvite) { i.UsedAt = now }, CodeUsed},
		"taken back":       {func(i *UnattendedInvite) { i.RevokedAt = now }, CodeRevoked},
		"used and expired": {func(i *UnattendedInvite) { i.UsedAt, i.ExpiresAt = now, now }, CodeUsed},
	} {
		i := open
		tt.change(&i)
		err := i.Open(now)
		if tt.want == "" && err != nil || tt.want != "" && CodeOf(err) != tt.want {
			t.Errorf("%s: %v", name, err)
		}
	}
	if UnattendedKind("other").Lifetime() != 0 || UnattendedEndUser.Lifetime() != 48*time.Hour || UnattendedOwn.Lifetime() != 15*time.Minute {
		t.Error("lifetimes")
	}
}
