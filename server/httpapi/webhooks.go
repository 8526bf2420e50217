package httpapi

import (
	"context"
	"net/http"
	"time"

	"deskhand"
)

// Webhooks keeps the addresses that are told what happens, and how they answered.
type Webhooks interface {
	Webhooks(ctx context.Context) ([]deskhand.Webhook, error)
	// Webhook finds one; CodeNotFound when there is none.
	Webhook(ctx context.Context, id string) (deskhand.Webhook, error)
	CreateWebhook(ctx context.Context, by deskhand.Actor, w deskhand.Webhook) (deskhand.Webhook, error)
	UpdateWebhook(ctx context.Context, by deskhand.Actor, w deskhand.Webhook) (deskhand.Webhook, error)
	RenewWebhookSecret(ctx context.Context, by deskhand.Actor, id string) (deskhand.Webhook, error)
	RemoveWebhook(ctx context.Context, by deskhand.Actor, id string) error
	TestWebhook(ctx context.Context, by deskhand.Actor, id string) error
	// Deliveries are a webhook's, the newest first.
	Deliveries(ctx context.Context, webhookID, cursor string, limit int) (list []deskhand.Delivery, next string, err error)
	SendAgain(ctx context.Context, by deskhand.Actor, webhookID string, sequence int64) error
}

// Webhook is an address that is told what happens.
type Webhook struct {
	ID           string                  `json:"id"`
	URL          string                  `json:"url"`
	Events       []deskhand.WebhookEvent `json:"events" enum:"session.waiting,session.started,session.ended,computer.online,computer.offline"`
	AddedBy      string                  `json:"addedBy" doc:"Name of the agent."`
	CreatedAt    time.Time               `json:"createdAt"`
	Enabled      bool                    `json:"enabled"`
	GaveUp       bool                    `json:"gaveUp" doc:"The server switched it off because it had failed for days."`
	FailingSince *time.Time              `json:"failingSince,omitempty" doc:"Absent: it took its last event."`
	Waiting      int                     `json:"waiting" doc:"Events that are still to be delivered."`
}

// NewWebhook is a webhook with its secret, which is shown this once.
type NewWebhook struct {
	Webhook
	Secret string `json:"secret" doc:"Signs what is sent; see docs/webhooks.md."`
}

// WebhookRequest is what a webhook begins with.
type WebhookRequest struct {
	URL    string                  `json:"url" minLength:"1" maxLength:"1000" doc:"https://…" example:"https://example.com/deskhand"`
	Events []deskhand.WebhookEvent `json:"events" minItems:"1" maxItems:"16" enum:"session.waiting,session.started,session.ended,computer.online,computer.offline"`
}

// WebhookChange is what changes; nil leaves a field as it is.
type WebhookChange struct {
	URL     *string                  `json:"url,omitempty" minLength:"1" maxLength:"1000"`
	Events  *[]deskhand.WebhookEvent `json:"events,omitempty" minItems:"1" maxItems:"16" enum:"session.waiting,session.started,session.ended,computer.online,computer.offline"`
	Enabled *bool                    `json:"enabled,omitempty"`
}

// Delivery is one event on its way to one webhook, with the last answer.
type Delivery struct {
	ID           int64                  `json:"id"`
	EventID      string                 `json:"eventId"`
	Event        deskhand.WebhookEvent  `json:"event" enum:"session.waiting,session.started,session.ended,computer.online,computer.offline,test"`
	Body         string                 `json:"body" doc:"The JSON that is sent."`
	CreatedAt    time.Time              `json:"createdAt"`
	State        deskhand.DeliveryState `json:"state" enum:"waiting,delivered,failed"`
	NextTryAt    *time.Time             `json:"nextTryAt,omitempty"`
	Attempts     int                    `json:"attempts"`
	AnsweredAt   *time.Time             `json:"answeredAt,omitempty" doc:"When the last try was made."`
	Status       int                    `json:"status" doc:"HTTP status of the last answer; 0: there was none."`
	Milliseconds int64                  `json:"milliseconds" doc:"That the last try took."`
	Answer       string                 `json:"answer" doc:"Beginning of the last answer, or why there was none."`
}

func webhookOf(w deskhand.Webhook) Webhook {
	return Webhook{
		ID: w.ID, URL: w.URL, Events: w.Events, AddedBy: w.AgentName, CreatedAt: w.CreatedAt.UTC(), Enabled: w.DisabledAt.IsZero(), GaveUp: w.GaveUp,
		FailingSince: timeOrAbsent(w.FailingSince), Waiting: w.Waiting,
	}
}

func deliveryOf(d deskhand.Delivery) Delivery {
	return Delivery{
		ID: d.Sequence, EventID: d.EventID, Event: d.Event, Body: d.Body, CreatedAt: d.CreatedAt.UTC(), State: d.State, NextTryAt: timeOrAbsent(d.DueAt),
		Attempts: d.Attempts, AnsweredAt: timeOrAbsent(d.Last.At), Status: d.Last.Status, Milliseconds: d.Last.Took.Milliseconds(), Answer: d.Last.Text,
	}
}

func timeOrAbsent(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	t = t.UTC()
	return &t
}

type webhookInput struct {
	ID string `path:"id" minLength:"1" maxLength:"64"`
}

type (
	webhookOutput    struct{ Body Webhook }
	newWebhookOutput struct{ Body NewWebhook }
)

