// Command line is a slow line for measurements: a TCP proxy on this machine with a rate, a delay and a queue (package proxy).
//
//	line -listen 127.0.0.1:9004 -to 127.0.0.1:9001 -rate 10M -delay 40ms [-queue 200ms] [-up 1M] [-down 10M] [-control 127.0.0.1:0]
//
// Rates are in bits per second, delays one way; up is what those who connect send. With -control, over HTTP:
//
//	GET  /stats                                bytes each way, and how much and how long they waited, at most since the last /reset
//	POST /reset
//	POST /set?rate=1M[&up=…&down=…&delay=80ms] changes the line; what is not said stays
package main

import (
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"log"
	"math"
	"net"
	"net/http"
	"net/url"
	"os"
	"os/signal"
	"strconv"
	"strings"
	"syscall"
	"time"

	"deskhand/bench/line/proxy"
)

func main() {
	values := url.Values{}
	for name, usage := range map[string]string{
		"rate": "bits per second each way, like 10M; 0: no limit", "up": "rate of what those who connect send", "down": "rate of what they get",
		"delay": "one way", "queue": "how long the queue is (default 200ms)",
	} {
		flag.Func(name, usage, func(v string) error {
			values.Set(name, v)
			_, _, err := change(proxy.Direction{}, proxy.Direction{}, values)
			return err
		})
	}
	listen := flag.String("listen", "127.0.0.1:0", "where to listen; the address is printed")
	to := flag.String("to", "", "where to carry connections")
	control := flag.String("control", "", "where to listen for HTTP")
	flag.Parse()
	if err := run(*listen, *to, *control, values); err != nil {
		log.Fatal(err)
	}
}

func run(listen, to, control string, values url.Values) error {
	if to == "" {
		return errors.New("-to is missing")
	}
	up, down, err := change(proxy.Direction{}, proxy.Direction{}, values)
	if err != nil {
		return err
	}
	p, err := proxy.Listen(listen, to, up, down)
	if err != nil {
		return err
	}
	defer p.Close()
	fmt.Println("ready", p.Addr())
	if control != "" {
		l, err := net.Listen("tcp", control)
		if err != nil {
			return fmt.Errorf("listening for control: %w", err)
		}
		defer l.Close()
		fmt.Printf("control http://%s\n", l.Addr())
		go func() { _ = (&http.Server{Handler: handler(p), ReadHeaderTimeout: time.Minute}).Serve(l) }()
	}
	stop := make(chan os.Signal, 1)
	signal.Notify(stop, os.Interrupt, syscall.SIGTERM)
	<-stop
	return nil
}

func handler(p *proxy.Proxy) http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /stats", func(w http.ResponseWriter, _ *http.Request) {
		up, down := p.Stats(false)
		_ = json.NewEncoder(w).Encode(map[string]proxy.Flow{"up": up, "down": down})
	})
	mux.HandleFunc("POST /reset", func(http.ResponseWriter, *http.Request) { p.Stats(true) })
	mux.HandleFunc("POST /set", func(w http.ResponseWriter, r *http.Request) {
		up, down := p.Line()
		up, down, err := change(up, down, r.URL.Query())
		if err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
			return
		}
		p.Set(up, down)
	})
	return mux
}

// change sets what values name: rate, up, down, delay, queue.
func change(up, down proxy.Direction, values url.Values) (_, _ proxy.Direction, err error) {
	for _, v := range []struct {
		name string
		set  func(string) error
	}{
		{"rate", func(s string) error { up.Rate, err = rate(s); down.Rate = up.Rate; return err }},
		{"up", func(s string) error { up.Rate, err = rate(s); return err }},
		{"down", func(s string) error { down.Rate, err = rate(s); return err }},
		{"delay", func(s string) error { up.Delay, err = duration(s); down.Delay = up.Delay; return err }},
		{"queue", func(s string) error { up.Queue, err = duration(s); down.Queue = up.Queue; return err }},
	} {
		if s := values.Get(v.name); s != "" {
			if err := v.set(s); err != nil {
				return up, down, fmt.Errorf("%s: %w", v.name, err)
			}
		}
	}
	return up, down, nil
}

// rate reads bits per second, with k, M or G, as bytes per second.
func rate(s string) (int, error) {
	factor := 1.0
	for suffix, f := range map[string]float64{"k": 1e3, "M": 1e6, "G": 1e9} {
		if head, ok := strings.CutSuffix(s, suffix); ok {
			s, factor = head, f
		}
	}
	x, err := strconv.ParseFloat(s, 64)
	if err != nil || math.IsNaN(x) || x < 0 || x > 1e13/factor {
		return 0, fmt.Errorf("%q is no rate; write 10M for ten million bits per second", s)
	}
	if x > 0 {
		x = max(x*factor/8, 1)
	}
	return int(x), nil
}

func duration(s string) (time.Duration, error) {
	d, err := time.ParseDuration(s)
	if err == nil && (d < 0 || d > time.Minute) {
		err = errors.New("it is between 0 and a minute")
	}
	return d, err
}
