// Package bus carries hints and calls between the parts of the server and between its nodes, over NATS. By default a NATS server runs
// inside the program, without a listener; an external cluster joins several nodes. Every message may be lost: truth is in the database.
package bus

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"github.com/nats-io/nats-server/v2/server"
	"github.com/nats-io/nats.go"
)

// ErrNobody is returned for a request that nobody serves: the client that it is for is connected to no node.
var ErrNobody = errors.New("nobody serves this")

// Config is how to open a Bus.
type Config struct {
	URL string // of a NATS cluster; empty: a server inside this program
	Log *slog.Logger
	// Lost is called when the connection to a cluster came back and hints may have been missed; may be nil.
	Lost func()
}

// Bus is a connection to the bus. It is safe for concurrent use; the one who opens it closes it.
type Bus struct {
	conn   *nats.Conn
	server *server.Server // nil with an external cluster
	closed chan struct{}  // closed when conn has ended
}

// Open starts the server inside, or connects to a cluster.
func Open(c Config) (*Bus, error) {
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	b := &Bus{closed: make(chan struct{})}
	options := []nats.Option{
		nats.Name("deskhand"), nats.MaxReconnects(-1), nats.Timeout(5 * time.Second),
		nats.ReconnectJitter(100*time.Millisecond, time.Second),
		nats.ClosedHandler(func(*nats.Conn) { close(b.closed) }),
		nats.ErrorHandler(func(_ *nats.Conn, s *nats.Subscription, err error) {
			c.Log.Warn("bus", "err", err, "subject", subjectOf(s))
		}),
		nats.DisconnectErrHandler(func(_ *nats.Conn, err error) {
			if err != nil {
				c.Log.Warn("bus: connection lost", "err", err)
			}
		}),
		nats.ReconnectHandler(func(*nats.Conn) {
			c.Log.Info("bus: connected again")
			if c.Lost != nil {
				c.Lost()
			}
		}),
	}
	if c.URL == "" {
		inside, err := startInside()
		if err != nil {
			return nil, err
		}
		b.server = inside
		options = append(options, nats.InProcessServer(inside))
	}
	conn, err := nats.Connect(c.URL, options...)
	if err != nil {
		if b.server != nil {
			b.server.Shutdown()
			b.server.WaitForShutdown()
		}
		return nil, fmt.Errorf("connecting to the bus: %w", err)
	}
	b.conn = conn
	return b, nil
}

func startInside() (*server.Server, error) {
	s, err := server.NewServer(&server.Options{ServerName: "deskhand", DontListen: true, NoSigs: true, NoLog: true})
	if err != nil {
		return nil, fmt.Errorf("making the bus: %w", err)
	}
	s.Start()
	if !s.ReadyForConnections(10 * time.Second) {
		s.Shutdown()
		return nil, errors.New("the bus did not start within 10 s")
	}
	return s, nil
}

// Connected reports whether messages reach the others now.
func (b *Bus) Connected() bool { return b.conn.IsConnected() }

// Publish sends a hint to all who subscribed to subject, on every node.
func (b *Bus) Publish(subject string, data []byte) error {
	if err := b.conn.Publish(subject, data); err != nil {
		return fmt.Errorf("publishing %s: %w", subject, err)
	}
	return nil
}

// Subscribe calls f for each hint on subject, one after the other, until cancel is called.
func (b *Bus) Subscribe(subject string, f func(data []byte)) (cancel func(), err error) {
	return b.subscribe(subject, func(m *nats.Msg) { f(m.Data) })
}

// Serve answers the requests to subject, one after the other, until cancel is called. When it returns, requests from every node arrive.
func (b *Bus) Serve(subject string, f func(data []byte) []byte) (cancel func(), err error) {
	return b.subscribe(subject, func(m *nats.Msg) {
		answer := f(m.Data)
		if m.Reply != "" {
			_ = m.Respond(answer) // who asked has a deadline
		}
	})
}

func (b *Bus) subscribe(subject string, f func(*nats.Msg)) (cancel func(), err error) {
	s, err := b.conn.Subscribe(subject, f)
	if err != nil {
		return nil, fmt.Errorf("subscribing to %s: %w", subject, err)
	}
	if err := b.conn.FlushTimeout(5 * time.Second); err != nil {
		_ = s.Unsubscribe()
		return nil, fmt.Errorf("subscribing to %s: %w", subject, err)
	}
	return sync.OnceFunc(func() { _ = s.Unsubscribe() }), nil
}

// Request asks the one who serves subject. The error is ErrNobody when nobody does, at once.
func (b *Bus) Request(ctx context.Context, subject string, data []byte) ([]byte, error) {
	m, err := b.conn.RequestWithContext(ctx, subject, data)
	if errors.Is(err, nats.ErrNoResponders) {
		return nil, fmt.Errorf("%s: %w", subject, ErrNobody)
	}
	if err != nil {
		return nil, fmt.Errorf("asking %s: %w", subject, err)
	}
	return m.Data, nil
}

// Close ends the connection and the server inside.
func (b *Bus) Close() {
	b.conn.Close()
	<-b.closed
	if b.server != nil {
		b.server.Shutdown()
		b.server.WaitForShutdown()
	}
}

func subjectOf(s *nats.Subscription) string {
	if s == nil {
		return ""
	}
	return s.Subject
}
