package signon

import (
	"errors"
	"strings"

	"golang.org/x/oauth2"

	"deskhand"
)

// Limits of what a provider says of somebody.
const (
	maxSubject = 255 // bytes, as the standard says
	maxText    = 254 // characters
)

// claims are what we read of an ID token.
type claims struct {
	Email             string `json:"email"`
	EmailVerified     yes    `json:"email_verified"`
	DomainVerified    yes    `json:"xms_edov"` // Microsoft Entra's word for it
	Name              string `json:"name"`
	PreferredUserName string `json:"preferred_username"`
	AuthorizedParty   string `json:"azp"`
}

// yes is a truth as providers write it: some as a text or a number. What is none of them is not true.
type yes bool

func (y *yes) UnmarshalJSON(b []byte) error {
	switch strings.Trim(string(b), `"`) {
	case "true", "1":
		*y = true
	default:
		*y = false
	}
	return nil
}

func (c claims) identity(issuer, subject string) deskhand.Identity {
	return deskhand.Identity{
		Issuer: issuer, Subject: subject,
		Email: deskhand.CleanText(c.Email, maxText), EmailVerified: bool(c.EmailVerified || c.DomainVerified),
		Name: deskhand.CleanText(c.Name, maxText), UserName: deskhand.CleanText(c.PreferredUserName, maxText),
	}
}

// short is an error without the provider's whole answer, which may hold tokens.
func short(err error) error {
	var refused *oauth2.RetrieveError
	if errors.As(err, &refused) {
		return errors.New(deskhand.CleanText(refused.Response.Status+" "+refused.ErrorCode+" "+refused.ErrorDescription, 200))
	}
	return errors.New(deskhand.CleanText(err.Error(), 300))
}
