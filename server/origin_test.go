package server_test

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"testing"

	"deskhand/server/httpapi"
	"deskhand/server/servertest"
)

// Sockets that a cookie or a page's ticket authenticates take the public URL's origin only, and the fault names the setting.
func TestSocketsTakeTheirOwnOrigin(t *testing.T) {
	s := servertest.New(t)
	rodney := s.Login(s.Admin)
	own := s.URL.String()
	for _, path := range []string{"/api/events", "/api/relay"} {
		for _, origin := range []string{
			"", "null", "https://evil.example", own + ".evil.example", own + "/", strings.Replace(own, "http:", "https:", 1), own + "0",
			strings.Replace(own, "127.0.0.1", "localhost", 1), strings.ToUpper(own), "http://127.0.0.1",
		} {
			ws, resp, err := rodney.Socket(path, origin)
			if err == nil {
				ws.CloseNow()
				t.Errorf("%s takes the origin %q", path, origin)
				continue
			}
			var p httpapi.Problem
			if resp == nil || resp.StatusCode != http.StatusForbidden {
				t.Errorf("%s, origin %q: %v", path, origin, err)
			} else if json.NewDecoder(resp.Body).Decode(&p); !strings.Contains(p.Hint, "--public-url") {
				t.Errorf("%s, origin %q: problem %+v", path, origin, p)
			}
		}
		ws, _, err := rodney.Socket(path, own)
		if err != nil {
			t.Errorf("%s does not take its own origin: %v", path, err)
			continue
		}
		ws.CloseNow()
	}
}

// Clients send neither an Origin nor a cookie; whoever does is a browser that was lured.
func TestClientRoutesRefuseBrowsers(t *testing.T) {
	s := servertest.New(t)
	rodney := s.Login(s.Admin)
	for _, path := range []string{"/client/signal", "/client/relay"} {
		if ws, resp, err := rodney.Socket(path, ""); err == nil || resp.StatusCode != http.StatusForbidden {
			ws.CloseNow()
			t.Errorf("%s takes a cookie", path)
		}
		if ws, resp, err := s.Nobody().Socket(path, s.URL.String()); err == nil || resp.StatusCode != http.StatusForbidden {
			ws.CloseNow()
			t.Errorf("%s takes an Origin header", path)
		}
	}
}

// Another site's page cannot act with an agent's cookie.
func TestOtherSitesCannotWrite(t *testing.T) {
	s := servertest.New(t)
	rodney := s.Login(s.Admin)
	for name, header := range map[string]http.Header{
		"another site's fetch": {"Sec-Fetch-Site": {"cross-site"}, "Origin": {"https://evil.example"}},
		"a sibling's fetch":    {"Sec-Fetch-Site": {"same-site"}, "Origin": {"http://127.0.0.1:1"}},
		"an older browser":     {"Origin": {"https://evil.example"}},
		"a sandboxed frame":    {"Origin": {"null"}},
	} {
		r, err := http.NewRequest(http.MethodPost, s.URL.String()+"/api/invites/ids", nil)
		if err != nil {
			t.Fatal(err)
		}
		r.Header = header
		r.Header.Set("Cookie", rodney.Cookie())
		resp, err := http.DefaultClient.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		b, _ := io.ReadAll(resp.Body)
		resp.Body.Close()
		if resp.StatusCode != http.StatusForbidden || !bytes.Contains(b, []byte("--public-url")) || resp.Header.Get("Content-Type") != "application/problem+json" {
			t.Errorf("%s: %d %s", name, resp.StatusCode, b)
		}
	}
	http.DefaultClient.CloseIdleConnections()
	var open httpapi.List[httpapi.ConnectionID]
	if rodney.Must(http.MethodGet, "/api/invites/ids", nil, &open); len(open.Items) != 0 {
		t.Errorf("%d connection IDs were made", len(open.Items))
	}
}

func TestEveryAnswerHasItsHeaders(t *testing.T) {
	s := servertest.New(t)
	for _, path := range []string{"/", "/sessions", "/api/me", "/api/docs", "/join/admin", "/join/nobody", "/download", "/healthz", "//x", "/assets/x.js"} {
		h := s.Nobody().Get(path, nil).Header
		for name, want := range map[string]string{
			"Content-Security-Policy": "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; require-trusted-types-for 'script'; trusted-types default; ",
			"X-Content-Type-Options":  "nosniff", "Referrer-Policy": "no-referrer", "Cross-Origin-Opener-Policy": "same-origin", "Cross-Origin-Embedder-Policy": "require-corp", "X-Frame-Options": "DENY",
		} {
			if !strings.HasPrefix(h.Get(name), want) {
				t.Errorf("%s: %s: %q", path, name, h.Get(name))
			}
		}
		if !strings.Contains(h.Get("Content-Security-Policy"), "frame-ancestors 'none'") {
			t.Errorf("%s may be framed", path)
		}
	}
}

// A preview that follows a link makes nothing and uses up nothing; and no code or password comes into the log.
func TestPreviewsAndLogs(t *testing.T) {
	s := servertest.New(t)
	rodney := s.Login(s.Admin)
	var short httpapi.ShortLink
	rodney.Must(http.MethodPost, "/api/invites/short", httpapi.ShortLinkRequest{Ticket: "4711"}, &short)
	path := strings.TrimPrefix(short.URL, s.URL.String())
	for range 3 {
		if resp := s.Nobody().Get(path, nil); resp.StatusCode != http.StatusOK {
			t.Fatalf("preview: %d", resp.StatusCode)
		}
		code := linkCode(t, s, path+"/download?platform=linux-amd64")
		if !strings.HasSuffix(path, code) {
			t.Fatalf("the download's code is %s, the link's %s", code, path)
		}
	}
	if n := len(rodney.Sessions()); n != 0 {
		t.Fatalf("%d sessions after previews", n)
	}
	code := path[strings.LastIndex(path, "/")+1:]
	c := s.Client("PC").In(code)
	if c.Redeemed.Ticket != "4711" || len(rodney.Sessions()) != 1 {
		t.Errorf("redeemed %+v", c.Redeemed)
	}
	// The personal link with the same ticket leads to the same session.
	other := s.Client("OTHER").In(linkCode(t, s, "/join/admin/download?platform=linux-amd64&ticket=4711"))
	if other.Redeemed.SessionId != c.Redeemed.SessionId {
		t.Error("the same link leads to another session")
	}
	for _, secret := range []string{code, s.Admin.Password, string(c.Redeemed.ParticipantSecret), rodney.Cookie()} {
		if strings.Contains(s.Log(), secret) {
			t.Errorf("the log has %q", secret)
		}
	}
}
