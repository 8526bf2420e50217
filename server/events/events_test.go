package events

import (
	"context"
	"encoding/json"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/coder/websocket"
	"go.uber.org/goleak"

	"deskhand"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// newHub serves a hub where the query says who is logged in: ?agent=a&login=l.
func newHub(t *testing.T) (*Hub, string) {
	t.Helper()
	h := NewHub(Config{
		Who: func(r *http.Request) (deskhand.Agent, deskhand.Login, error) {
			q := r.URL.Query()
			if q.Get("agent") == "" {
				return deskhand.Agent{}, deskhand.Login{}, deskhand.Errorf(deskhand.CodeUnauthorized, "no")
			}
			return deskhand.Agent{ID: q.Get("agent"), Role: deskhand.Role(q.Get("role"))},
				deskhand.Login{ID: q.Get("login"), ExpiresAt: time.Now().Add(time.Hour)}, nil
		},
		Fault: func(w http.ResponseWriter, _ *http.Request, err error) {
			http.Error(w, err.Error(), http.StatusUnauthorized)
		},
	})
	s := httptest.NewServer(h)
	t.Cleanup(s.Close)
	t.Cleanup(h.Close)
	return h, s.URL
}

func dial(t *testing.T, h *Hub, url string) *websocket.Conn {
	t.Helper()
	before := h.Consoles()
	ws, _, err := websocket.Dial(t.Context(), url, nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { ws.CloseNow() })
	if h.Consoles() != before+1 {
		t.Fatal("the hub does not hold the console that it accepted")
	}
	return ws
}

func read(t *testing.T, ws *websocket.Conn) message {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
	defer cancel()
	_, b, err := ws.Read(ctx)
	if err != nil {
		t.Fatalf("no message: %v", err)
	}
	var m message
	if err := json.Unmarshal(b, &m); err != nil {
		t.Fatal(err)
	}
	return m
}

func TestChangesReachWhomTheyConcern(t *testing.T) {
	h, url := newHub(t)
	ann := dial(t, h, url+"?agent=ann&login=1&role=agent")
	bob := dial(t, h, url+"?agent=bob&login=2&role=agent")
	boss := dial(t, h, url+"?agent=boss&login=3&role=administrator")

	h.Tell(deskhand.Change{Topic: deskhand.TopicInvites, AgentID: "ann"})
	for _, ws := range []*websocket.Conn{ann, boss} {
		if m := read(t, ws); m.Type != "changed" || !slices.Equal(m.Topics, []deskhand.Topic{deskhand.TopicInvites}) {
			t.Fatalf("got %+v", m)
		}
	}
	h.Tell(deskhand.Change{Topic: deskhand.TopicSessions})
	if m := read(t, bob); !slices.Equal(m.Topics, []deskhand.Topic{deskhand.TopicSessions}) {
		t.Fatalf("bob got %+v: not his, or not all", m)
	}
	h.Tell(deskhand.Change{Topic: deskhand.TopicWebhooks})
	if m := read(t, bob); !slices.Equal(m.Topics, []deskhand.Topic{deskhand.TopicWebhooks}) {
		t.Fatalf("bob got %+v: webhooks are not live", m)
	}
	h.Tell(deskhand.Change{Topic: deskhand.TopicLogs, AgentID: "ann"}) // bob may have viewed that session
	if m := read(t, bob); !slices.Equal(m.Topics, []deskhand.Topic{deskhand.TopicLogs}) {
		t.Fatalf("bob got %+v: another's row of the log is not live", m)
	}
	h.Missed()
	if m := read(t, bob); !slices.Contains(m.Topics, deskhand.TopicLogs) || !slices.Contains(m.Topics, deskhand.TopicComputers) {
		t.Fatalf("after lost hints: %+v, want everything", m)
	}
}

// A page fetches what it shows before its console is connected: what changed in between is told.
func TestWhoConnectsHearsWhatHasJustChanged(t *testing.T) {
	h, url := newHub(t)
	h.Tell(deskhand.Change{Topic: deskhand.TopicLogins, Subject: "1"}) // shown before, or it would not be let in
	h.Tell(deskhand.Change{Topic: deskhand.TopicInvites, AgentID: "ann"})
	h.Tell(deskhand.Change{Topic: deskhand.TopicWebhooks})
	h.Tell(deskhand.Change{Topic: deskhand.TopicWebhooks, Sequence: 2})
	if len(h.recent) != 2 {
		t.Errorf("%d changes are kept", len(h.recent))
	}
	for who, want := range map[string][]deskhand.Topic{"ann": {deskhand.TopicInvites, deskhand.TopicWebhooks}, "bob": {deskhand.TopicWebhooks}} {
		m := read(t, dial(t, h, url+"?login=1&role=agent&agent="+who))
		slices.Sort(m.Topics)
		if m.Type != "changed" || !slices.Equal(m.Topics, want) {
			t.Errorf("%s hears %+v, want %v", who, m, want)
		}
	}
	for i := range 2 * recentMost {
		h.Tell(deskhand.Change{Topic: deskhand.TopicComputers, Subject: strconv.Itoa(i)})
	}
	if len(h.recent) > recentMost {
		t.Errorf("%d changes are kept", len(h.recent))
	}
	if m := read(t, dial(t, h, url+"?agent=eve&login=1&role=agent")); !slices.Contains(m.Topics, deskhand.TopicInvites) || len(m.Topics) != len(consoleTopics) {
		t.Errorf("after more than is kept one hears %+v", m)
	}
}

func TestAnOpenConsoleIsSeen(t *testing.T) {
	h, url := newHub(t)
	seen := make(chan string)
	h.every = time.Millisecond
	h.Seen = func(ctx context.Context, agentID string) error {
		select {
		case seen <- agentID:
		case <-ctx.Done():
		}
		return ctx.Err()
	}
	ws := dial(t, h, url+"?agent=ann&login=1")
	for range 2 {
		if id := <-seen; id != "ann" {
			t.Fatalf("%q is seen", id)
		}
	}
	ws.CloseNow()
}

func TestEndedLoginEndsTheConnection(t *testing.T) {
	h, url := newHub(t)
	gone, other := dial(t, h, url+"?agent=ann&login=1"), dial(t, h, url+"?agent=ann&login=2")
	h.Tell(deskhand.Change{Topic: deskhand.TopicLogins, AgentID: "ann", Subject: "1"})
	if m := read(t, gone); m.Type != "login-ended" {
		t.Fatalf("got %+v", m)
	}
	if _, _, err := gone.Read(t.Context()); websocket.CloseStatus(err) != websocket.StatusPolicyViolation {
		t.Fatalf("the connection goes on: %v", err)
	}
	h.Tell(deskhand.Change{Topic: deskhand.TopicLogs})
	if m := read(t, other); m.Type != "changed" {
		t.Fatalf("the agent's other login got %+v", m)
	}
}

func TestNobodyIsRefused(t *testing.T) {
	_, url := newHub(t)
	_, resp, err := websocket.Dial(t.Context(), url, nil)
	if err == nil || resp.StatusCode != http.StatusUnauthorized {
		t.Fatalf("status %v, err %v", resp, err)
	}
}

// A burst for a console that does not read is kept as a set of topics.
func TestABurstIsGathered(t *testing.T) {
	c := &console{wake: make(chan struct{}, 1), pending: map[deskhand.Topic]bool{}}
	for range 10_000 {
		c.add(deskhand.TopicSessions, deskhand.TopicLogs)
	}
	topics, _, _ := c.take()
	if !slices.Equal(topics, []deskhand.Topic{deskhand.TopicLogs, deskhand.TopicSessions}) {
		t.Fatalf("pending %v", topics)
	}
}

// Computers are told one by one, until they are many or something else about them changed.
func TestComputersAreTold(t *testing.T) {
	c := &console{wake: make(chan struct{}, 1), pending: map[deskhand.Topic]bool{}}
	for _, id := range []string{"b", "a", "b"} {
		c.addComputer(id)
	}
	if topics, computers, _ := c.take(); !slices.Equal(topics, []deskhand.Topic{deskhand.TopicComputers}) || !slices.Equal(computers, []string{"a", "b"}) {
		t.Fatalf("pending %v, %v", topics, computers)
	}
	for n := range maxSingle + 2 {
		c.addComputer(strconv.Itoa(n))
	}
	if topics, computers, _ := c.take(); len(topics) != 1 || computers != nil {
		t.Fatalf("many: %v, %v", topics, computers)
	}
	for _, order := range [][]func(){
		{func() { c.addComputer("a") }, func() { c.add(deskhand.TopicComputers) }}, {func() { c.add(deskhand.TopicComputers) }, func() { c.addComputer("a") }},
	} {
		for _, f := range order {
			f()
		}
		if topics, computers, _ := c.take(); len(topics) != 1 || computers != nil {
			t.Fatalf("a group besides: %v, %v", topics, computers)
		}
	}
	c.add(deskhand.TopicLogs)
	if topics, computers, _ := c.take(); len(topics) != 1 || computers != nil {
		t.Fatalf("no computer: %v, %v", topics, computers)
	}
}

// log is a list of changes in memory.
type log struct {
	mu        sync.Mutex
	rows      []deskhand.Change
	forgotten int64         // the first so many
	begun     chan struct{} // closed when somebody asked for the last one
	once      sync.Once
}

func (l *log) add(subject string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.rows = append(l.rows, deskhand.Change{Sequence: int64(len(l.rows)) + 1, Subject: subject})
}

func (l *log) Changes(_ context.Context, after int64, limit int) ([]deskhand.Change, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	rows := l.rows[max(after, l.forgotten):]
	return slices.Clone(rows[:min(limit, len(rows))]), nil
}

func (l *log) LastChange(context.Context) (int64, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.once.Do(func() { close(l.begun) })
	return int64(len(l.rows)), nil
}

func TestFeedTellsEachChangeOnceInOrder(t *testing.T) {
	l := log{begun: make(chan struct{})}
	l.add("before")
	got := make(chan string, 4*page)
	f := NewFeed(&l, slog.New(slog.DiscardHandler), func() { got <- "missed" }, func(c deskhand.Change) { got <- c.Subject })
	f.Every = 10 * time.Millisecond
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- f.Run(ctx) }()
	defer func() { cancel(); <-done }()
	next := func() string {
		select {
		case s := <-got:
			return s
		case <-time.After(5 * time.Second):
			t.Fatal("no change was told")
			return ""
		}
	}
	<-l.begun
	for range page + 10 {
		l.add("x")
	}
	l.add("end")
	f.Wake()
	n := 0
	for s := next(); s != "end"; s = next() {
		if s == "x" {
			n++
		}
	}
	if n != page+10 {
		t.Fatalf("told %d changes, want %d", n, page+10)
	}
	l.mu.Lock()
	l.rows = append(l.rows, make([]deskhand.Change, 5)...)
	l.forgotten = int64(len(l.rows))
	l.mu.Unlock()
	l.add("after the gap")
	f.Wake()
	if first, second := next(), next(); first != "missed" || second != "after the gap" {
		t.Fatalf("after a gap: %q, %q", first, second)
	}
}
