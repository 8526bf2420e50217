package webhook

import (
	"context"
	"crypto/tls"
	"io"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"deskhand"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// box is an outbox in memory: one list for each webhook.
type box struct {
	mu      sync.Mutex
	url     string
	waiting map[string][]deskhand.Delivery
	answers []deskhand.WebhookAnswer
}

const secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"

func (b *box) DueWebhooks(context.Context) (ids []string, err error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for id, list := range b.waiting {
		if len(list) > 0 {
			ids = append(ids, id)
		}
	}
	return ids, nil
}

func (b *box) TakeDelivery(_ context.Context, id string, _ time.Duration) (w deskhand.Webhook, d deskhand.Delivery, ok bool, err error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if len(b.waiting[id]) == 0 {
		return w, d, false, nil
	}
	d, b.waiting[id] = b.waiting[id][0], b.waiting[id][1:]
	return deskhand.Webhook{ID: id, URL: b.url, Secret: secret}, d, true, nil
}

func (b *box) Answered(_ context.Context, _ deskhand.Delivery, a deskhand.WebhookAnswer, _ time.Duration) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.answers = append(b.answers, a)
	return nil
}

func courier(b *box, networks ...string) *Courier {
	return New(Config{Store: b, Networks: prefixes(networks...), Version: "test"})
}

func event(n int) deskhand.Delivery {
	return deskhand.Delivery{Sequence: int64(n), EventID: "evt_" + strconv.Itoa(n), Event: deskhand.WebhookTest, Body: `{"n":` + strconv.Itoa(n) + `}`}
}

// run delivers everything that waits.
func run(t *testing.T, c *Courier) {
	t.Helper()
	if err := c.Look(t.Context()); err != nil {
		t.Fatal(err)
	}
	c.Wait()
	c.client.CloseIdleConnections()
}

func TestDeliversSignedAndInOrder(t *testing.T) {
	var got []string
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		seconds, _ := strconv.ParseInt(r.Header.Get("Webhook-Timestamp"), 10, 64)
		want, err := Sign(secret, r.Header.Get("Webhook-Id"), time.Unix(seconds, 0), body)
		if err != nil || r.Header.Get("Webhook-Signature") != want || r.Method != http.MethodPost || r.Header.Get("Content-Type") != "application/json" {
			t.Errorf("%s %v, want signature %s", r.Method, r.Header, want)
		}
		got = append(got, string(body))
		w.WriteHeader(http.StatusAccepted)
		_, _ = io.WriteString(w, strings.Repeat("thanks\n", 1000))
	}))
	defer s.Close()
	b := &box{url: s.URL, waiting: map[string][]deskhand.Delivery{"a": {event(1), event(2), event(3)}}}
	run(t, courier(b, "127.0.0.0/8"))
	if strings.Join(got, "") != `{"n":1}{"n":2}{"n":3}` || len(b.answers) != 3 {
		t.Fatal(got, b.answers)
	}
	a := b.answers[0]
	if !a.Taken() || a.Status != 202 || !strings.HasPrefix(a.Text, "thanks") || len(a.Text) > deskhand.MaxWebhookAnswer || a.Took <= 0 {
		t.Fatalf("%+v", a)
	}
}

// The example of the Standard Webhooks' own documentation.
func TestSignature(t *testing.T) {
	got, err := Sign(secret, "msg_p5jXN8AQM9LWM0D4loKWxJek", time.Unix(1614265330, 0), []byte(`{"test": 2432232314}`))
	if err != nil || got != "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=" {
		t.Fatal(got, err)
	}
	if _, err := Sign("whsec_%%", "x", time.Unix(0, 0), nil); err == nil {
		t.Fatal("a damaged secret signs")
	}
}

// A redirect is no way around: it counts as an answer that does not take the event.
func TestFollowsNoRedirect(t *testing.T) {
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/" {
			t.Error("the redirect was followed")
		}
		http.Redirect(w, r, "/elsewhere", http.StatusTemporaryRedirect)
	}))
	defer s.Close()
	b := &box{url: s.URL, waiting: map[string][]deskhand.Delivery{"a": {event(1)}}}
	run(t, courier(b, "127.0.0.1/32"))
	if a := b.answers[0]; a.Taken() || a.Status != http.StatusTemporaryRedirect {
		t.Fatalf("%+v", a)
	}
}

