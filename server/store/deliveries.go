package store

import (
	"context"
	"encoding/json"
	"fmt"
	"strconv"
	"time"

	"deskhand"
)

// The outbox of webhooks: what happened is written for each webhook that wants it in the transaction in which it happened, so that
// nothing is lost and nothing is told that did not happen.

const deliveryQuery = `SELECT sequence, webhook_id, event_id, event, body, created_at, state, due_at, attempts, answered_at, status, microseconds, answer FROM delivery`

func scanDelivery(r scanner) (d deskhand.Delivery, err error) {
	var took int64
	err = r.Scan(&d.Sequence, &d.WebhookID, &d.EventID, &d.Event, &d.Body, stamp{&d.CreatedAt}, &d.State, stamp{&d.DueAt}, &d.Attempts,
		stamp{&d.Last.At}, &d.Last.Status, &took, &d.Last.Text)
	d.Last.Took = time.Duration(took) * time.Microsecond
	return d, err
}

// happening is an event that webhooks may want, and what it is about.
type happening struct {
	event   deskhand.WebhookEvent
	subject string // id of a session or computer
}

// happened notes an event for the end of the write, when all of it is known.
func (t *tx) happened(event deskhand.WebhookEvent, subject string) {
	t.happenings = append(t.happenings, happening{event, subject})
}

func (t *tx) appendDeliveries() error {
	if len(t.happenings) == 0 {
		return nil
	}
	hooks, err := all(t, scanWebhook, webhookQuery+" WHERE w.disabled_at = 0 ORDER BY w.created_at, w.id")
	if err != nil {
		return fmt.Errorf("reading the webhooks: %w", err)
	}
	for _, h := range t.happenings {
		var id, body string
		for _, w := range hooks {
			if !w.Wants(h.event) {
				continue
			}
			if body == "" {
				id = eventID()
				if body, err = t.eventBody(id, h); err != nil {
					return err
				}
			}
			if err := t.deliver(w.ID, id, h.event, body); err != nil {
				return err
			}
		}
	}
	return nil
}

func (t *tx) deliver(webhookID, eventID string, event deskhand.WebhookEvent, body string) error {
	var sequence int64
	if err := t.row("UPDATE head SET sequence = sequence + 1 WHERE name = 'delivery' RETURNING sequence").Scan(&sequence); err != nil {
		return fmt.Errorf("numbering a delivery: %w", err)
	}
	_, err := t.exec(`INSERT INTO delivery (sequence, webhook_id, event_id, event, body, created_at, state, due_at, attempts, answered_at, status, microseconds, answer)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $6, 0, 0, 0, 0, '')`, sequence, webhookID, eventID, event, body, micros(t.now), deskhand.DeliveryWaiting)
	t.changed(deskhand.TopicWebhooks, "", webhookID)
	return err
}

// The body of an event; docs/webhooks.md describes it.
type eventBody struct {
	ID       string                `json:"id"`
	Event    deskhand.WebhookEvent `json:"event"`
	At       time.Time             `json:"at"`
	Session  *eventSession         `json:"session,omitempty"`
	Computer *eventComputer        `json:"computer,omitempty"`
}

type eventSession struct {
	ID          string           `json:"id"`
	Type        deskhand.Type    `json:"type"`
	Owner       eventAgent       `json:"owner"`
	Agents      []eventAgent     `json:"agents"`
	Ticket      string           `json:"ticket"`
	EndUserName string           `json:"endUserName"`
	Computer    string           `json:"computer"`
	System      string           `json:"system"`
	Consent     deskhand.Consent `json:"consent"`
	ReadyAt     time.Time        `json:"readyAt"`
	ConnectedAt *time.Time       `json:"connectedAt"`
	EndedAt     *time.Time       `json:"endedAt"`
	EndReason   deskhand.Reason  `json:"endReason,omitempty"`
	EndedBy     string           `json:"endedBy,omitempty"`
}

type eventAgent struct {
	UserName string `json:"userName"`
	Name     string `json:"name"`
}

type eventComputer struct {
	ID       string     `json:"id"`
	Name     string     `json:"name"`
	System   string     `json:"system"`
	UserName string     `json:"userName"`
	Owner    eventAgent `json:"owner"`
}

func (t *tx) eventBody(id string, h happening) (string, error) {
	body := eventBody{ID: id, Event: h.event, At: t.now}
	var err error
	switch h.event {
	case deskhand.WebhookComputerOnline, deskhand.WebhookComputerOffline:
		body.Computer, err = t.eventComputer(h.subject)
	case deskhand.WebhookTest:
	default:
		body.Session, err = t.eventSession(h.subject)
	}
	if err != nil {
		return "", err
	}
	b, err := json.Marshal(body)
	return string(b), err
}

