package deskhand

import "time"

// Topic names what a change is about; the console refetches by it.
type Topic string

// The topics.
const (
	TopicSessions  Topic = "sessions"
	TopicComputers Topic = "computers"
	TopicLogs      Topic = "logs"
	TopicInvites   Topic = "invites"
	TopicAgents    Topic = "agents"
	TopicLogins    Topic = "logins" // a login ended
	TopicSettings  Topic = "settings"
	TopicWebhooks  Topic = "webhooks" // one of them, or how its deliveries went
)

// Change is a hint that something was written. Every server reads them in order; a lost one costs a refetch, never truth.
type Change struct {
	Sequence int64
	Topic    Topic
	AgentID  string // whom it concerns; empty: everyone
	Subject  string // id of what changed: a session, a computer, a login …
	At       time.Time
}
