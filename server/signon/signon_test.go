package signon_test

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"encoding/json"
	"errors"
	"net/http"
	"net/http/httptest"
	"net/url"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"

	"deskhand"
	"deskhand/server/signon"
)

// forger is a provider that answers whatever a test wants.
type forger struct {
	*httptest.Server
	key    *ecdsa.PrivateKey
	answer func() map[string]any // the token endpoint's
	status int                   // of it; 0: 200
}

func newForger(t *testing.T) *forger {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	f := &forger{key: key}
	mux := http.NewServeMux()
	reply := func(body func() any) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "application/json")
			_ = json.NewEncoder(w).Encode(body())
		}
	}
	mux.HandleFunc("/.well-known/openid-configuration", reply(func() any {
		return map[string]any{
			"issuer": f.URL, "authorization_endpoint": f.URL + "/authorize", "token_endpoint": f.URL + "/token", "jwks_uri": f.URL + "/keys",
			"id_token_signing_alg_values_supported": []string{"ES256", "HS256", "none"},
		}
	}))
	mux.HandleFunc("/keys", reply(func() any {
		return jose.JSONWebKeySet{Keys: []jose.JSONWebKey{{Key: &key.PublicKey, KeyID: "1", Algorithm: "ES256", Use: "sig"}}}
	}))
	mux.HandleFunc("/token", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(max(f.status, http.StatusOK))
		_ = json.NewEncoder(w).Encode(f.answer())
	})
	f.Server = httptest.NewServer(mux)
	t.Cleanup(f.Close)
	return f
}

// sign is an ID token with claims, by a key.
func sign(t *testing.T, algorithm jose.SignatureAlgorithm, key any, claims map[string]any) string {
	t.Helper()
	signer, err := jose.NewSigner(jose.SigningKey{Algorithm: algorithm, Key: jose.JSONWebKey{Key: key, KeyID: "1"}}, nil)
	if err != nil {
		t.Fatal(err)
	}
	b, err := json.Marshal(claims)
	if err != nil {
		t.Fatal(err)
	}
	signed, err := signer.Sign(b)
	if err != nil {
		t.Fatal(err)
	}
	text, err := signed.CompactSerialize()
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// Only what the provider signed, for this client and this login, says who somebody is.
func TestForgedAnswers(t *testing.T) {
	f := newForger(t)
	s := signon.New(signon.Config{Callback: "http://localhost/login/oidc/callback"})
	defer s.Close()
	p := deskhand.SignOn{Enabled: true, Issuer: f.URL, ClientID: "deskhand", Secret: "secret", Label: "Example"}
	other, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		change func(claims map[string]any)
		key    any
		alg    jose.SignatureAlgorithm
		raw    string // in place of a token
		good   bool
	}{
		"right":                {good: true},
		"several audiences":    {change: func(m map[string]any) { m["aud"], m["azp"] = []string{"deskhand", "x"}, "deskhand" }, good: true},
		"another nonce":        {change: func(m map[string]any) { m["nonce"] = "another" }},
		"no nonce":             {change: func(m map[string]any) { delete(m, "nonce") }},
		"another audience":     {change: func(m map[string]any) { m["aud"] = "another" }},
		"another party":        {change: func(m map[string]any) { m["aud"], m["azp"] = []string{"deskhand", "x"}, "x" }},
		"another issuer":       {change: func(m map[string]any) { m["iss"] = "https://elsewhere.example.com" }},
		"expired":              {change: func(m map[string]any) { m["exp"] = time.Now().Add(-time.Minute).Unix() }},
		"no expiry":            {change: func(m map[string]any) { delete(m, "exp") }},
		"no subject":           {change: func(m map[string]any) { delete(m, "sub") }},
		"a subject of a book":  {change: func(m map[string]any) { m["sub"] = string(make([]byte, 300)) }},
		"another's key":        {key: other},
		"signed by the secret": {key: []byte("secret-secret-secret-secret-secret"), alg: jose.HS256},
		"unsigned":             {raw: "eyJhbGciOiJub25lIn0.e30."},
		"no token":             {raw: "-"},
		"something else":       {raw: "x"},
	} {
		address, attempt, err := s.Begin(t.Context(), p)
		if err != nil {
			t.Fatal(err)
		}
		q := query(t, address)
		if q.Get("code_challenge_method") != "S256" || q.Get("nonce") != attempt.Nonce || q.Get("state") != attempt.State || q.Get("redirect_uri") != "http://localhost/login/oidc/callback" {
			t.Fatal(address)
		}
		f.answer = func() map[string]any {
			claims := map[string]any{
				"iss": f.URL, "aud": "deskhand", "sub": "1", "nonce": attempt.Nonce, "exp": time.Now().Add(time.Minute).Unix(), "email": "r@example.com", "email_verified": "true",
			}
			if c.change != nil {
				c.change(claims)
			}
			token := c.raw
			if token == "" {
				key, alg := any(f.key), jose.ES256
				if c.key != nil {
					key = c.key
				}
				if c.alg != "" {
					alg = c.alg
				}
				token = sign(t, alg, key, claims)
			}
			out := map[string]any{"access_token": "a", "token_type": "Bearer", "id_token": token}
			if c.raw == "-" {
				delete(out, "id_token")
			}
			return out
		}
		id, err := s.Finish(t.Context(), p, attempt, signon.Answer{State: attempt.State, Code: "code"})
		if c.good {
			if err != nil || id.Subject != "1" || id.Issuer != f.URL || !id.EmailVerified {
				t.Errorf("%s: %+v %v", name, id, err)
			}
			continue
		}
		if e := fault(err); e.Field != deskhand.SignOnAnswer || id != (deskhand.Identity{}) {
			t.Errorf("%s: %+v %v", name, id, err)
		}
	}
}

