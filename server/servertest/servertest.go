// Package servertest starts a whole server in one line of a test, and plays those who talk to it: agents at their consoles, clients of
// end-users and computers, and viewers, all over the real protocol.
package servertest

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"deskhand"
	"deskhand/server"
	"deskhand/server/auth"
	"deskhand/server/store"
	"deskhand/server/store/storetest"
)

// Within is how long anything in a test may take, on a busy machine.
const Within = 30 * time.Second

// Server is a running server on a loopback address, with its data in a directory of the test.
type Server struct {
	URL   *url.URL // public URL
	Admin Account  // the first administrator

	t      testing.TB
	config server.Config
	srv    *server.Server
	log    *lineWriter
	stop   func()
}

// Account is a way to log in.
type Account struct {
	ID, UserName, Password string
}

// New starts a server; changes are made to its configuration before. It ends with the test.
func New(t testing.TB, changes ...func(*server.Config)) *Server {
	t.Helper()
	s := &Server{t: t, log: &lineWriter{}}
	s.config = server.Config{Data: t.TempDir(), Listen: "127.0.0.1:0", Clients: t.TempDir(), Version: "test", SweepEvery: 50 * time.Millisecond}
	for _, change := range changes {
		change(&s.config)
	}
	if s.config.Database == "" {
		storetest.Seed(t, s.config.Data)
	}
	s.config.Log = slog.New(slog.NewTextHandler(s.log, &slog.HandlerOptions{Level: slog.LevelDebug}))
	s.start()
	t.Cleanup(func() {
		s.stop()
		if t.Failed() {
			t.Logf("the server's log:\n%s", s.log)
		}
	})
	return s
}

// start runs the server and waits until it is ready.
func (s *Server) start() {
	s.t.Helper()
	out, lines := io.Pipe()
	s.config.Out = lines
	srv := server.New(s.config)
	s.srv = srv
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() {
		err := srv.Run(ctx)
		lines.Close()
		done <- err
	}()
	scan := bufio.NewScanner(out)
	for scan.Scan() {
		name, value, _ := strings.Cut(scan.Text(), " ")
		switch name {
		case "user:":
			s.Admin.UserName = value
		case "password:":
			s.Admin.Password = value
		case "ready":
			s.URL, _ = url.Parse(value)
		}
		if name == "ready" {
			break
		}
	}
	go func() { _, _ = io.Copy(io.Discard, out) }()
	s.stop = sync.OnceFunc(func() {
		cancel()
		select {
		case err := <-done:
			if err != nil {
				s.t.Errorf("the server ended with: %v", err)
			}
		case <-time.After(2 * Within):
			s.t.Errorf("the server does not end")
		}
	})
	if s.URL == nil {
		s.t.Fatalf("the server does not start: %v", <-done)
	}
	<-srv.Ready()
}

// Stop ends the server as SIGTERM does.
func (s *Server) Stop() { s.stop() }

// Start starts it again on the same address with the same data.
func (s *Server) Start() {
	s.t.Helper()
	s.config.Listen = s.URL.Host
	if _, port, err := net.SplitHostPort(s.URL.Host); err == nil {
		s.config.Listen = net.JoinHostPort("127.0.0.1", port)
	}
	s.start()
}

// Routes names everything that the server answers.
func (s *Server) Routes() []string { return s.srv.Routes() }

// Dial opens a plain connection to the server.
func (s *Server) Dial() net.Conn {
	s.t.Helper()
	return must[net.Conn](s.t, "connecting")(net.DialTimeout("tcp", s.URL.Host, Within))
}

// Data is the directory of the server's data.
func (s *Server) Data() string { return s.config.Data }

// Clients is the directory of the client programs, empty at first.
func (s *Server) Clients() string { return s.config.Clients }

// Log is what the server has logged so far.
func (s *Server) Log() string { return s.log.String() }

// Store opens the server's database beside it, as the admin verbs do.
func (s *Server) Store() *store.Store {
	s.t.Helper()
	st, err := store.Open(s.t.Context(), store.Options{Data: s.config.Data, Database: s.config.Database, Now: s.config.Now, Log: s.config.Log})
	if err != nil {
		s.t.Fatal(err)
	}
	s.t.Cleanup(func() { _ = st.Close() })
	return st
}

// AddAgent makes an account.
func (s *Server) AddAgent(userName string, role deskhand.Role) Account {
	s.t.Helper()
	st := s.Store()
	defer st.Close()
	a := Account{UserName: userName, Password: "correct horse " + userName}
	hash, err := auth.HashPassword(a.Password)
	if err != nil {
		s.t.Fatal(err)
	}
	agent, err := st.CreateAgent(s.t.Context(), deskhand.Server, deskhand.Agent{
		UserName: userName, Name: strings.ToUpper(userName[:1]) + userName[1:], Title: "Support", Role: role,
	}, hash)
	if err != nil {
		s.t.Fatal(err)
	}
	a.ID = agent.ID
	return a
}

// lineWriter keeps what is written.
type lineWriter struct {
	mu sync.Mutex
	b  strings.Builder // guarded by mu
}

func (w *lineWriter) Write(p []byte) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.b.Write(p)
}

func (w *lineWriter) String() string {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.b.String()
}

// Eventually waits until done says so; it asks again and again. what is said when it never does.
func Eventually(t testing.TB, what string, done func() bool) {
	t.Helper()
	for end := time.Now().Add(Within); ; time.Sleep(5 * time.Millisecond) {
		if done() {
			return
		}
		if time.Now().After(end) {
			t.Fatalf("never came true within %v: %s", Within, what)
		}
	}
}

// Clock is a clock that the test moves.
type Clock struct {
	mu     sync.Mutex
	offset time.Duration // guarded by mu
}

// Now is the real time and what it was moved.
func (c *Clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return time.Now().Add(c.offset)
}

// Add moves the clock.
func (c *Clock) Add(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.offset += d
}

func must[T any](t testing.TB, doing string) func(T, error) T {
	return func(v T, err error) T {
		t.Helper()
		if err != nil {
			t.Fatal(fmt.Errorf("%s: %w", doing, err))
		}
		return v
	}
}