func (t *tx) eventSession(id string) (*eventSession, error) {
	s, err := t.session(id)
	if err != nil {
		return nil, err
	}
	scan := func(r scanner) (a eventAgent, err error) { return a, r.Scan(&a.UserName, &a.Name) }
	agents, err := all(t, scan, `SELECT a.user_name, a.name FROM viewer v JOIN agent a ON a.id = v.agent_id WHERE v.session_id = $1
		GROUP BY a.user_name, a.name ORDER BY min(v.opened_at), a.user_name`, id)
	if agents == nil {
		agents = []eventAgent{}
	}
	return &eventSession{
		ID: s.ID, Type: s.Type, Owner: eventAgent{s.OwnerUserName, s.OwnerName}, Agents: agents, Ticket: s.Ticket, EndUserName: s.EndUserName,
		Computer: s.Computer, System: s.System, Consent: s.Consent, ReadyAt: s.ReadyAt, ConnectedAt: orNull(s.ConnectedAt),
		EndedAt: orNull(s.EndedAt), EndReason: s.EndReason, EndedBy: s.EndedBy,
	}, err
}

func orNull(at time.Time) *time.Time {
	if at.IsZero() {
		return nil
	}
	return &at
}

func (t *tx) eventComputer(id string) (*eventComputer, error) {
	c, err := t.computer(id)
	if err != nil {
		return nil, err
	}
	owner, err := t.agent("id", c.OwnerID)
	return &eventComputer{ID: c.ID, Name: c.Name, System: c.System, UserName: c.UserName, Owner: eventAgent{owner.UserName, owner.Name}}, err
}

// TestWebhook sends an event that says nothing to one webhook, also to one that is switched off; CodeNotFound when there is none.
func (s *Store) TestWebhook(ctx context.Context, actor deskhand.Actor, id string) error {
	return s.write(ctx, actor, func(t *tx) error {
		if _, err := t.webhook(id); err != nil {
			return err
		}
		event := eventID()
		body, err := t.eventBody(event, happening{event: deskhand.WebhookTest})
		if err != nil {
			return err
		}
		t.audit("webhook.test", id)
		return t.deliver(id, event, deskhand.WebhookTest, body)
	})
}

// SendAgain makes a delivery another time, at the end of what waits. Errors: CodeNotFound, CodeConflict when the webhook is off.
func (s *Store) SendAgain(ctx context.Context, actor deskhand.Actor, webhookID string, sequence int64) error {
	return s.write(ctx, actor, func(t *tx) error {
		d, err := scanDelivery(t.row(deliveryQuery+" WHERE webhook_id = $1 AND sequence = $2", webhookID, sequence))
		if none(err) {
			return deskhand.Errorf(deskhand.CodeNotFound, "There is no such delivery.")
		}
		if err != nil {
			return err
		}
		w, err := t.webhook(webhookID)
		if err != nil || !w.DisabledAt.IsZero() {
			return orConflict(err, "This webhook is switched off.", "Switch it on first.")
		}
		t.audit("webhook.again", webhookID, "event", d.EventID)
		return t.deliver(webhookID, d.EventID, d.Event, d.Body)
	})
}

// Deliveries gives a webhook's deliveries, the newest first. cursor is empty or what an earlier call returned; next is empty at the end.
func (s *Store) Deliveries(ctx context.Context, webhookID, cursor string, limit int) (list []deskhand.Delivery, next string, err error) {
	before, err := sequenceCursor(cursor)
	if err != nil {
		return nil, "", err
	}
	err = s.read(ctx, func(t *tx) error {
		if _, err := t.webhook(webhookID); err != nil {
			return err
		}
		list, err = all(t, scanDelivery, deliveryQuery+" WHERE webhook_id = $1 AND sequence < $2 ORDER BY sequence DESC LIMIT $3", webhookID, before, limit+1)
		return err
	})
	if len(list) > limit {
		list = list[:limit]
		next = strconv.FormatInt(list[limit-1].Sequence, 10)
	}
	return list, next, err
}

// sequenceCursor reads the number of the last row; an empty one stands before the newest.
func sequenceCursor(cursor string) (int64, error) {
	if cursor == "" {
		return 1<<63 - 1, nil
	}
	n, err := strconv.ParseInt(cursor, 10, 64)
	if err != nil || n <= 0 {
		return 0, invalid("cursor", "This page is not known.", "Begin at the first page.")
	}
	return n, nil
}

