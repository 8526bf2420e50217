package client

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"io"
	"net/http"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"google.golang.org/protobuf/proto"

	"deskhand"
	"deskhand/client/pty"
	"deskhand/client/shell"
	"deskhand/client/ui"
	"deskhand/secure"
	"deskhand/server/httpapi"
	"deskhand/server/servertest"
	"deskhand/wire"
)

// withShells is the desktop's system with this computer's shells.
func (d *desktop) withShells() *system {
	sys := d.system()
	sys.shells, sys.shell = here().shells, startShell
	return sys
}

// typist is an agent at a command prompt.
type typist struct {
	t      testing.TB
	link   *secure.Link
	ticket httpapi.PromptTicket
	gone   chan struct{} // closed when the link ended

	mu      sync.Mutex
	changed *sync.Cond
	opened  *wire.PromptOpened
	ended   *wire.PromptEnded
	program string // that runs in the shell
	state   wire.ConsentState_State
	bye     string
	shown   uint64 // offset behind what has come
	out     bytes.Buffer
	taken   uint64
	stuck   bool // shows nothing, so gives no credit
	err     error
}

// openPrompt opens a command prompt, or comes back to one of which it shows the output up to an offset.
func openPrompt(t testing.TB, s *servertest.Server, a *servertest.Agent, path, id string, received uint64) *typist {
	t.Helper()
	p := &typist{t: t, gone: make(chan struct{}), shown: received}
	p.changed = sync.NewCond(&p.mu)
	body := map[string]any{}
	if id != "" {
		body["promptId"] = id
	}
	p.link, p.ticket, _ = meet(t, s, a, path+"/prompts", body)
	p.say(&wire.Control{Message: &wire.Control_Hello{Hello: &wire.EndHello{Version: wire.Version, MinVersion: wire.MinVersion}}})
	p.say(&wire.Control{Message: &wire.Control_PromptOpen{PromptOpen: &wire.PromptOpen{Shell: "/bin/sh", Columns: 80, Rows: 24, Received: received}}})
	go p.read()
	return p
}

// promptHost is an unattended computer, and an agent who opens command prompts there.
type promptHost struct {
	*program
	t      testing.TB
	s      *servertest.Server
	rodney *servertest.Agent
	path   string
}

func startPromptHost(t testing.TB, sys func(*desktop) *system) *promptHost {
	t.Helper()
	h := &promptHost{t: t, s: servertest.New(t)}
	h.rodney = h.s.Login(h.s.Admin)
	h.program, h.path = startUnattended(t, h.s, sys)
	online(t, h.rodney)
	return h
}

// open opens a prompt.
func (h *promptHost) open() *typist { return h.comeBack("", 0) }

// comeBack opens a prompt again of which it shows the output up to an offset.
func (h *promptHost) comeBack(id string, received uint64) *typist {
	h.t.Helper()
	return openPrompt(h.t, h.s, h.rodney, h.path, id, received)
}

func (p *typist) say(m *wire.Control) {
	b, err := proto.Marshal(m)
	if err == nil {
		err = p.link.Send(p.t.Context(), wire.ChannelControl, b)
	}
	if err != nil {
		p.t.Errorf("saying %T: %v", m.GetMessage(), err)
	}
}

func (p *typist) read() {
	defer close(p.gone)
	for {
		ch, b, err := p.link.Receive()
		p.mu.Lock()
		switch {
		case err != nil:
			p.err = err
		case ch == wire.ChannelPrompt:
			p.output(b)
		case ch == wire.ChannelControl:
			m := new(wire.Control)
			if err := proto.Unmarshal(b, m); err != nil {
				p.t.Error(err)
			}
			p.control(m)
		}
		p.changed.Broadcast()
		p.mu.Unlock()
		if err != nil {
			return
		}
	}
}