func (a *API) webhookRoutes() {
	add(a, route{AccessMay(deskhand.MayManageSettings), http.MethodGet, "/api/webhooks", "list-webhooks", "Webhooks", "Addresses that are told what happens", 0, nil},
		func(ctx context.Context, _ *struct{}) (*listOutput[Webhook], error) {
			list, err := a.Webhooks.Webhooks(ctx)
			if err != nil {
				return nil, err
			}
			out := &listOutput[Webhook]{}
			out.Body.Items = make([]Webhook, 0, len(list))
			for _, w := range list {
				out.Body.Items = append(out.Body.Items, webhookOf(w))
			}
			return out, nil
		})

	type createInput struct{ Body WebhookRequest }
	add(a, route{AccessMay(deskhand.MayManageSettings), http.MethodPost, "/api/webhooks", "add-webhook", "Webhooks", "Add a webhook; the answer has its secret", 0, []int{409}},
		func(ctx context.Context, in *createInput) (*newWebhookOutput, error) {
			w, err := a.Webhooks.CreateWebhook(ctx, callerOf(ctx).Actor, deskhand.Webhook{URL: in.Body.URL, Events: in.Body.Events})
			return newWebhook(w), err
		})

	type changeInput struct {
		ID   string `path:"id" minLength:"1" maxLength:"64"`
		Body WebhookChange
	}
	add(a, route{AccessMay(deskhand.MayManageSettings), http.MethodPatch, "/api/webhooks/{id}", "change-webhook", "Webhooks", "Change a webhook, or switch it on or off", 0, []int{404}},
		func(ctx context.Context, in *changeInput) (*webhookOutput, error) {
			w, err := a.Webhooks.Webhook(ctx, in.ID)
			if err != nil {
				return nil, err
			}
			if in.Body.URL != nil {
				w.URL = *in.Body.URL
			}
			if in.Body.Events != nil {
				w.Events = *in.Body.Events
			}
			switch on := in.Body.Enabled; {
			case on == nil:
			case *on:
				w.DisabledAt = time.Time{}
			case w.DisabledAt.IsZero():
				w.DisabledAt = time.Now()
			}
			w, err = a.Webhooks.UpdateWebhook(ctx, callerOf(ctx).Actor, w)
			return &webhookOutput{Body: webhookOf(w)}, err
		})

	add(a, route{AccessMay(deskhand.MayManageSettings), http.MethodDelete, "/api/webhooks/{id}", "remove-webhook", "Webhooks", "Remove a webhook", 0, []int{404}},
		func(ctx context.Context, in *webhookInput) (*struct{}, error) {
			return nil, a.Webhooks.RemoveWebhook(ctx, callerOf(ctx).Actor, in.ID)
		})
	add(a, route{AccessMay(deskhand.MayManageSettings), http.MethodPost, "/api/webhooks/{id}/secret", "renew-webhook-secret", "Webhooks", "Give a webhook another secret", 0, []int{404}},
		func(ctx context.Context, in *webhookInput) (*newWebhookOutput, error) {
			w, err := a.Webhooks.RenewWebhookSecret(ctx, callerOf(ctx).Actor, in.ID)
			return newWebhook(w), err
		})
	add(a, route{AccessMay(deskhand.MayManageSettings), http.MethodPost, "/api/webhooks/{id}/test", "test-webhook", "Webhooks", "Send a test", 0, []int{404}},
		func(ctx context.Context, in *webhookInput) (*struct{}, error) {
			return nil, a.Webhooks.TestWebhook(ctx, callerOf(ctx).Actor, in.ID)
		})
	a.deliveryRoutes()
}

func newWebhook(w deskhand.Webhook) *newWebhookOutput {
	return &newWebhookOutput{Body: NewWebhook{Webhook: webhookOf(w), Secret: w.Secret}}
}

func (a *API) deliveryRoutes() {
	type listInput struct {
		ID     string `path:"id" minLength:"1" maxLength:"64"`
		Cursor string `query:"cursor" maxLength:"32"`
		Limit  int    `query:"limit" minimum:"1" maximum:"200" default:"50"`
	}
	add(a, route{AccessMay(deskhand.MayManageSettings), http.MethodGet, "/api/webhooks/{id}/deliveries", "list-deliveries", "Webhooks", "A webhook's events and the last answers, the newest first", 0, []int{404}},
		func(ctx context.Context, in *listInput) (*listOutput[Delivery], error) {
			list, next, err := a.Webhooks.Deliveries(ctx, in.ID, in.Cursor, in.Limit)
			if err != nil {
				return nil, err
			}
			out := &listOutput[Delivery]{}
			out.Body.Items, out.Body.NextCursor = make([]Delivery, 0, len(list)), next
			for _, d := range list {
				out.Body.Items = append(out.Body.Items, deliveryOf(d))
			}
			return out, nil
		})

	type againInput struct {
		ID       string `path:"id" minLength:"1" maxLength:"64"`
		Delivery int64  `path:"delivery" minimum:"1"`
	}
	add(a, route{AccessMay(deskhand.MayManageSettings), http.MethodPost, "/api/webhooks/{id}/deliveries/{delivery}/again", "send-delivery-again", "Webhooks", "Send an event again", 0, []int{404, 409}},
		func(ctx context.Context, in *againInput) (*struct{}, error) {
			return nil, a.Webhooks.SendAgain(ctx, callerOf(ctx).Actor, in.ID, in.Delivery)
		})
}
