package webhook

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strconv"
	"strings"
	"syscall"
	"time"

	"deskhand"
)

// try posts one delivery and reports how it went.
func (c *Courier) try(ctx context.Context, w deskhand.Webhook, d deskhand.Delivery) deskhand.WebhookAnswer {
	ctx, cancel := context.WithTimeout(ctx, within)
	defer cancel()
	answer := deskhand.WebhookAnswer{At: c.Now().UTC()}
	start := time.Now()
	status, text, err := c.post(ctx, w, d, answer.At)
	answer.Took, answer.Status, answer.Text = time.Since(start), status, text
	if err != nil {
		answer.Text = explain(err)
	}
	return answer
}

func (c *Courier) post(ctx context.Context, w deskhand.Webhook, d deskhand.Delivery, at time.Time) (status int, text string, err error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, w.URL, strings.NewReader(d.Body))
	if err != nil {
		return 0, "", err
	}
	signature, err := Sign(w.Secret, d.EventID, at, []byte(d.Body))
	if err != nil {
		return 0, "", err
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("User-Agent", "Deskhand/"+c.Version)
	req.Header.Set("Webhook-Id", d.EventID)
	req.Header.Set("Webhook-Timestamp", strconv.FormatInt(at.Unix(), 10))
	req.Header.Set("Webhook-Signature", signature)
	resp, err := c.client.Do(req)
	if err != nil {
		return 0, "", err
	}
	defer resp.Body.Close()
	b, _ := io.ReadAll(io.LimitReader(resp.Body, deskhand.MaxWebhookAnswer)) // an answer that breaks off is an answer
	return resp.StatusCode, deskhand.CleanText(string(b), deskhand.MaxWebhookAnswer), nil
}

// Sign is the signature of an event: "v1," and base64 of HMAC-SHA256, by the secret, over id, seconds since 1970 and body with dots between. It is
// that of the Standard Webhooks, so that their libraries verify it.
func Sign(secret, id string, at time.Time, body []byte) (string, error) {
	encoded, _ := strings.CutPrefix(secret, "whsec_")
	key, err := base64.StdEncoding.DecodeString(encoded)
	if err != nil {
		return "", errors.New("the webhook's secret is damaged")
	}
	mac := hmac.New(sha256.New, key)
	mac.Write([]byte(id + "." + strconv.FormatInt(at.Unix(), 10) + "."))
	mac.Write(body)
	return "v1," + base64.StdEncoding.EncodeToString(mac.Sum(nil)), nil
}

// newClient is an HTTP client that reaches public addresses and the given networks only. What a name stands for is looked at when it is dialled,
// after it was resolved. It follows no redirects and uses no proxy: either would lead elsewhere.
func newClient(networks []netip.Prefix) *http.Client {
	dialer := &net.Dialer{
		Timeout: within,
		Control: func(_, address string, _ syscall.RawConn) error { return mayReach(address, networks) },
	}
	return &http.Client{
		Transport: &http.Transport{
			DialContext: dialer.DialContext, TLSHandshakeTimeout: within, ResponseHeaderTimeout: within, MaxIdleConnsPerHost: 1,
			IdleConnTimeout: 30 * time.Second, MaxResponseHeaderBytes: 16 << 10, DisableCompression: true,
		},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}

// errPrivate is why an address is not dialled.
type errPrivate struct{ address netip.Addr }

func (e errPrivate) Error() string { return fmt.Sprintf("%s is not a public address", e.address) }

// notPublic are networks that netip has no word for: carrier's NAT, documentation, benchmarks, reserved, and IPv6 addresses that carry IPv4 ones.
var notPublic = prefixes(
	"0.0.0.0/8", "100.64.0.0/10", "192.0.0.0/24", "192.0.2.0/24", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "240.0.0.0/4",
	"::/96", "64:ff9b::/96", "64:ff9b:1::/48", "100::/64", "2001::/23", "2001:db8::/32", "2002::/16", "fec0::/10",
)

func prefixes(list ...string) []netip.Prefix {
	out := make([]netip.Prefix, len(list))
	for i, s := range list {
		out[i] = netip.MustParsePrefix(s)
	}
	return out
}

// mayReach refuses an address, as host:port after the name was resolved, that is not public and in none of the networks.
func mayReach(address string, networks []netip.Prefix) error {
	to, err := netip.ParseAddrPort(address)
	if err != nil {
		return err
	}
	a := to.Addr().Unmap().WithZone("")
	for _, n := range networks {
		if n.Contains(a) {
			return nil
		}
	}
	if !a.IsGlobalUnicast() || a.IsPrivate() {
		return errPrivate{a}
	}
	for _, n := range notPublic {
		if n.Contains(a) {
			return errPrivate{a}
		}
	}
	return nil
}

// explain says in plain words why there was no answer; the address is known and not said again, it may hold a secret.
func explain(err error) string {
	var private errPrivate
	var name *net.DNSError
	switch {
	case errors.As(err, &private):
		return private.Error() + "; see “deskhand serve --webhook-network”."
	case errors.Is(err, context.DeadlineExceeded), isTimeout(err):
		return fmt.Sprintf("No answer within %d seconds.", int(within/time.Second))
	case errors.As(err, &name):
		return "The name of the host is not known: " + name.Name + "."
	case errors.Is(err, syscall.ECONNREFUSED):
		return "Nothing listens at this address: the connection was refused."
	}
	var u *url.Error
	if errors.As(err, &u) {
		err = u.Err
	}
	return deskhand.CleanText(err.Error(), 300)
}

func isTimeout(err error) bool {
	var t net.Error
	return errors.As(err, &t) && t.Timeout()
}
