package bus

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/nats-io/nats-server/v2/server"
	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func open(t *testing.T, c Config) *Bus {
	t.Helper()
	b, err := Open(c)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(b.Close)
	return b
}

func TestRequestReachesWhoServes(t *testing.T) {
	b := open(t, Config{})
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
	defer cancel()
	if _, err := b.Request(ctx, "client.x", nil); !errors.Is(err, ErrNobody) {
		t.Fatalf("nobody serves: %v, want ErrNobody", err)
	}
	stop, err := b.Serve("client.x", func(data []byte) []byte { return append([]byte("got "), data...) })
	if err != nil {
		t.Fatal(err)
	}
	got, err := b.Request(ctx, "client.x", []byte("open"))
	if err != nil || string(got) != "got open" {
		t.Fatalf("answer %q, %v", got, err)
	}
	stop()
	if _, err := b.Request(ctx, "client.x", nil); !errors.Is(err, ErrNobody) {
		t.Fatalf("after the end: %v, want ErrNobody", err)
	}
}

func TestHintsArriveInOrder(t *testing.T) {
	b := open(t, Config{})
	got := make(chan string, 10)
	stop, err := b.Subscribe("hint", func(data []byte) { got <- string(data) })
	if err != nil {
		t.Fatal(err)
	}
	defer stop()
	for _, s := range []string{"a", "b", "c"} {
		if err := b.Publish("hint", []byte(s)); err != nil {
			t.Fatal(err)
		}
	}
	for _, want := range []string{"a", "b", "c"} {
		select {
		case s := <-got:
			if s != want {
				t.Fatalf("got %q, want %q", s, want)
			}
		case <-time.After(5 * time.Second):
			t.Fatalf("no hint %q", want)
		}
	}
}

// Two nodes on one external cluster reach each other's clients.
func TestTwoNodes(t *testing.T) {
	cluster, err := server.NewServer(&server.Options{Host: "127.0.0.1", Port: -1, NoSigs: true, NoLog: true})
	if err != nil {
		t.Fatal(err)
	}
	cluster.Start()
	t.Cleanup(func() { cluster.Shutdown(); cluster.WaitForShutdown() })
	if !cluster.ReadyForConnections(5 * time.Second) {
		t.Fatal("the cluster did not start")
	}
	one, two := open(t, Config{URL: cluster.ClientURL()}), open(t, Config{URL: cluster.ClientURL()})
	stop, err := one.Serve("client.x", func([]byte) []byte { return []byte("one") })
	if err != nil {
		t.Fatal(err)
	}
	defer stop()
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
	defer cancel()
	if got, err := two.Request(ctx, "client.x", nil); err != nil || string(got) != "one" {
		t.Fatalf("answer %q, %v", got, err)
	}
}

func TestOpenSaysWhenTheClusterIsAway(t *testing.T) {
	if _, err := Open(Config{URL: "nats://127.0.0.1:1"}); err == nil {
		t.Fatal("connected to nothing")
	}
}
