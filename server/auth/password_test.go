package auth_test

import (
	"strings"
	"testing"

	"deskhand"
	"deskhand/server/auth"
)

func TestCheckPassword(t *testing.T) {
	for _, tt := range []struct {
		password string
		fault    string
	}{
		{"correct horse battery", ""},
		{"k7m2-9fqx-ab", ""},
		{"ÄÖÜäöüß€µ§", ""},
		{"rodney's own boat", ""},
		{"short", "too short"},
		{"123456789", "too short"},
		{"€€€€€", "too short"},
		{strings.Repeat("long ", 300), "too long"},
		{"rodneymullen", "is the user name"},
		{"RodneyMullen1", "is the user name"},
		{"rodneymullenrodneymullen", "is the user name"},
		{"aaaaaaaaaaaaaa", "same few characters"},
		{"ababababababab", "same few characters"},
		{"Password123", "commonest"},
		{"qwertyuiop", "commonest"},
		{"broken \xff text", "not text"},
	} {
		err := auth.CheckPassword("rodneymullen", tt.password)
		if tt.fault == "" {
			want(t, err, "")
			continue
		}
		want(t, err, deskhand.CodeInvalid)
		if !strings.Contains(err.Error(), tt.fault) {
			t.Errorf("%q: %v, want %q", tt.password, err, tt.fault)
		}
	}
}

func TestGeneratePassword(t *testing.T) {
	seen := map[string]bool{}
	for range 100 {
		p, err := auth.GeneratePassword()
		want(t, err, "")
		want(t, auth.CheckPassword("admin", p), "")
		if seen[p] || strings.ContainsAny(p, "01ilo") {
			t.Fatalf("password %q", p)
		}
		seen[p] = true
	}
}

func TestHashPassword(t *testing.T) {
	one, err := auth.HashPassword("correct horse")
	want(t, err, "")
	two, err := auth.HashPassword("correct horse")
	want(t, err, "")
	if one == two || !strings.HasPrefix(one, "$argon2id$v=19$m=19456,t=2,p=1$") {
		t.Fatalf("%q, %q", one, two)
	}
}
