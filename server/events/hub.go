// Package events tells the consoles what changed, over one WebSocket each. A message is a hint ("sessions changed"): the console fetches
// what it shows again. Lost hints cost a refetch, never truth.
package events

import (
	"context"
	"encoding/json"
	"log/slog"
	"maps"
	"net/http"
	"slices"
	"sync"
	"time"

	"github.com/coder/websocket"

	"deskhand"
)

// Times of a connection.
const (
	pingEvery    = 20 * time.Second
	writeTimeout = 10 * time.Second // a console that takes nothing for so long is cut; it connects again and refetches
	gather       = 50 * time.Millisecond
	seenEvery    = time.Minute // how often an agent with an open console is said to be there
	maxSingle    = 100         // computers that a console is told of one by one

	// A page fetches what it shows while its console connects: a change in between is told then. Of more changes than recentMost all topics are.
	recentFor  = 10 * time.Second
	recentMost = 256
)

// Topics that the console refetches. What waits for a slow console is a set of them, so that it never grows.
var consoleTopics = []deskhand.Topic{
	deskhand.TopicSessions, deskhand.TopicComputers, deskhand.TopicLogs, deskhand.TopicInvites, deskhand.TopicAgents, deskhand.TopicSettings,
	deskhand.TopicWebhooks,
}

// Config is what a Hub stands on.
type Config struct {
	// Who is logged in; the request has a cookie and the right origin.
	Who func(*http.Request) (deskhand.Agent, deskhand.Login, error)
	// Fault answers a request that cannot become a connection.
	Fault func(http.ResponseWriter, *http.Request, error)
	// Seen notes that an agent has a console open.
	Seen func(ctx context.Context, agentID string) error
	Log  *slog.Logger
}

// Hub holds the consoles that are connected to this node. It is an http.Handler; whoever mounts it checks the origin.
type Hub struct {
	Config
	mu       sync.Mutex
	consoles map[*console]struct{} // guarded by mu
	closed   bool                  // guarded by mu
	recent   []told                // guarded by mu: the oldest first
	forgot   time.Time             // guarded by mu: of changes before, some are not in recent though they might be
	running  sync.WaitGroup
	every    time.Duration // between calls of Seen
}

// NewHub makes a Hub.
func NewHub(c Config) *Hub {
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	return &Hub{Config: c, consoles: map[*console]struct{}{}, every: seenEvery}
}

// console is one connected console.
type console struct {
	agent deskhand.Agent
	login deskhand.Login
	wake  chan struct{} // holds one: something is pending

	mu      sync.Mutex
	pending map[deskhand.Topic]bool // guarded by mu
	single  map[string]bool         // guarded by mu: computers that changed; nil: any may have
	over    string                  // guarded by mu: why the connection ends; empty: it goes on
}

// message is what the console gets.
type message struct {
	Type   string           `json:"type"` // "changed" or "login-ended"
	Topics []deskhand.Topic `json:"topics,omitempty"`
	// Computers are the ids of those that changed, where nothing else about computers did.
	Computers []string `json:"computers,omitempty"`
}

// Reasons in a close frame.
const (
	loginEnded     = "login-ended"
	serverStopping = "server-stopping"
)

// told is a change that consoles were told of.
type told struct {
	at     time.Time
	change deskhand.Change
}

// Tell passes a change on to the consoles that it concerns.
func (h *Hub) Tell(c deskhand.Change) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for one := range h.consoles {
		one.tell(c)
	}
	if c.Topic == deskhand.TopicLogins {
		return // who connects has shown the login
	}
	now := time.Now()
	h.recent = slices.DeleteFunc(h.recent, func(t told) bool {
		return now.Sub(t.at) > recentFor || t.change.Topic == c.Topic && t.change.AgentID == c.AgentID && t.change.Subject == c.Subject
	})
	if h.recent = append(h.recent, told{now, c}); len(h.recent) > recentMost {
		h.forgot, h.recent = h.recent[0].at, h.recent[1:]
	}
}

// catchUp tells a console that connects what has changed just now. mu is held.
func (h *Hub) catchUp(one *console) {
	now := time.Now()
	if now.Sub(h.forgot) <= recentFor {
		one.add(consoleTopics...)
		return
	}
	for _, t := range h.recent {
		if now.Sub(t.at) <= recentFor {
			one.tell(t.change)
		}
	}
}

// tell notes a change, if it concerns this console.
func (c *console) tell(change deskhand.Change) {
	switch {
	case change.Topic == deskhand.TopicLogins:
		if c.login.ID == change.Subject {
			c.end(loginEnded)
		}
	case change.Topic == deskhand.TopicSessions, // every agent may look at everyone's
		change.Topic == deskhand.TopicLogs, // others may have viewed it, or may see all
		change.AgentID == "" || change.AgentID == c.agent.ID || c.agent.Role == deskhand.RoleAdministrator:
		if change.Topic == deskhand.TopicComputers && change.Subject != "" {
			c.addComputer(change.Subject)
			return
		}
		c.add(change.Topic)
	}
}

// Missed tells every console that hints may have been lost: all is to be fetched again.
func (h *Hub) Missed() {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.forgot = time.Now()
	for one := range h.consoles {
		one.add(consoleTopics...)
	}
}

