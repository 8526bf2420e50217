package deskhand

import "time"

// AuditEvent is one act that is kept for ever in the audit chain. Verb is a stable word ("agent.login", "session.end");
// Subject is the id of what it is about; Detail is for people and holds no secret.
type AuditEvent struct {
	Sequence int64
	At       time.Time
	Actor    Actor
	Verb     string
	Subject  string
	Detail   map[string]string
	Hash     []byte // SHA-256(previous hash ‖ canonical event)
}
