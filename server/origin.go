package server

import (
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"path"
	"strings"

	"deskhand"
	"deskhand/server/httpapi"
)

// csp lets a page load from this server only. Mantine and React set styles; the decoder is WebAssembly; the remote pointer's shape is an
// image in a style.
const csp = "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; " +
	"require-trusted-types-for 'script'; trusted-types default; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"

// maxBody is the largest body of a request that reads and of a page's form, in bytes. The API's own routes have their limits there.
const maxBody = 32 << 10

// guard sets what every answer carries and refuses paths that have more than one meaning.
func (s *Server) guard(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", csp)
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("X-Frame-Options", "DENY")
		h.Set("Referrer-Policy", "no-referrer")
		h.Set("Cross-Origin-Opener-Policy", "same-origin")
		// With the opener policy this isolates the page, which may then share memory with the viewer's Worker: key to pixel takes half as long.
		h.Set("Cross-Origin-Embedder-Policy", "require-corp")
		h.Set("Cross-Origin-Resource-Policy", "same-origin")
		if s.public.Scheme == "https" && s.tls.fingerprint == "" {
			h.Set("Strict-Transport-Security", "max-age=31536000")
		}
		if !plainPath(r.URL) {
			s.notFound(w, r)
			return
		}
		if r.ContentLength > maxBody && (!strings.HasPrefix(r.URL.Path, "/api/") && !strings.HasPrefix(r.URL.Path, "/client/") || isRead(r)) {
			s.api.Fault(w, r, httpapi.TooLarge())
			return
		}
		if target := s.otherName(r); target != "" {
			http.Redirect(w, r, target, http.StatusTemporaryRedirect)
			return
		}
		next.ServeHTTP(w, r)
	})
}

// plainPath reports whether a path reads the same for everybody: no empty, "." or ".." segments, no encoded slash.
func plainPath(u *url.URL) bool {
	raw := strings.ToLower(u.RawPath)
	return path.Clean("/"+u.Path) == u.Path && !strings.ContainsAny(u.Path, "\\\x00") && !strings.Contains(raw, "%2f") && !strings.Contains(raw, "%5c")
}

// otherName is where a page leads that was asked for under another name of this machine than the public one: the login's cookie and the
// origin of its sockets belong to one name.
func (s *Server) otherName(r *http.Request) string {
	if !isRead(r) || !deskhand.IsLoopbackHost(s.public.Hostname()) {
		return ""
	}
	for _, prefix := range []string{"/api/", "/client/", "/healthz", "/readyz"} {
		if strings.HasPrefix(r.URL.Path, prefix) {
			return ""
		}
	}
	host := r.Host
	if h, _, err := net.SplitHostPort(host); err == nil {
		host = h
	}
	if strings.EqualFold(r.Host, s.public.Host) || !deskhand.IsLoopbackHost(host) {
		return ""
	}
	target := *s.public
	target.Path, target.RawPath, target.RawQuery = r.URL.Path, r.URL.RawPath, r.URL.RawQuery
	return target.String()
}

func isRead(r *http.Request) bool { return r.Method == http.MethodGet || r.Method == http.MethodHead }

// origin is the public URL's scheme, host and port, as browsers write it.
func (s *Server) origin() string { return s.public.Scheme + "://" + s.public.Host }

// exactOrigin lets only pages of this server through: for sockets that a cookie or a ticket in a page authenticates.
func (s *Server) exactOrigin(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if got := r.Header.Values("Origin"); len(got) != 1 || got[0] != s.origin() {
			s.api.Fault(w, r, &deskhand.Error{
				Code: deskhand.CodeForbidden, Fault: "This connection comes from another site than " + s.origin() + ".",
				Hint: "Open the console there; when it is reached by another address, set --public-url.",
			})
			return
		}
		next.ServeHTTP(w, r)
	})
}

// address is where a request comes from: the connection's other end, or what trusted proxies before it say.
func (s *Server) address(r *http.Request) netip.Addr {
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		return netip.Addr{}
	}
	a, err := netip.ParseAddr(host)
	if err != nil {
		return netip.Addr{}
	}
	a = a.Unmap().WithZone("")
	hops := strings.Split(strings.Join(r.Header.Values("X-Forwarded-For"), ","), ",")
	for i := len(hops) - 1; i >= 0 && s.trusted(a); i-- {
		hop, err := netip.ParseAddr(strings.TrimSpace(hops[i]))
		if err != nil {
			break // what stands before it cannot be believed
		}
		a = hop.Unmap().WithZone("")
	}
	return a
}

func (s *Server) trusted(a netip.Addr) bool {
	for _, p := range s.proxies {
		if p.Contains(a) {
			return true
		}
	}
	return false
}

func (s *Server) addressText(r *http.Request) string {
	if a := s.address(r); a.IsValid() {
		return a.String()
	}
	return ""
}
