package deskhand

import (
	"slices"
	"time"
)

// WebhookEvent is what a webhook tells about.
type WebhookEvent string

// The events.
const (
	WebhookSessionWaiting  WebhookEvent = "session.waiting"  // an end-user is there and can be connected to
	WebhookSessionStarted  WebhookEvent = "session.started"  // the first agent was let in
	WebhookSessionEnded    WebhookEvent = "session.ended"    // also one that nobody connected to
	WebhookComputerOnline  WebhookEvent = "computer.online"  // an unattended computer can be reached
	WebhookComputerOffline WebhookEvent = "computer.offline" // and no more
	WebhookTest            WebhookEvent = "test"             // sent by hand; nobody chooses it
)

// WebhookEvents are those that can be chosen, in the order in which they are shown.
var WebhookEvents = []WebhookEvent{
	WebhookSessionWaiting, WebhookSessionStarted, WebhookSessionEnded, WebhookComputerOnline, WebhookComputerOffline,
}

// Webhook is an address of the operator's that is told when something happens.
type Webhook struct {
	ID           string
	AgentName    string // who added it
	URL          string
	Events       []WebhookEvent
	Secret       string // signs what is sent; shown once
	CreatedAt    time.Time
	DisabledAt   time.Time // zero: it is on
	GaveUp       bool      // the server switched it off after it had failed for WebhookPatience
	FailingSince time.Time // zero: its last delivery was taken
	Waiting      int       // deliveries that are still to be made
}

// Wants says whether the webhook is told about an event.
func (w Webhook) Wants(e WebhookEvent) bool {
	return w.DisabledAt.IsZero() && slices.Contains(w.Events, e)
}

// Limits of webhooks.
const (
	MaxWebhooks        = 20
	MaxWebhookURL      = 1000               // characters
	MaxWebhookAnswer   = 1 << 10            // bytes of an answer that are kept
	WebhookRetryFor    = 24 * time.Hour     // so long a delivery is tried again
	WebhookPatience    = 3 * 24 * time.Hour // so long a webhook may fail before it is switched off
	WebhookAnswersKept = 30 * 24 * time.Hour
)

// DeliveryState says what became of a delivery.
type DeliveryState string

// The states of a delivery.
const (
	DeliveryWaiting   DeliveryState = "waiting"   // to be made, or made again
	DeliveryDelivered DeliveryState = "delivered" // the address answered with 2xx
	DeliveryFailed    DeliveryState = "failed"    // given up
)

// Delivery is one event on its way to one webhook.
type Delivery struct {
	Sequence  int64
	WebhookID string
	EventID   string // the same in each try, and when it is sent again
	Event     WebhookEvent
	Body      string // JSON
	CreatedAt time.Time
	State     DeliveryState
	DueAt     time.Time // of the next try, while it waits
	Attempts  int
	Last      WebhookAnswer // of the last try
}

// WebhookAnswer is how a try went.
type WebhookAnswer struct {
	At     time.Time
	Status int // HTTP; 0: there was no answer
	Took   time.Duration
	Text   string // beginning of the answer, or why there was none
}

// Taken says whether the address took the event.
func (a WebhookAnswer) Taken() bool { return a.Status >= 200 && a.Status < 300 }

// Retained says how much retention has deleted.
type Retained struct{ Sessions, AuditDetails, Deliveries int }