func (p *typist) output(b []byte) {
	if at := binary.BigEndian.Uint64(b); at != p.shown {
		p.t.Errorf("output at %d after %d", at, p.shown)
	}
	p.out.Write(b[8:])
	p.shown += uint64(len(b) - 8)
	if !p.stuck {
		p.credit()
	}
}

func (p *typist) credit() {
	b, _ := proto.Marshal(&wire.Control{Message: &wire.Control_PromptCredit{PromptCredit: &wire.PromptCredit{Offset: p.shown}}})
	_ = p.link.Send(p.t.Context(), wire.ChannelControl, b) // the link may have ended
}

func (p *typist) control(m *wire.Control) {
	switch x := m.GetMessage().(type) {
	case *wire.Control_PromptOpened:
		p.opened, p.shown = x.PromptOpened, x.PromptOpened.GetOffset()
	case *wire.Control_PromptEnded:
		p.ended = x.PromptEnded
	case *wire.Control_PromptProgram:
		p.program = x.PromptProgram.GetName()
	case *wire.Control_PromptTaken:
		p.taken = x.PromptTaken.GetBytes()
	case *wire.Control_Consent:
		p.state = x.Consent.GetState()
	case *wire.Control_Bye:
		p.bye = x.Bye.GetReason()
	}
}

// until waits until, with mu held, that is so.
func (p *typist) until(what string, so func() bool) {
	p.t.Helper()
	late := time.AfterFunc(servertest.Within, func() {
		p.mu.Lock()
		defer p.mu.Unlock()
		p.err = fmt.Errorf("%w: too late", io.ErrNoProgress)
		p.changed.Broadcast()
	})
	defer late.Stop()
	p.mu.Lock()
	defer p.mu.Unlock()
	for !so() {
		if p.err != nil {
			p.t.Fatalf("%s: %v; ended %v, bye %q, output %.300q", what, p.err, p.ended, p.bye, p.out.String())
		}
		p.changed.Wait()
	}
}

func (p *typist) typed(s string) {
	p.t.Helper()
	if err := p.link.Send(p.t.Context(), wire.ChannelPrompt, []byte(s)); err != nil {
		p.t.Fatal(err)
	}
}

func (p *typist) shows(text string) {
	p.t.Helper()
	p.until("the terminal shows "+text, func() bool { return strings.Contains(p.out.String(), text) })
}

// begin makes the shell quiet, so that only what programs say is shown.
func (p *typist) begin() *typist {
	p.t.Helper()
	p.until("the prompt is open", func() bool { return p.opened != nil })
	p.typed("PS1=; stty -echo; echo rea'dy'\n")
	p.shows("ready\r\n")
	return p
}

// cut ends the connection without a word.
func (p *typist) cut() {
	_ = p.link.Close("")
	<-p.gone
}

func TestPrompt(t *testing.T) {
	h := startPromptHost(t, (*desktop).withShells)
	p := h.open().begin()
	h.until("the bar says who has a prompt", func() bool {
		return h.bar != nil && h.bar.Level == ui.BarPrompt && len(h.bar.Prompts) == 1
	})
	p.say(&wire.Control{Message: &wire.Control_PromptResize{PromptResize: &wire.PromptResize{Columns: 99, Rows: 44}}})
	p.typed("until stty size | grep -x '44 99'; do sleep 0.05; done\n") // sizes and what is typed come by ways of their own
	p.shows("44 99")
	p.typed("exit 9\n")
	p.until("the end", func() bool { return p.ended != nil && p.bye != "" })
	if p.ended.GetReason() != string(wire.ReasonShellEnded) || p.ended.GetExitCode() != 9 {
		t.Errorf("ended %v, bye %q", p.ended, p.bye)
	}
	r := row(t, h.rodney)
	if r.Type != deskhand.TypeCommandPrompt || r.EndReason != deskhand.ReasonShellEnded || r.Consent != deskhand.ConsentNotNeeded {
		t.Errorf("row %+v", r)
	}
	var d httpapi.LogDetails
	h.rodney.Must(http.MethodGet, "/api/logs/"+r.ID, nil, &d)
	if len(d.Prompts) != 1 || d.Prompts[0].ExitCode != 9 || d.Prompts[0].Shell != "/bin/sh" {
		t.Fatalf("prompts %+v", d.Prompts)
	}
	h.until("the bar is gone", func() bool { return h.bar == nil })
}