// Without permission nothing of the operator's network is reached, whatever the name says.
func TestReachesPublicAddressesOnly(t *testing.T) {
	s := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { t.Error("reached") }))
	defer s.Close()
	b := &box{url: strings.Replace(s.URL, "127.0.0.1", "localhost", 1), waiting: map[string][]deskhand.Delivery{"a": {event(1)}}}
	run(t, courier(b))
	if a := b.answers[0]; a.Status != 0 || !strings.Contains(a.Text, "not a public address") {
		t.Fatalf("%+v", a)
	}
	for address, ok := range map[string]bool{
		"8.8.8.8:443": true, "[2606:4700::1]:443": true, "127.0.0.1:443": false, "10.1.2.3:443": false, "172.16.0.1:443": false, "192.168.1.1:443": false,
		"169.254.169.254:80": false, "100.64.0.1:443": false, "0.0.0.0:443": false, "255.255.255.255:443": false, "224.0.0.1:443": false,
		"[::1]:443": false, "[::]:443": false, "[fe80::1%eth0]:443": false, "[fd00::1]:443": false, "[::ffff:10.0.0.1]:443": false,
		"[::10.0.0.1]:443": false, "[64:ff9b::a00:1]:443": false, "[2002:a00:1::]:443": false, "[ff02::1]:443": false, "198.18.0.1:443": false,
	} {
		if err := mayReach(address, nil); (err == nil) != ok {
			t.Errorf("%s: %v", address, err)
		}
	}
	if err := mayReach("10.1.2.3:443", []netip.Prefix{netip.MustParsePrefix("10.1.0.0/16")}); err != nil {
		t.Error(err)
	}
	if err := mayReach("[::ffff:10.2.2.3]:443", []netip.Prefix{netip.MustParsePrefix("10.1.0.0/16")}); err == nil {
		t.Error("another network than the allowed one")
	}
}

// Why there was no answer is said in words, without the address.
func TestExplainsFaults(t *testing.T) {
	gone := httptest.NewServer(nil)
	gone.Close()
	untrusted := httptest.NewUnstartedServer(nil)
	untrusted.Config.ErrorLog = quiet()
	untrusted.TLS = &tls.Config{MinVersion: tls.VersionTLS12}
	untrusted.StartTLS()
	defer untrusted.Close()
	for address, part := range map[string]string{gone.URL + "/secret": "refused", untrusted.URL + "/secret": "certificate"} {
		b := &box{url: address, waiting: map[string][]deskhand.Delivery{"a": {event(1)}}}
		run(t, courier(b, "127.0.0.0/8"))
		if a := b.answers[0]; a.Status != 0 || !strings.Contains(a.Text, part) || strings.Contains(a.Text, "secret") {
			t.Errorf("%s: %+v", address, a)
		}
	}
}

func TestWaitsLongerEachTime(t *testing.T) {
	for n, want := range []time.Duration{5 * time.Second, 10 * time.Second, 20 * time.Second, 40 * time.Second} {
		if got := again(n); got < want*3/4 || got > want*5/4 {
			t.Errorf("try %d: %v", n, got)
		}
	}
	if got := again(500); got < lastWait*3/4 || got > lastWait*5/4 {
		t.Errorf("%v", got)
	}
}

// Run ends what is on its way when the server ends, and wakes when it is told.
func TestRunEnds(t *testing.T) {
	reached := make(chan struct{})
	s := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		close(reached)
		<-r.Context().Done()
	}))
	defer s.Close()
	b := &box{url: s.URL, waiting: map[string][]deskhand.Delivery{}}
	c := courier(b, "127.0.0.0/8")
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan struct{})
	go func() { c.Run(ctx); close(done) }()
	b.mu.Lock()
	b.waiting["a"] = []deskhand.Delivery{event(1)}
	b.mu.Unlock()
	c.Wake()
	<-reached
	cancel()
	<-done
	if len(b.answers) != 0 {
		t.Fatal("what was broken off counts as a try", b.answers)
	}
}
