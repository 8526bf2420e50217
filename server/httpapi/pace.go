package httpapi

import (
	"time"

	"deskhand"
)

// limit is how often one may ask: so often at once, then so often a second.
type limit struct {
	atOnce    int
	perSecond float64
}

// openLimit is for routes that nobody has to be logged in for, by network. What checks a password or a code has limits of its own besides, in
// package auth: they count wrong ones only.
var openLimit = limit{240, 8}

// limits are for what costs much (a hash of a password, the whole database, a mail, a row for each), by agent and operation.
var limits = map[string]limit{
	"change-password": {30, 0.5}, "renew-recovery-codes": {30, 0.5}, "begin-authenticator": {30, 0.5}, "confirm-authenticator": {30, 0.5},
	"remove-authenticator": {30, 0.5}, "begin-passkey": {30, 0.5}, "finish-passkey": {30, 0.5}, "remove-passkey": {30, 0.5}, "create-token": {60, 0.5},
	"create-agent": {200, 1}, "invite-again": {60, 0.2}, "make-reset-link": {60, 0.2},
	"create-connection-id": {300, 5}, "shorten-link": {200, 2}, "mail-link": {60, 0.2}, "create-unattended-link": {200, 2}, "mail-unattended-link": {60, 0.2}, "call-agent": {120, 1},
	"open-viewer": {200, 5}, "open-computer": {200, 5}, "open-prompt": {200, 5}, "open-session-prompt": {200, 5}, "get-transcript": {100, 2},
	"list-logs": {400, 20}, "count-logs": {400, 20}, "export-logs": {30, 0.2}, "list-audit": {400, 20}, "list-audit-verbs": {200, 5}, "list-audit-agents": {200, 5},
	"verify-audit": {20, 0.1}, "export-audit": {20, 0.1},
	"set-logo": {30, 0.2}, "get-palette": {400, 20}, "get-health": {200, 2},
	"test-sign-on": {30, 0.2}, "unlink-me": {30, 0.5},
	"test-webhook": {30, 0.2}, "send-delivery-again": {60, 0.5},
}

// ownLimit are routes of clients that may come in great numbers from one network: package auth makes them wait after wrong passwords.
var ownLimit = map[string]bool{"enrol-computer": true}

// pace is how often the route may be asked for; nil: as often as one likes.
func (rt route) pace() *deskhand.Pace {
	l, ok := limits[rt.id]
	if !ok {
		if rt.access.loggedIn() || ownLimit[rt.id] {
			return nil
		}
		l = openLimit
	}
	return deskhand.NewPace(l.atOnce, l.perSecond)
}

// inPace counts a request of a caller: an agent's, else its network's.
func (a *API) inPace(rt route, c caller) error {
	pace := a.paces[rt.id]
	if pace == nil {
		return nil
	}
	key := c.Agent.ID
	if key == "" {
		key = deskhand.Network(c.Actor.Address)
	}
	if wait := pace.Take(key); wait > 0 {
		return deskhand.TooMany(max(wait, time.Second))
	}
	return nil
}
