package signontest

import (
	"net/url"
	"time"

	"github.com/zitadel/oidc/v3/pkg/oidc"
	"github.com/zitadel/oidc/v3/pkg/op"
)

// client is the one that the provider knows.
type client struct{ provider *Provider }

func (c client) GetID() string { return ClientID }

// RedirectURIs is the callback; without one any of this computer's, whose port a test does not know beforehand.
func (c client) RedirectURIs() []string {
	if c.provider.callback != "" {
		return []string{c.provider.callback}
	}
	return nil
}

// RedirectURIGlobs are patterns of callbacks.
func (c client) RedirectURIGlobs() []string {
	if c.provider.callback != "" {
		return nil
	}
	return []string{"http://127.0.0.1:*/login/oidc/callback", "http://localhost:*/login/oidc/callback"}
}

func (c client) PostLogoutRedirectURIs() []string     { return nil }
func (c client) PostLogoutRedirectURIGlobs() []string { return nil }
func (c client) ApplicationType() op.ApplicationType  { return op.ApplicationTypeWeb }
func (c client) AuthMethod() oidc.AuthMethod          { return oidc.AuthMethodBasic }
func (c client) ResponseTypes() []oidc.ResponseType {
	return []oidc.ResponseType{oidc.ResponseTypeCode}
}
func (c client) GrantTypes() []oidc.GrantType        { return []oidc.GrantType{oidc.GrantTypeCode} }
func (c client) LoginURL(id string) string           { return "/login?id=" + url.QueryEscape(id) }
func (c client) AccessTokenType() op.AccessTokenType { return op.AccessTokenTypeBearer }
func (c client) IDTokenLifetime() time.Duration      { return time.Minute }
func (c client) DevMode() bool                       { return true }
func (c client) RestrictAdditionalIdTokenScopes() func([]string) []string {
	return func(scopes []string) []string { return scopes }
}

func (c client) RestrictAdditionalAccessTokenScopes() func([]string) []string {
	return func(scopes []string) []string { return scopes }
}
func (c client) IsScopeAllowed(string) bool           { return false }
func (c client) IDTokenUserinfoClaimsAssertion() bool { return !c.provider.Thin }
func (c client) ClockSkew() time.Duration             { return 0 }