func query(t *testing.T, address string) url.Values {
	t.Helper()
	u, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	return u.Query()
}

func fault(err error) *deskhand.Error {
	var e *deskhand.Error
	if errors.As(err, &e) {
		return e
	}
	return &deskhand.Error{}
}

func TestTrial(t *testing.T) {
	f := newForger(t)
	s := signon.New(signon.Config{})
	defer s.Close()
	for word, refused := range map[string]bool{"invalid_client": true, "unauthorized_client": true, "invalid_grant": false, "server_error": false} {
		f.status, f.answer = http.StatusBadRequest, func() map[string]any { return map[string]any{"error": word} }
		got, err := s.Try(t.Context(), deskhand.SignOn{Issuer: f.URL, ClientID: "deskhand", Secret: "secret"})
		if err != nil || got.Refused != refused {
			t.Errorf("%s: %+v %v", word, got, err)
		}
	}
}

// What a provider said of itself is used while it is down, and asked for again later.
func TestProviderIsKnown(t *testing.T) {
	f := newForger(t)
	now := time.Now()
	s := signon.New(signon.Config{Callback: "http://localhost/", Now: func() time.Time { return now }})
	defer s.Close()
	p := deskhand.SignOn{Issuer: f.URL, ClientID: "deskhand"}
	begin := func() error { _, _, err := s.Begin(context.Background(), p); return err }
	if err := begin(); err != nil {
		t.Fatal(err)
	}
	f.Close()
	now = now.Add(2 * time.Hour)
	if err := begin(); err != nil {
		t.Fatal(err)
	}
	fresh := signon.New(signon.Config{})
	defer fresh.Close()
	if _, _, err := fresh.Begin(t.Context(), p); deskhand.CodeOf(err) != deskhand.CodeUnavailable || fault(err).Field != deskhand.SignOnProvider {
		t.Fatal(err)
	}
}

// A provider that sends browsers or secrets where everybody can read them is not used.
func TestProviderInTheClear(t *testing.T) {
	var self *httptest.Server
	self = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		_ = json.NewEncoder(w).Encode(map[string]string{
			"issuer": self.URL, "authorization_endpoint": "javascript:alert(1)", "token_endpoint": self.URL + "/token", "jwks_uri": self.URL + "/keys",
		})
	}))
	defer self.Close()
	s := signon.New(signon.Config{})
	defer s.Close()
	if _, _, err := s.Begin(t.Context(), deskhand.SignOn{Issuer: self.URL}); deskhand.CodeOf(err) != deskhand.CodeUnavailable {
		t.Fatal(err)
	}
}
