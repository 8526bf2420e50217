package server_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"
	"time"

	"deskhand"
	"deskhand/server"
	"deskhand/server/httpapi"
	"deskhand/server/servertest"
	"deskhand/server/webhook"
)

// An event reaches its receiver signed, is listed with the answer, and what could not be delivered is after the server was started again.
func TestWebhooks(t *testing.T) {
	type got struct{ id, body string }
	events, broken := make(chan got, 10), make(chan struct{}, 10)
	var secret string
	receiver := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		seconds, _ := strconv.ParseInt(r.Header.Get("Webhook-Timestamp"), 10, 64)
		id := r.Header.Get("Webhook-Id")
		if sign, err := webhook.Sign(secret, id, time.Unix(seconds, 0), body); err != nil || sign != r.Header.Get("Webhook-Signature") {
			t.Errorf("signature %q, want %q", r.Header.Get("Webhook-Signature"), sign)
		}
		if strings.Contains(string(body), `"event":"session.ended"`) && len(broken) == 0 {
			broken <- struct{}{}
			w.WriteHeader(http.StatusBadGateway)
			return
		}
		events <- got{id, string(body)}
		_, _ = io.WriteString(w, "thank you")
	}))
	defer receiver.Close()

	var clock servertest.Clock
	s := servertest.New(t, func(c *server.Config) { c.WebhookNetworks, c.Now = []string{"127.0.0.0/8"}, clock.Now })
	admin := s.Login(s.Admin)
	var w httpapi.NewWebhook
	admin.Must(http.MethodPost, "/api/webhooks", httpapi.WebhookRequest{
		URL: receiver.URL, Events: []deskhand.WebhookEvent{deskhand.WebhookSessionWaiting, deskhand.WebhookSessionEnded},
	}, &w)
	secret = w.Secret

	id := admin.ConnectionID()
	c := s.Client("PC").In(id.Code)
	waiting := <-events
	if !strings.Contains(waiting.body, `"event":"session.waiting"`) || !strings.Contains(waiting.body, c.Redeemed.SessionId) {
		t.Fatal(waiting.body)
	}
	admin.Must(http.MethodPost, "/api/sessions/"+c.Redeemed.SessionId+"/end", nil, nil)
	list := func() []httpapi.Delivery {
		var l httpapi.List[httpapi.Delivery]
		admin.Must(http.MethodGet, "/api/webhooks/"+w.ID+"/deliveries", nil, &l)
		return l.Items
	}
	servertest.Eventually(t, "the failed try is listed", func() bool {
		l := list()
		return len(l) == 2 && l[0].Status == http.StatusBadGateway && l[0].State == deskhand.DeliveryWaiting && l[1].Answer == "thank you"
	})
	s.Stop()
	clock.Add(time.Minute)
	s.Start()
	ended := <-events
	if !strings.Contains(ended.body, `"event":"session.ended"`) {
		t.Fatal(ended.body)
	}
	admin.Must(http.MethodPost, "/api/webhooks/"+w.ID+"/deliveries/"+strconv.FormatInt(list()[0].ID, 10)+"/again", nil, nil)
	if again := <-events; again != ended {
		t.Fatalf("sent again: %v, want %v", again, ended)
	}
	if strings.Contains(s.Log(), secret) {
		t.Error("the secret is in the log")
	}
}
