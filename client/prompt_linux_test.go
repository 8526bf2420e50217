package client

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"google.golang.org/protobuf/proto"

	"deskhand"
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
	s := servertest.New(t)
	rodney := s.Login(s.Admin)
	c, path := startUnattended(t, s, (*desktop).withShells)
	online(t, rodney)
	p := openPrompt(t, s, rodney, path, "", 0).begin()
	c.until("the bar says who has a prompt", func() bool {
		return c.bar != nil && c.bar.Level == ui.BarPrompt && len(c.bar.Prompts) == 1
	})
	p.say(&wire.Control{Message: &wire.Control_PromptResize{PromptResize: &wire.PromptResize{Columns: 99, Rows: 44}}})
	p.typed("stty size\n")
	p.shows("44 99")
	p.typed("exit 9\n")
	p.until("the end", func() bool { return p.ended != nil && p.bye != "" })
	if p.ended.GetReason() != string(wire.ReasonShellEnded) || p.ended.GetExitCode() != 9 {
		t.Errorf("ended %v, bye %q", p.ended, p.bye)
	}
	r := row(t, rodney)
	if r.Type != deskhand.TypeCommandPrompt || r.EndReason != deskhand.ReasonShellEnded || r.Consent != deskhand.ConsentNotNeeded {
		t.Errorf("row %+v", r)
	}
	var d httpapi.LogDetails
	rodney.Must(http.MethodGet, "/api/logs/"+r.ID, nil, &d)
	if len(d.Prompts) != 1 || d.Prompts[0].ExitCode != 9 || d.Prompts[0].Shell != "/bin/sh" {
		t.Fatalf("prompts %+v", d.Prompts)
	}
	c.until("the bar is gone", func() bool { return c.bar == nil })
}