// Whoever comes back after a cut goes on where they were; a reload gets what is kept; a third viewer takes the seat.
func TestPromptIsComeBackTo(t *testing.T) {
	h := startPromptHost(t, (*desktop).withShells)
	p := h.open().begin()
	p.typed("for i in 1 2 3; do echo li''ne $i; done; read x; echo go''t $x\n")
	p.shows("line 3\r\n")
	p.cut()
	again := h.comeBack(p.ticket.PromptID, p.shown)
	again.until("it goes on", func() bool { return again.opened != nil })
	if again.opened.GetOffset() != p.shown || again.opened.GetGap() || !again.opened.GetResumed() {
		t.Errorf("opened %v after %d bytes", again.opened, p.shown)
	}
	again.typed("it\n")
	again.shows("got it\r\n")
	reload := h.comeBack(p.ticket.PromptID, 0)
	reload.shows("ready\r\nline 1\r\nline 2\r\nline 3\r\ngot it\r\n")
	again.until("the other one has its place", func() bool { return again.bye == string(wire.ReasonReplaced) || again.err != nil })
	body := servertest.PromptRequest(make([]byte, 32))
	body["promptId"] = p.ticket.PromptID
	h.s.AddAgent("ann", deskhand.RoleAgent)
	if code, _ := h.s.Login(servertest.Account{UserName: "ann", Password: "correct horse ann"}).Do(http.MethodPost, h.path+"/prompts", body, nil); code != http.StatusNotFound {
		t.Errorf("another agent comes to the prompt: %d", code)
	}
	reload.say(&wire.Control{Message: &wire.Control_PromptClose{PromptClose: &wire.PromptClose{}}})
	reload.until("the end", func() bool { return reload.ended != nil })
	if reload.ended.GetReason() != string(wire.ReasonEndedByAgent) {
		t.Errorf("ended %v", reload.ended)
	}
	r := row(t, h.rodney)
	if r.EndReason != deskhand.ReasonEndedByAgent || r.EndedBy != h.rodney.Me.Name {
		t.Errorf("row %+v", r)
	}
	if code, _ := h.rodney.Do(http.MethodPost, h.path+"/prompts", body, nil); code != http.StatusNotFound {
		t.Errorf("a prompt that is over is opened again: %d", code)
	}
	servertest.Eventually(t, "the transcript is whole", func() bool {
		text, err := io.ReadAll(h.rodney.Get("/api/logs/"+r.ID+"/prompts/"+p.ticket.PromptID, nil).Body)
		return err == nil && strings.Contains(string(text), "line 1\nline 2\nline 3\ngot it\n")
	})
}

// The name of what runs follows what is typed and shown, and what a program does in silence.
func TestPromptTellsItsProgram(t *testing.T) {
	s := servertest.New(t)
	rodney := s.Login(s.Admin)
	_, path := startUnattended(t, s, (*desktop).withShells)
	online(t, rodney)
	p := openPrompt(t, s, rodney, path, "", 0).begin()
	p.typed("set -m; sleep 300\n")
	p.until("it sleeps", func() bool { return p.program == "sleep" })
	p.typed("\x03")
	p.until("the shell waits", func() bool { return p.program == "" })
	p.typed("sleep 0.6; cat\n")
	p.until("a program follows in silence", func() bool { return p.program == "cat" })
	p.typed("\x04")
	p.until("the shell waits again", func() bool { return p.program == "" })
}

