package store

import (
	"context"
	"crypto/rand"
	"encoding/base64"
	"fmt"
	"io"
	"net/url"
	"slices"
	"strings"
	"time"

	"deskhand"
)

const webhookQuery = `SELECT w.id, a.name, w.url, w.events, w.secret, w.created_at, w.disabled_at, w.gave_up, w.failing_since,
	(SELECT count(*) FROM delivery d WHERE d.webhook_id = w.id AND d.state = 'waiting') FROM webhook w JOIN agent a ON a.id = w.agent_id`

func scanWebhook(r scanner) (w deskhand.Webhook, err error) {
	var events string
	err = r.Scan(&w.ID, &w.AgentName, &w.URL, &events, &w.Secret, stamp{&w.CreatedAt}, stamp{&w.DisabledAt}, &w.GaveUp, stamp{&w.FailingSince}, &w.Waiting)
	for _, e := range strings.Fields(events) {
		w.Events = append(w.Events, deskhand.WebhookEvent(e))
	}
	return w, err
}

// Webhooks gives all webhooks, the oldest first.
func (s *Store) Webhooks(ctx context.Context) (list []deskhand.Webhook, err error) {
	err = s.read(ctx, func(t *tx) error {
		list, err = all(t, scanWebhook, webhookQuery+" ORDER BY w.created_at, w.id")
		return err
	})
	return list, err
}

// CreateWebhook adds one for the acting agent: its address and its events. It is returned with its secret. Errors: CodeInvalid,
// CodeConflict when there are too many.
func (s *Store) CreateWebhook(ctx context.Context, actor deskhand.Actor, w deskhand.Webhook) (deskhand.Webhook, error) {
	if err := checkWebhook(&w); err != nil {
		return w, err
	}
	var err error
	if w.Secret, err = s.webhookSecret(); err != nil {
		return w, err
	}
	err = s.write(ctx, actor, func(t *tx) error {
		var n int
		if err := t.row("SELECT count(*) FROM webhook").Scan(&n); err != nil || n >= deskhand.MaxWebhooks {
			return orConflict(err, "There are too many webhooks.", "Remove one that is no longer needed.")
		}
		if w.ID, err = t.store.newID(); err != nil {
			return err
		}
		if _, err := t.exec(`INSERT INTO webhook (id, agent_id, url, events, secret, created_at, disabled_at, gave_up, failing_since)
			VALUES ($1, $2, $3, $4, $5, $6, 0, FALSE, 0)`, w.ID, actor.AgentID, w.URL, joinEvents(w.Events), w.Secret, micros(t.now)); err != nil {
			return err
		}
		t.audit("webhook.add", w.ID, "host", hostOf(w.URL), "events", joinEvents(w.Events))
		t.changed(deskhand.TopicWebhooks, "", w.ID)
		w, err = t.webhook(w.ID)
		return err
	})
	return w, err
}

// UpdateWebhook changes a webhook's address and events, and switches it on or off: it is on when DisabledAt is zero. Errors:
// CodeInvalid, CodeNotFound.
func (s *Store) UpdateWebhook(ctx context.Context, actor deskhand.Actor, w deskhand.Webhook) (deskhand.Webhook, error) {
	if err := checkWebhook(&w); err != nil {
		return w, err
	}
	err := s.write(ctx, actor, func(t *tx) error {
		was, err := t.webhook(w.ID)
		if err != nil {
			return err
		}
		on := "yes"
		switch {
		case w.DisabledAt.IsZero(): // what it missed is not failing any more
			was.GaveUp, was.FailingSince = false, time.Time{}
		case was.DisabledAt.IsZero():
			w.DisabledAt, on = t.now, "no"
		default:
			w.DisabledAt, on = was.DisabledAt, "no"
		}
		if _, err := t.exec("UPDATE webhook SET url = $1, events = $2, disabled_at = $3, gave_up = $4, failing_since = $5 WHERE id = $6",
			w.URL, joinEvents(w.Events), micros(w.DisabledAt), was.GaveUp, micros(was.FailingSince), w.ID); err != nil {
			return err
		}
		t.audit("webhook.change", w.ID, "host", hostOf(w.URL), "events", joinEvents(w.Events), "on", on)
		t.changed(deskhand.TopicWebhooks, "", w.ID)
		w, err = t.webhook(w.ID)
		return err
	})
	return w, err
}