// dueQuery finds, for each webhook, the first delivery that waits: what comes after it waits for it. A test waits for nothing, and is sent
// also when the webhook is off.
const dueQuery = ` WHERE sequence IN (SELECT min(d.sequence) FROM delivery d JOIN webhook w ON w.id = d.webhook_id
	WHERE d.state = 'waiting' AND (w.disabled_at = 0 OR d.event = 'test') GROUP BY d.webhook_id, d.event = 'test') AND due_at <= $1`

// DueWebhooks are the webhooks that have something to be delivered now.
func (s *Store) DueWebhooks(ctx context.Context) (ids []string, err error) {
	err = s.read(ctx, func(t *tx) error {
		ids, err = all(t, oneString, "SELECT DISTINCT webhook_id FROM delivery"+dueQuery, micros(t.now))
		return err
	})
	return ids, err
}

// TakeDelivery takes what is to be delivered to a webhook now, for the time lease: another server, or the next start of this one, tries again
// when no answer was written by then. ok is false when there is nothing.
func (s *Store) TakeDelivery(ctx context.Context, webhookID string, lease time.Duration) (w deskhand.Webhook, d deskhand.Delivery, ok bool, err error) {
	err = s.write(ctx, deskhand.Server, func(t *tx) error {
		d, err = scanDelivery(t.row(deliveryQuery+dueQuery+" AND webhook_id = $2 ORDER BY sequence DESC LIMIT 1", micros(t.now), webhookID))
		if none(err) {
			return nil
		}
		if err != nil {
			return err
		}
		if w, err = t.webhook(webhookID); err != nil {
			return err
		}
		ok = true
		_, err = t.exec("UPDATE delivery SET due_at = $1 WHERE sequence = $2", micros(t.now.Add(lease)), d.Sequence)
		return err
	})
	return w, d, ok, err
}

// Answered keeps how a try went. One that was not taken is tried again after the given time, until WebhookRetryFor has passed; a webhook that has
// taken nothing for WebhookPatience is switched off.
func (s *Store) Answered(ctx context.Context, d deskhand.Delivery, answer deskhand.WebhookAnswer, again time.Duration) error {
	return s.write(ctx, deskhand.Server, func(t *tx) error {
		w, err := t.webhook(d.WebhookID)
		if deskhand.CodeOf(err) == deskhand.CodeNotFound && err != nil {
			return nil // removed meanwhile
		}
		if err != nil {
			return err
		}
		state, due := deskhand.DeliveryDelivered, time.Time{}
		if !answer.Taken() {
			state, due = deskhand.DeliveryWaiting, t.now.Add(again)
			if d.Event == deskhand.WebhookTest || due.Sub(d.CreatedAt) > deskhand.WebhookRetryFor {
				state, due = deskhand.DeliveryFailed, time.Time{}
			}
		}
		if _, err := t.exec(`UPDATE delivery SET state = $1, due_at = $2, attempts = attempts + 1, answered_at = $3, status = $4, microseconds = $5, answer = $6
			WHERE sequence = $7`, state, micros(due), micros(answer.At), answer.Status, answer.Took.Microseconds(), answer.Text, d.Sequence); err != nil {
			return err
		}
		t.changed(deskhand.TopicWebhooks, "", d.WebhookID)
		return t.judge(w, answer.Taken(), d.Event == deskhand.WebhookTest)
	})
}

// judge keeps since when a webhook fails, and gives it up after its time. A test that fails is no reason.
func (t *tx) judge(w deskhand.Webhook, taken, test bool) error {
	switch {
	case taken:
		_, err := t.exec("UPDATE webhook SET failing_since = 0 WHERE id = $1 AND failing_since <> 0", w.ID)
		return err
	case test:
		return nil
	case w.FailingSince.IsZero():
		_, err := t.exec("UPDATE webhook SET failing_since = $1 WHERE id = $2", micros(t.now), w.ID)
		return err
	case t.now.Sub(w.FailingSince) < deskhand.WebhookPatience || !w.DisabledAt.IsZero():
		return nil
	}
	t.audit("webhook.giveup", w.ID, "host", hostOf(w.URL), "failing since", w.FailingSince.Format(time.RFC3339))
	if _, err := t.exec("UPDATE delivery SET state = $1, due_at = 0 WHERE webhook_id = $2 AND state = $3", deskhand.DeliveryFailed, w.ID, deskhand.DeliveryWaiting); err != nil {
		return err
	}
	_, err := t.exec("UPDATE webhook SET disabled_at = $1, gave_up = TRUE WHERE id = $2", micros(t.now), w.ID)
	return err
}
