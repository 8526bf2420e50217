package main

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"testing"
	"time"

	"deskhand/bench/line/proxy"
)

func TestChange(t *testing.T) {
	for _, c := range []struct {
		query    string
		up, down proxy.Direction
	}{
		{"", proxy.Direction{}, proxy.Direction{}},
		{"rate=10M&delay=40ms", proxy.Direction{Rate: 1_250_000, Delay: 40 * time.Millisecond}, proxy.Direction{Rate: 1_250_000, Delay: 40 * time.Millisecond}},
		{"rate=1G&up=512k&queue=1s", proxy.Direction{Rate: 64_000, Queue: time.Second}, proxy.Direction{Rate: 125_000_000, Queue: time.Second}},
		{"down=0", proxy.Direction{}, proxy.Direction{}},
	} {
		values, err := url.ParseQuery(c.query)
		if err != nil {
			t.Fatal(err)
		}
		if up, down, err := change(proxy.Direction{}, proxy.Direction{}, values); err != nil || up != c.up || down != c.down {
			t.Errorf("%q: %+v, %+v, %v", c.query, up, down, err)
		}
	}
	for _, bad := range []string{"rate=fast", "rate=-1", "up=1T", "delay=40", "delay=-1s", "queue=1h", "rate=NaN"} {
		values, _ := url.ParseQuery(bad)
		if up, _, err := change(proxy.Direction{}, proxy.Direction{}, values); err == nil {
			t.Errorf("%q is taken for %+v", bad, up)
		}
	}
}

func TestControl(t *testing.T) {
	p, err := proxy.Listen("127.0.0.1:0", "127.0.0.1:1", proxy.Direction{Rate: 1000}, proxy.Direction{Rate: 2000})
	if err != nil {
		t.Fatal(err)
	}
	defer p.Close()
	h := handler(p)
	ask := func(method, path string) *httptest.ResponseRecorder {
		w := httptest.NewRecorder()
		h.ServeHTTP(w, httptest.NewRequest(method, path, nil))
		return w
	}
	if w := ask("POST", "/set?down=1M&delay=80ms"); w.Code != http.StatusOK {
		t.Errorf("/set: %d %s", w.Code, w.Body)
	}
	if up, down := p.Line(); up.Rate != 1000 || down.Rate != 125_000 || up.Delay != 80*time.Millisecond || down.Delay != up.Delay {
		t.Errorf("the line is %+v, %+v", up, down)
	}
	if w := ask("POST", "/set?rate=much"); w.Code != http.StatusBadRequest {
		t.Errorf("a rate that is none: %d", w.Code)
	}
	if w := ask("GET", "/stats"); w.Body.String() != `{"down":{"bytes":0,"waiting":0,"mostWaiting":0,"mostDelayNs":0},"up":{"bytes":0,"waiting":0,"mostWaiting":0,"mostDelayNs":0}}`+"\n" {
		t.Errorf("/stats: %s", w.Body)
	}
}