// RenewWebhookSecret gives a webhook another secret; the old one counts no more. CodeNotFound when there is none.
func (s *Store) RenewWebhookSecret(ctx context.Context, actor deskhand.Actor, id string) (w deskhand.Webhook, err error) {
	secret, err := s.webhookSecret()
	if err != nil {
		return w, err
	}
	err = s.write(ctx, actor, func(t *tx) error {
		if _, err := t.exec("UPDATE webhook SET secret = $1 WHERE id = $2", secret, id); err != nil {
			return err
		}
		if w, err = t.webhook(id); err != nil {
			return err
		}
		t.audit("webhook.secret", id, "host", hostOf(w.URL))
		return nil
	})
	return w, err
}

// RemoveWebhook removes a webhook with its deliveries; CodeNotFound when there is none.
func (s *Store) RemoveWebhook(ctx context.Context, actor deskhand.Actor, id string) error {
	return s.write(ctx, actor, func(t *tx) error {
		w, err := t.webhook(id)
		if err != nil {
			return err
		}
		if _, err := t.exec("DELETE FROM delivery WHERE webhook_id = $1", id); err != nil {
			return err
		}
		if _, err := t.exec("DELETE FROM webhook WHERE id = $1", id); err != nil {
			return err
		}
		t.audit("webhook.remove", id, "host", hostOf(w.URL))
		t.changed(deskhand.TopicWebhooks, "", id)
		return nil
	})
}

// Webhook finds one; CodeNotFound when there is none.
func (s *Store) Webhook(ctx context.Context, id string) (w deskhand.Webhook, err error) {
	err = s.read(ctx, func(t *tx) error { w, err = t.webhook(id); return err })
	return w, err
}

func (t *tx) webhook(id string) (deskhand.Webhook, error) {
	w, err := scanWebhook(t.row(webhookQuery+" WHERE w.id = $1", id))
	if none(err) {
		return w, deskhand.Errorf(deskhand.CodeNotFound, "There is no such webhook.")
	}
	return w, err
}

// webhookSecret is 32 random bytes as the Standard Webhooks write them.
func (s *Store) webhookSecret() (string, error) {
	b := make([]byte, 32)
	if _, err := io.ReadFull(s.rand, b); err != nil {
		return "", fmt.Errorf("drawing a secret: %w", err)
	}
	return "whsec_" + base64.StdEncoding.EncodeToString(b), nil
}

// checkWebhook cleans the address and the events. Where an address leads is checked when it is dialled: names change their meaning.
func checkWebhook(w *deskhand.Webhook) error {
	w.URL = strings.TrimSpace(w.URL)
	u, err := url.Parse(w.URL)
	if err != nil || u.Host == "" || u.Hostname() == "" || u.User != nil || u.Fragment != "" || len(w.URL) > deskhand.MaxWebhookURL {
		return invalid("url", "This is no web address that events can be sent to.", "Write it like https://example.com/deskhand, without a user name or password.")
	}
	if u.Scheme != "https" && (u.Scheme != "http" || !deskhand.IsLoopbackHost(u.Hostname())) {
		return invalid("url", "Events are only sent encrypted.", "Use an address that begins with https.")
	}
	var events []deskhand.WebhookEvent
	for _, e := range deskhand.WebhookEvents { // in their order, each once
		if slices.Contains(w.Events, e) {
			events = append(events, e)
		}
	}
	if len(events) == 0 {
		return invalid("events", "No event is chosen.", "Choose what this address is to be told.")
	}
	w.Events = events
	return nil
}

func joinEvents(events []deskhand.WebhookEvent) string {
	words := make([]string, len(events))
	for i, e := range events {
		words[i] = string(e)
	}
	return strings.Join(words, " ")
}

// hostOf is what the audit says of an address, whose path may hold a secret.
func hostOf(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return ""
	}
	return u.Host
}

// eventID names an event for its receivers.
func eventID() string { return "evt_" + rand.Text() }
