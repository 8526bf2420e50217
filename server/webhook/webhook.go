// Package webhook delivers what happened to the operator's addresses: signed, in order, and again and again until it is taken.
package webhook

import (
	"context"
	"log/slog"
	"math/rand/v2"
	"net/http"
	"net/netip"
	"sync"
	"time"

	"deskhand"
)

// Store is the outbox.
type Store interface {
	// DueWebhooks are the webhooks that have something to be delivered now.
	DueWebhooks(ctx context.Context) (ids []string, err error)
	// TakeDelivery takes what is to be delivered to a webhook now, for the time lease; ok is false when there is nothing.
	TakeDelivery(ctx context.Context, webhookID string, lease time.Duration) (w deskhand.Webhook, d deskhand.Delivery, ok bool, err error)
	// Answered keeps how a try went, and when there is to be another one.
	Answered(ctx context.Context, d deskhand.Delivery, answer deskhand.WebhookAnswer, again time.Duration) error
}

// Config is what a Courier needs.
type Config struct {
	Store Store
	// Networks may be reached though they are not public ones.
	Networks []netip.Prefix
	Version  string           // of the server, for the receivers' logs
	Now      func() time.Time // nil: time.Now
	Log      *slog.Logger     // nil: none
}

const (
	within   = 10 * time.Second // the most that one try may take
	lease    = 30 * time.Second // longer than within, so that no other server tries meanwhile
	lookOnce = time.Second      // how often it looks without being told; also for what is to be tried again
	atOnce   = 8                // how many webhooks are told at the same time
)

// Courier delivers. Run does so until it is ended.
type Courier struct {
	Config
	client *http.Client
	woken  chan struct{}
	places chan struct{}

	mu   sync.Mutex
	busy map[string]bool // guarded by mu: webhooks that are being told
	work sync.WaitGroup
}

// New makes a courier.
func New(c Config) *Courier {
	if c.Now == nil {
		c.Now = time.Now
	}
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	return &Courier{
		Config: c, client: newClient(c.Networks), woken: make(chan struct{}, 1), places: make(chan struct{}, atOnce), busy: map[string]bool{},
	}
}

// Wake makes it look now: something was written. It does not wait.
func (c *Courier) Wake() {
	select {
	case c.woken <- struct{}{}:
	default: // it will look anyway
	}
}

// Run delivers until ctx ends; what is on its way then is tried again later.
func (c *Courier) Run(ctx context.Context) {
	tick := time.NewTicker(lookOnce)
	defer tick.Stop()
	defer c.client.CloseIdleConnections()
	defer c.work.Wait()
	for {
		if err := c.Look(ctx); err != nil && ctx.Err() == nil {
			c.Log.Error("looking for what webhooks are to be told", "err", err)
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		case <-c.woken:
		}
	}
}

// Look begins to deliver what is due, each webhook's in order and beside the others'. Wait waits for the end of it.
func (c *Courier) Look(ctx context.Context) error {
	ids, err := c.Store.DueWebhooks(ctx)
	if err != nil {
		return err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, id := range ids {
		if c.busy[id] {
			continue
		}
		c.busy[id] = true
		c.work.Go(func() {
			defer func() {
				c.mu.Lock()
				defer c.mu.Unlock()
				delete(c.busy, id)
			}()
			select {
			case c.places <- struct{}{}:
			case <-ctx.Done():
				return
			}
			defer func() { <-c.places }()
			if err := c.tell(ctx, id); err != nil && ctx.Err() == nil {
				c.Log.Error("telling a webhook", "webhook", id, "err", err)
			}
		})
	}
	return nil
}

// Wait waits until everything that Look began is over.
func (c *Courier) Wait() { c.work.Wait() }

// tell delivers to one webhook until nothing is due.
func (c *Courier) tell(ctx context.Context, id string) error {
	for {
		w, d, ok, err := c.Store.TakeDelivery(ctx, id, lease)
		if err != nil || !ok {
			return err
		}
		answer := c.try(ctx, w, d)
		if ctx.Err() != nil {
			return nil // the server ends: the try does not count
		}
		if !answer.Taken() {
			c.Log.Info("a webhook did not take an event", "webhook", id, "event", string(d.Event), "status", answer.Status, "try", d.Attempts+1)
		}
		if err := c.Store.Answered(ctx, d, answer, again(d.Attempts)); err != nil {
			return err
		}
	}
}

const (
	firstWait = 5 * time.Second
	lastWait  = time.Hour
)

// again is how long to wait after a try that failed: twice as long each time, and never the same for two, so that a receiver that was down is
// not run over.
func again(attempts int) time.Duration {
	wait := lastWait
	if attempts < 10 {
		wait = min(lastWait, firstWait<<attempts)
	}
	return wait*3/4 + rand.N(wait/2)
}
