package signon

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"syscall"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"

	"deskhand"
)

const (
	within    = 10 * time.Second // for one request
	fresh     = time.Hour        // so long what a provider says of itself is not asked for again
	pause     = 300 * time.Millisecond
	maxAnswer = 1 << 20 // bytes
)

// provider is what a provider says of itself.
type provider struct {
	*oidc.Provider
	issuer string
	at     time.Time
	words  metadata
}

// metadata is what we read of it ourselves.
type metadata struct {
	ChallengeMethods []string `json:"code_challenge_methods_supported"`
	TokenAuth        []string `json:"token_endpoint_auth_methods_supported"`
}

// style is how the client's secret is shown: guessing would use up the code.
func (p provider) style(secret string) oauth2.AuthStyle {
	if secret == "" || len(p.words.TokenAuth) > 0 && !slices.Contains(p.words.TokenAuth, "client_secret_basic") {
		return oauth2.AuthStyleInParams
	}
	return oauth2.AuthStyleInHeader
}

// provider is what is known of a provider, asked for anew each hour. One that is down meanwhile is used as it was.
func (s *Service) provider(ctx context.Context, issuer string) (provider, error) {
	s.mu.Lock()
	known := s.known
	s.mu.Unlock()
	if known.issuer == issuer && s.Now().Sub(known.at) < fresh {
		return known, nil
	}
	found, err := s.discover(ctx, issuer)
	if err != nil && known.issuer == issuer && issuer != "" && ctx.Err() == nil {
		s.Log.WarnContext(ctx, "asking a provider about itself", "issuer", issuer, "err", err)
		return known, nil
	}
	if err != nil {
		return found, err
	}
	s.mu.Lock()
	s.known = found
	s.mu.Unlock()
	return found, nil
}

// discover asks a provider about itself, and a second time when the connection failed.
func (s *Service) discover(ctx context.Context, issuer string) (p provider, err error) {
	for try := range 2 {
		if try > 0 {
			select {
			case <-time.After(pause):
			case <-ctx.Done():
				return p, ctx.Err()
			}
		}
		if p, err = s.discoverOnce(ctx, issuer); err == nil || !passing(err) {
			break
		}
	}
	if err != nil {
		return p, &deskhand.Error{
			Code: deskhand.CodeUnavailable, Field: deskhand.SignOnProvider, Fault: explain(err), Hint: "Log in by your password meanwhile, and tell an administrator.", Err: err,
		}
	}
	return p, nil
}

func (s *Service) discoverOnce(ctx context.Context, issuer string) (p provider, err error) {
	found, err := oidc.NewProvider(oidc.ClientContext(ctx, s.client), issuer)
	if err != nil {
		return p, err
	}
	p = provider{Provider: found, issuer: issuer, at: s.Now()}
	if err := found.Claims(&p.words); err != nil {
		return p, err
	}
	// Browsers are sent to the one and secrets to the other.
	for _, address := range []string{found.Endpoint().AuthURL, found.Endpoint().TokenURL} {
		u, err := url.Parse(address)
		if err != nil || u.Hostname() == "" || u.Scheme != "https" && (u.Scheme != "http" || !deskhand.IsLoopbackHost(u.Hostname())) {
			return p, errAddress(deskhand.CleanText(address, 100))
		}
	}
	return p, nil
}

// errAddress is an address of a provider's that is not used.
type errAddress string

func (e errAddress) Error() string { return fmt.Sprintf("%q is not encrypted", string(e)) }

// errStatus is an answer of a provider's that holds nothing.
type errStatus int

func (e errStatus) Error() string { return fmt.Sprintf("HTTP %d", int(e)) }

// passing says whether a second try may succeed.
func passing(err error) bool {
	var status errStatus
	if errors.As(err, &status) {
		return status >= http.StatusInternalServerError
	}
	var name *net.DNSError
	var network net.Error
	return !errors.As(err, &name) && errors.As(err, &network) && !network.Timeout()
}

// explain says in plain words why a provider cannot be used.
func explain(err error) string {
	var status errStatus
	var address errAddress
	var name *net.DNSError
	var certificate *tls.CertificateVerificationError
	var network net.Error
	switch {
	case errors.As(err, &status):
		return fmt.Sprintf("There is no OpenID provider at this address: it answers %s.", status)
	case errors.As(err, &address):
		return fmt.Sprintf("The provider cannot be used: its address %s.", address)
	case errors.As(err, &certificate):
		return "The provider's certificate is not trusted: " + deskhand.CleanText(certificate.Err.Error(), 200) + "."
	case errors.As(err, &name):
		return "The provider's host name is not known: " + deskhand.CleanText(name.Name, 100) + "."
	case errors.Is(err, syscall.ECONNREFUSED):
		return "Nothing listens at the provider's address: the connection was refused."
	case errors.As(err, &network) && network.Timeout():
		return fmt.Sprintf("The provider did not answer within %d seconds.", int(within/time.Second))
	case errors.As(err, &network):
		return "The provider cannot be reached."
	case strings.Contains(err.Error(), "did not match"):
		return "The provider calls itself by another address: " + deskhand.CleanText(strings.TrimPrefix(err.Error(), "oidc: "), 300) + "."
	}
	return "What is at the provider's address is no OpenID provider."
}

// newClient is an HTTP client for providers. It follows no redirects: a provider is where its issuer says.
func newClient() *http.Client {
	t := http.DefaultTransport.(*http.Transport).Clone() // with the proxy that the operator's environment names
	t.TLSHandshakeTimeout, t.ResponseHeaderTimeout, t.MaxResponseHeaderBytes = within, within, 64<<10
	return &http.Client{
		Transport: bounded{t}, Timeout: within,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}

// bounded limits answers.
type bounded struct{ *http.Transport }

func (b bounded) RoundTrip(r *http.Request) (*http.Response, error) {
	resp, err := b.Transport.RoundTrip(r)
	if err != nil {
		return nil, err
	}
	resp.Body = http.MaxBytesReader(nil, resp.Body, maxAnswer)
	if resp.StatusCode != http.StatusOK && strings.HasSuffix(r.URL.Path, "/.well-known/openid-configuration") {
		_ = resp.Body.Close()
		return nil, errStatus(resp.StatusCode)
	}
	return resp, nil
}