// A line that a shell has wrapped is one line in the log, at whatever width.
func TestATranscriptKnowsTheWidth(t *testing.T) {
	s := servertest.New(t)
	rodney := s.Login(s.Admin)
	_, path := startUnattended(t, s, (*desktop).withShells)
	online(t, rodney)
	p := openPrompt(t, s, rodney, path, "", 0).begin()
	p.say(&wire.Control{Message: &wire.Control_PromptResize{PromptResize: &wire.PromptResize{Columns: 20, Rows: 24}}})
	p.typed("until stty size | grep -x '24 20'; do sleep 0.05; done\n")
	p.shows("24 20\r\n")
	// What bash writes when one types "echo one two three four", and at the row's end.
	p.typed("printf '$ echo one two three \\r four\\n'; exit\n")
	p.until("the end", func() bool { return p.ended != nil && p.bye != "" })
	r := row(t, rodney)
	servertest.Eventually(t, "the line is whole", func() bool {
		text, err := io.ReadAll(rodney.Get("/api/logs/"+r.ID+"/prompts/"+p.ticket.PromptID, nil).Body)
		return err == nil && strings.Contains(string(text), "24 20\n$ echo one two three four\n")
	})
}

// Nothing grows while a program floods and its viewer shows nothing; Ctrl-C is then heard, and what still comes is bounded.
func TestPromptFlood(t *testing.T) {
	h := startPromptHost(t, (*desktop).withShells)
	p := h.open().begin()
	const flood = 100 << 20
	p.typed(fmt.Sprintf("head -c %d /dev/zero | tr '\\0' 'x'; echo; echo do''ne\n", flood))
	var most uint64
	for seen := uint64(0); seen < flood; {
		p.until("the flood goes on", func() bool { return p.shown > seen })
		p.mu.Lock()
		if p.out.Len() > 1<<20 {
			p.out.Next(p.out.Len() - 100)
		}
		seen = p.shown
		p.mu.Unlock()
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		most = max(most, m.HeapAlloc)
	}
	p.shows("done\r\n")
	if most > 200<<20 {
		t.Errorf("the heap grew to %d MiB", most>>20)
	}
	p.mu.Lock()
	p.stuck = true
	p.mu.Unlock()
	p.typed("PS1='pro''mpt> '\nyes\n")
	before := uint64(0)
	p.until("as much as may be on its way has come", func() bool {
		if before == 0 {
			before = p.shown
		}
		return p.shown >= before+200<<10
	})
	p.typed("\x03")
	p.mu.Lock()
	at := p.shown
	p.stuck = false
	p.credit()
	p.mu.Unlock()
	p.until("the shell is back", func() bool { return strings.HasSuffix(p.out.String(), "prompt> ") })
	if more := p.shown - at; more > 512<<10 {
		t.Errorf("%d bytes came after Ctrl-C", more)
	}
}

func TestFiftyPrompts(t *testing.T) {
	h := startPromptHost(t, (*desktop).withShells)
	var prompts []*typist
	for range 50 {
		prompts = append(prompts, h.open())
	}
	for i, p := range prompts {
		p.begin().typed(fmt.Sprintf("echo I a''m %d\n", i))
	}
	for i, p := range prompts {
		p.shows(fmt.Sprintf("I am %d\r\n", i))
	}
	// The end-user's Stop ends them all.
	h.events <- ui.StopChosen{}
	for _, p := range prompts {
		<-p.gone
	}
	if r := row(t, h.rodney); r.EndReason != deskhand.ReasonEndedByEndUser {
		t.Errorf("row %+v", r)
	}
}

func TestPromptWithoutItsShell(t *testing.T) {
	h := startPromptHost(t, func(d *desktop) *system {
		sys := d.withShells()
		sys.shell = func(string, int, int) (shell.Terminal, string, error) {
			return nil, "", &pty.MissingError{Shell: "/bin/gone"}
		}
		return sys
	})
	p := h.open()
	p.until("why there is none", func() bool { return p.ended != nil })
	if p.ended.GetReason() != string(wire.ReasonShellMissing) || !strings.Contains(p.ended.GetDetail(), "choose another one") {
		t.Errorf("ended %v", p.ended)
	}
	if r := row(t, h.rodney); r.EndReason != deskhand.Reason(wire.ReasonShellMissing) {
		t.Errorf("row %+v", r)
	}
}

