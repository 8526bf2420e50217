package server

import (
	"context"
	"crypto/ed25519"
	"crypto/hkdf"
	"crypto/sha256"
	"io"
	"net/http"
	"path"
	"strings"
	"sync"

	"deskhand"
	"deskhand/secure"
	"deskhand/server/audit"
	"deskhand/server/auth"
	"deskhand/server/httpapi"
	"deskhand/server/invite"
	"deskhand/server/logo"
	"deskhand/server/mail"
	"deskhand/server/release"
	"deskhand/server/signal"
	"deskhand/server/store"
	"deskhand/server/transcript"
	"deskhand/wire"
)

// keys signs grants with the server's key.
type keys struct{ private ed25519.PrivateKey }

func openKeys(ctx context.Context, s *store.Store) (keys, error) {
	private, err := s.SigningKey(ctx)
	return keys{private}, err
}

// cookieKey follows from the server's key, so that all nodes have the same without keeping another secret.
func cookieKey(ctx context.Context, s *store.Store) ([]byte, error) {
	private, err := s.SigningKey(ctx)
	if err != nil {
		return nil, err
	}
	return hkdf.Key(sha256.New, private.Seed(), nil, "deskhand cookie v1", sha256.Size)
}

func (k keys) GrantKey() ed25519.PublicKey { return k.private.Public().(ed25519.PublicKey) }

func (k keys) SignGrant(p *wire.GrantPayload) (*wire.Grant, error) {
	return secure.SignGrant(k.private, p)
}

func (k keys) VerifyComputerProof(key ed25519.PublicKey, challenge []byte, proof *wire.ComputerProof) bool {
	return secure.VerifyComputerProof(key, challenge, proof)
}

// profiles changes an agent's own words.
type profiles struct{ store *store.Store }

func (p profiles) UpdateProfile(ctx context.Context, by deskhand.Actor, agentID string, change httpapi.ProfileChange) (deskhand.Agent, error) {
	a, err := p.store.AgentByID(ctx, agentID)
	if err != nil {
		return a, err
	}
	for _, f := range []struct {
		to   *string
		from *string
	}{{&a.Name, change.Name}, {&a.Title, change.Title}, {&a.Email, change.Email}, {&a.Language, change.Language}, {&a.Theme, change.Theme}} {
		if f.from != nil {
			*f.to = *f.from
		}
	}
	return p.store.UpdateAgent(ctx, by, a)
}

// mails sends the API's mails.
type mails struct{ *mail.Sender }

func (m mails) Send(ctx context.Context, to httpapi.MailMessage) error {
	return m.Sender.Send(ctx, mail.Message(to))
}

func (mails) Compose(name, language string, values map[string]string) (subject, text string, err error) {
	return mail.Compose(name, language, values)
}

// loginRules are what the policy says about logins.
func (s *Server) loginRules(ctx context.Context) (auth.Rules, error) {
	p, err := s.store.Policy(ctx)
	rules := auth.Rules{Idle: p.Idle(), Absolute: p.Absolute(), SecondFactor: p.SecondFactor}
	if err == nil && p.SecondFactor {
		var o deskhand.SignOn
		o, err = s.store.SignOn(ctx)
		rules.SignOnToo = o.SecondFactor
	}
	return rules, err
}

// sendReset mails the link for a new password.
func (s *Server) sendReset(ctx context.Context, a deskhand.Agent, token, language string) error {
	company, err := s.store.Company(ctx)
	if err != nil {
		return err
	}
	if company == "" {
		company = "Deskhand"
	}
	subject, text, err := mail.Compose("reset", language, map[string]string{
		"company": company, "name": a.Name, "user": a.UserName, "link": s.api.ResetURL(token),
	})
	if err != nil {
		return err
	}
	return s.mail.Send(ctx, mail.Message{To: a.Email, Subject: subject, Text: text})
}

// computers enrols a computer for an agent who shows all that a login takes, and tells it of its removal.
type computers struct {
	*store.Store
	auth   *auth.Service
	signal *signal.Server
}

func (c computers) RemoveComputer(ctx context.Context, by deskhand.Actor, id string) error {
	outs, err := c.Store.RemoveComputer(ctx, by, id)
	if err != nil {
		return err
	}
	c.signal.Tell(outs...)
	c.signal.Look(id)
	return nil
}

func (c computers) MoveComputers(ctx context.Context, by deskhand.Actor, ids []string, to deskhand.ComputerPlace) error {
	outs, err := c.Store.MoveComputers(ctx, by, ids, to)
	c.signal.Tell(outs...)
	return err
}