// Consoles is how many are connected.
func (h *Hub) Consoles() int {
	h.mu.Lock()
	defer h.mu.Unlock()
	return len(h.consoles)
}

// Close ends all connections and takes no new ones; consoles connect to another node, or again.
func (h *Hub) Close() {
	h.mu.Lock()
	h.closed = true
	for one := range h.consoles {
		one.end(serverStopping)
	}
	h.mu.Unlock()
	h.running.Wait()
}

func (h *Hub) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	agent, login, err := h.Who(r)
	if err != nil {
		h.Fault(w, r, err)
		return
	}
	one := &console{agent: agent, login: login, wake: make(chan struct{}, 1), pending: map[deskhand.Topic]bool{}}
	if !h.join(one) {
		h.Fault(w, r, &deskhand.Error{Code: deskhand.CodeUnavailable, Fault: "The server is stopping.", Hint: "Try again in a moment."})
		return
	}
	defer h.leave(one)

	// The library compares the Host header with the origin; behind a proxy only the exact check that has been made counts.
	accepted := r.Clone(r.Context())
	accepted.Header.Del("Origin")
	ws, err := websocket.Accept(w, accepted, nil)
	if err != nil {
		return // it has been answered
	}
	defer ws.CloseNow()
	ws.SetReadLimit(1 << 10) // a console has nothing to say
	if err := h.serve(ws, one); err != nil {
		h.Log.DebugContext(r.Context(), "console left", "agent", agent.UserName, "err", err)
	}
}

func (h *Hub) join(one *console) bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.closed {
		return false
	}
	h.consoles[one] = struct{}{}
	h.catchUp(one)
	h.running.Add(1)
	return true
}

func (h *Hub) leave(one *console) {
	h.mu.Lock()
	delete(h.consoles, one)
	h.mu.Unlock()
	h.running.Done()
}

// serve sends what is pending until the console leaves or the login ends.
func (h *Hub) serve(ws *websocket.Conn, one *console) error {
	ctx := ws.CloseRead(context.Background())
	ping := time.NewTicker(pingEvery)
	defer ping.Stop()
	seen := time.NewTicker(h.every)
	defer seen.Stop()
	expiry := time.NewTimer(time.Until(one.login.ExpiresAt))
	defer expiry.Stop()
	for {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-expiry.C:
			one.end(loginEnded)
		case <-ping.C:
			if err := timed(ctx, ws.Ping); err != nil {
				return err
			}
		case <-seen.C:
			if err := h.Seen(ctx, one.agent.ID); err != nil && ctx.Err() == nil {
				h.Log.ErrorContext(ctx, "noting that an agent is there", "agent", one.agent.UserName, "err", err)
			}
		case <-one.wake:
			topics, computers, over := one.take()
			if over == loginEnded {
				_ = send(ctx, ws, message{Type: loginEnded})
			}
			switch over {
			case loginEnded:
				return ws.Close(websocket.StatusPolicyViolation, over)
			case serverStopping:
				return ws.Close(websocket.StatusGoingAway, over)
			}
			if err := send(ctx, ws, message{Type: "changed", Topics: topics, Computers: computers}); err != nil {
				return err
			}
			time.Sleep(gather) // what comes now goes out together
		}
	}
}

func send(ctx context.Context, ws *websocket.Conn, m message) error {
	b, err := json.Marshal(m)
	if err != nil {
		return err
	}
	return timed(ctx, func(ctx context.Context) error { return ws.Write(ctx, websocket.MessageText, b) })
}

func timed(ctx context.Context, f func(context.Context) error) error {
	ctx, cancel := context.WithTimeout(ctx, writeTimeout)
	defer cancel()
	return f(ctx)
}

func (c *console) add(topics ...deskhand.Topic) {
	c.mu.Lock()
	for _, t := range topics {
		c.pending[t] = true
		if t == deskhand.TopicComputers {
			c.single = nil
		}
	}
	c.mu.Unlock()
	c.poke()
}

// addComputer is add for one computer. Of many the console fetches all.
func (c *console) addComputer(id string) {
	c.mu.Lock()
	switch {
	case !c.pending[deskhand.TopicComputers]:
		c.single = map[string]bool{id: true}
	case c.single != nil:
		if c.single[id] = true; len(c.single) > maxSingle {
			c.single = nil
		}
	}
	c.pending[deskhand.TopicComputers] = true
	c.mu.Unlock()
	c.poke()
}

func (c *console) end(why string) {
	c.mu.Lock()
	if c.over == "" {
		c.over = why
	}
	c.mu.Unlock()
	c.poke()
}

func (c *console) poke() {
	select {
	case c.wake <- struct{}{}:
	default:
	}
}

// take empties what is pending.
func (c *console) take() (topics []deskhand.Topic, computers []string, over string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for t := range c.pending {
		if slices.Contains(consoleTopics, t) {
			topics = append(topics, t)
		}
	}
	clear(c.pending)
	slices.Sort(topics)
	computers = slices.Sorted(maps.Keys(c.single))
	c.single = nil
	return topics, computers, c.over
}