// An end-user is asked before a prompt; the session goes on after it.
func TestPromptInASession(t *testing.T) {
	s := servertest.New(t)
	rodney := s.Login(s.Admin)
	d := newDesktop(t)
	c := run(t, d, attendedBy(s.URL, d.withShells, linkCode(t, s)))
	path := ready(t, rodney)
	no := openPrompt(t, s, rodney, path, "", 0)
	if asked := c.answer(ui.Deny); asked.Ask != ui.AskPrompt {
		t.Errorf("asked %+v", asked)
	}
	no.until("the answer", func() bool { return no.bye == string(wire.ReasonDenied) })
	p := openPrompt(t, s, rodney, path, "", 0)
	c.answer(ui.Allow)
	p.begin()
	c.events <- ui.PauseChosen{}
	p.until("the pause", func() bool { return p.state == wire.ConsentState_PAUSED })
	p.mu.Lock()
	before := p.taken
	p.mu.Unlock()
	p.typed("echo sec''ret\n")
	p.until("it was dropped", func() bool { return p.taken > before })
	c.events <- ui.ResumeChosen{}
	p.until("that it goes on", func() bool { return p.state == wire.ConsentState_RESUMED })
	p.typed("echo op''en\n")
	p.shows("open\r\n")
	p.until("nothing that was typed in the pause", func() bool { return !strings.Contains(p.out.String(), "secret") })
	p.typed("exit\n")
	p.until("the end", func() bool { return p.ended != nil })
	ready(t, rodney)
	rodney.Must(http.MethodPost, path+"/end", nil, nil)
	c.over(ui.EndedByAgent)
}

// What a shell said just before the session's end is in the log, whoever ends it.
func TestLastWordsOfASession(t *testing.T) {
	s := servertest.New(t)
	rodney := s.Login(s.Admin)
	for name, end := range map[string]func(p *program, path string){
		"by the agent":    func(_ *program, path string) { rodney.Must(http.MethodPost, path+"/end", nil, nil) },
		"by the end-user": func(p *program, _ string) { p.events <- ui.StopChosen{} },
		"by leaving":      func(p *program, _ string) { p.events <- ui.MainClosed{} },
	} {
		t.Run(name, func(t *testing.T) {
			d := newDesktop(t)
			c := run(t, d, attendedBy(s.URL, d.withShells, linkCode(t, s)))
			path := ready(t, rodney)
			p := openPrompt(t, s, rodney, path, "", 0)
			c.answer(ui.Allow)
			p.begin().typed("echo fi''rst\n")
			p.shows("first\r\n")
			p.typed("echo la''st\n")
			p.shows("last\r\n")
			end(c, path)
			<-p.gone
			servertest.Eventually(t, "the transcript is whole", func() bool {
				id := strings.TrimPrefix(path, "/api/sessions/")
				text, err := io.ReadAll(rodney.Get("/api/logs/"+id+"/prompts/"+p.ticket.PromptID, nil).Body)
				return err == nil && strings.Contains(string(text), "first\n") && strings.Contains(string(text), "last\n")
			})
		})
	}
}

// What the policy wants of unattended computers is true of their prompts as well.
func TestPromptAsksBeforeAnUnattendedOne(t *testing.T) {
	h := startPromptHost(t, (*desktop).withShells)
	policy(h.rodney, deskhand.UnattendedAsk)
	no := h.open()
	if asked := h.answer(ui.Deny); asked.Ask != ui.AskPrompt {
		t.Errorf("asked %+v", asked)
	}
	no.until("the answer", func() bool { return no.bye == string(wire.ReasonDenied) })
	p := h.open()
	h.answer(ui.Allow)
	p.begin()
	p.typed("exit\n")
	p.until("the end", func() bool { return p.ended != nil })
}