func (c computers) UpdateComputer(ctx context.Context, by deskhand.Actor, id string, change deskhand.ComputerChange) (deskhand.Computer, error) {
	computer, outs, err := c.Store.UpdateComputer(ctx, by, id, change)
	c.signal.Tell(outs...)
	return computer, err
}

func (c computers) WakeComputer(ctx context.Context, by deskhand.Actor, id string) (waker string, err error) {
	w, err := c.Store.WakeComputer(ctx, by, id)
	if err != nil {
		return "", err
	}
	return c.signal.Wake(ctx, w)
}

// brandings keeps logos as pictures of our own making.
type brandings struct{ *store.Store }

func (b brandings) SetLogo(ctx context.Context, by deskhand.Actor, file []byte) error {
	if len(file) == 0 {
		return b.Store.SetLogo(ctx, by, nil)
	}
	picture, err := logo.PNG(file)
	if err != nil {
		return err
	}
	return b.Store.SetLogo(ctx, by, picture)
}

// hosts knows whose name end-users are shown, and keeps the logo in the size that clients get.
type hosts struct {
	*store.Store
	mu    sync.Mutex
	hash  string // guarded by mu: of the logo that small was made from
	small []byte // guarded by mu
}

// ClientLogo makes the logo small once and keeps it until there is another one.
func (h *hosts) ClientLogo(ctx context.Context, b deskhand.Branding) ([]byte, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.hash == b.Logo {
		return h.small, nil
	}
	picture, err := h.Logo(ctx)
	if err != nil {
		return nil, err
	}
	small, err := logo.Small(picture)
	if err != nil {
		return nil, err
	}
	h.hash, h.small = b.Logo, small
	return small, nil
}

// logs are the session log, with transcripts as text.
type logs struct{ *store.Store }

func (l logs) Transcript(ctx context.Context, agentID, sessionID, promptID string) ([]byte, error) {
	_, pieces, err := l.Store.Transcript(ctx, agentID, sessionID, promptID)
	if err != nil {
		return nil, err
	}
	return transcript.Text(pieces), nil
}

// audits reads and verifies the audit.
type audits struct{ *store.Store }

func (a audits) VerifyAudit(ctx context.Context, expect *deskhand.AuditHead) (httpapi.AuditReport, error) {
	r, err := audit.Verify(ctx, a.Store, audit.Options{Expect: expect})
	out := httpapi.AuditReport{
		Whole: len(r.Faults) == 0, Events: r.Events, WithoutDetail: r.WithoutDetail, Last: r.Head.Sequence, Head: r.Head.String(), Faults: []httpapi.AuditFault{},
	}
	for _, f := range r.Faults {
		out.Faults = append(out.Faults, httpapi.AuditFault{Kind: string(f.Kind), First: f.Sequence, Last: f.Last})
	}
	return out, err
}

func (a audits) ExportAudit(ctx context.Context, w io.Writer) error {
	return audit.Export(ctx, a.Store, w)
}

// releases are the clients as the API lists them.
type releases struct{ server *Server }

func (r releases) Downloads() ([]httpapi.Download, error) {
	list, err := r.server.shelf.Clients()
	if err != nil {
		return nil, err
	}
	out := make([]httpapi.Download, 0, len(list))
	for _, c := range list {
		file, err := r.server.pages.PlainFile(c.Platform())
		if err != nil {
			return nil, err
		}
		sum, err := r.server.shelf.Sum(c, strings.TrimSuffix(path.Base(file), c.Extension()))
		if err != nil { // it was taken off the shelf just now, or nobody may read it: the others can be had
			r.server.config.Log.Warn("a client cannot be offered", "platform", c.Platform(), "err", err)
			continue
		}
		out = append(out, httpapi.Download{System: c.System, Arch: c.Arch, Size: sum.Size, SHA256: sum.SHA256, URL: r.server.public.JoinPath(file).String()})
	}
	return out, nil
}

// shelf is the clients as the pages offer them.
type shelf struct{ *release.Shelf }

func (s shelf) Clients() ([]invite.Client, error) {
	list, err := s.Shelf.Clients()
	out := make([]invite.Client, 0, len(list))
	for _, c := range list {
		out = append(out, invite.Client{Platform: c.Platform(), System: c.System, Arch: c.Arch, Size: c.Size})
	}
	return out, err
}

func (s shelf) Serve(w http.ResponseWriter, r *http.Request, platform, name string) error {
	c, err := s.Find(platform)
	if err != nil {
		return err
	}
	return s.Shelf.Serve(w, r, c, name)
}

func (s shelf) Extension(platform string) string {
	c, err := s.Find(platform)
	if err != nil {
		return ""
	}
	return c.Extension()
}
