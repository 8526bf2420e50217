// Package invite serves the pages for end-users: the one behind a personal link or a short link, the download page, and the client with
// the session's code in its file's name. They need no JavaScript. Asking for a page begins nothing: a session begins when the client
// redeems the code.
package invite

import (
	"bytes"
	"context"
	"embed"
	"fmt"
	"html/template"
	"log/slog"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"deskhand"
)

// Store knows the agents and their invites.
type Store interface {
	AgentByUserName(ctx context.Context, userName string) (deskhand.Agent, error)
	AgentByID(ctx context.Context, id string) (deskhand.Agent, error)
	// PutLink is the invite of an agent's link with this ticket and name; the same ones are the same invite.
	PutLink(ctx context.Context, actor deskhand.Actor, agentID, ticket, name string) (deskhand.Invite, error)
	// InviteByCode finds an invite that has not expired, else CodeNotFound.
	InviteByCode(ctx context.Context, code string) (deskhand.Invite, error)
	// UnattendedInvite finds an open link that adds a computer. CodeNotFound, CodeUsed, CodeRevoked, CodeExpired.
	UnattendedInvite(ctx context.Context, code string) (deskhand.UnattendedInvite, error)
	Branding(ctx context.Context) (deskhand.Branding, error)
}

// Shelf has the programs for end-users.
type Shelf interface {
	Clients() ([]Client, error)
	// Serve answers with a program under a name; CodeNotFound when there is none for the platform.
	Serve(w http.ResponseWriter, r *http.Request, platform, name string) error
	// Extension is what follows the name of a platform's download: ".exe" or ".tar.gz".
	Extension(platform string) string
}

// Config is what the pages stand on.
type Config struct {
	Store     Store
	Shelf     Shelf
	PublicURL *url.URL
	// Fingerprint is set for a self-signed certificate: deskhand.FingerprintLength hex digits of its SHA-256.
	Fingerprint string
	// PinnedKey is set with it: the base64 SHA-256 of its public key, for curl.
	PinnedKey string
	Address   func(*http.Request) string
	Log       *slog.Logger
}

// What one network may ask for.
const (
	visitsAtOnce       = 240
	visitsPerSecond    = 8
	downloadsAtOnce    = 60
	downloadsPerSecond = 1
)

// Pages serves them.
type Pages struct {
	Config
	words     *catalogues
	templates *template.Template
	css       template.CSS
	visits    *deskhand.Pace // by network: each page reads the database
	downloads *deskhand.Pace // by network: asking for one writes, and the program itself is large
}

//go:embed templates
var templateFiles embed.FS

// New prepares the pages. An error is a fault of this program.
func New(c Config) (*Pages, error) {
	words, err := loadCatalogues()
	if err != nil {
		return nil, err
	}
	templates, err := template.ParseFS(templateFiles, "templates/*.html")
	if err != nil {
		return nil, fmt.Errorf("reading the pages' templates: %w", err)
	}
	css, err := templateFiles.ReadFile("templates/page.css")
	if err != nil {
		return nil, fmt.Errorf("reading the pages' style: %w", err)
	}
	p := &Pages{Config: c, words: words, templates: templates, css: template.CSS(css), visits: deskhand.NewPace(visitsAtOnce, visitsPerSecond), downloads: deskhand.NewPace(downloadsAtOnce, downloadsPerSecond)}
	if _, err := p.fileName(deskhand.NoCode); err != nil {
		return nil, err
	}
	return p, nil
}

// Routes are the patterns of the pages with their handlers.
func (p *Pages) Routes() map[string]http.HandlerFunc {
	return map[string]http.HandlerFunc{
		"GET /join/{agent}":                p.paced(p.visits, p.join),
		"GET /join/{agent}/download":       p.paced(p.downloads, p.joinDownload),
		"POST /join/{agent}/download":      p.paced(p.downloads, p.joinDownload),
		"GET /s/{short}":                   p.paced(p.visits, p.short),
		"GET /s/{short}/download":          p.paced(p.downloads, p.shortDownload),
		"POST /s/{short}/download":         p.paced(p.downloads, p.shortDownload),
		"GET /unattended/{code}":           p.paced(p.visits, p.unattended),
		"GET /unattended/{code}/download":  p.paced(p.downloads, p.unattendedDownload),
		"POST /unattended/{code}/download": p.paced(p.downloads, p.unattendedDownload),
		"GET /download":                    p.paced(p.visits, p.plain),
		"GET /download/file":               p.paced(p.downloads, p.plainDownload),
		"POST /download/file":              p.paced(p.downloads, p.plainDownload),
		"GET /download/{platform}/{file}":  p.paced(p.downloads, p.file),
	}
}

// paced keeps a network from asking for a page too often.
func (p *Pages) paced(pace *deskhand.Pace, h http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if wait := pace.Take(deskhand.Network(p.Address(r))); wait > 0 {
			p.fault(w, r, deskhand.TooMany(wait))
			return
		}
		h(w, r)
	}
}

// join is the page behind an agent's personal link.
func (p *Pages) join(w http.ResponseWriter, r *http.Request) {
	agent, err := p.agent(r.Context(), r.PathValue("agent"))
	if err != nil {
		p.fault(w, r, err)
		return
	}
	ticket, name := claim(r.URL.Query())
	carried := url.Values{}
	for key, value := range map[string]string{"ticket": ticket, "name": name} {
		if value != "" {
			carried.Set(key, value)
		}
	}
	p.invitation(w, r, agent, ticket, name, "/join/"+agent.UserName, carried)
}

// short is the page behind a short link.
func (p *Pages) short(w http.ResponseWriter, r *http.Request) {
	i, agent, err := p.shortLink(r)
	if err != nil {
		p.fault(w, r, err)
		return
	}
	p.invitation(w, r, agent, i.Ticket, i.EndUserName, "/s/"+i.Code, nil)
}

func (p *Pages) invitation(w http.ResponseWriter, r *http.Request, agent deskhand.Agent, ticket, name, base string, carried url.Values) {
	v := p.page(r, "join")
	v.Agent = agent
	v.Ticket, v.EndUserName = ticket, name
	p.place(v, base, base+"/download", carried)
	v.Title = v.T("join.title", "Name", agent.Name)
	v.Role = v.role(agent.Title, v.Company)
	p.show(w, r, v, http.StatusOK)
}

// plain is the page for those who have a connection ID.
func (p *Pages) plain(w http.ResponseWriter, r *http.Request) {
	v := p.page(r, "download")
	p.place(v, "/download", "/download/file", nil)
	v.Title = v.T("plain.title")
	p.show(w, r, v, http.StatusOK)
}

func (p *Pages) joinDownload(w http.ResponseWriter, r *http.Request) {
	agent, err := p.agent(r.Context(), r.PathValue("agent"))
	if err != nil {
		p.fault(w, r, err)
		return
	}
	form, err := p.form(w, r)
	if err != nil {
		p.fault(w, r, err)
		return
	}
	ticket, name := claim(form)
	actor := deskhand.Actor{Name: "end-user", Address: p.Address(r)}
	i, err := p.Store.PutLink(r.Context(), actor, agent.ID, ticket, name)
	if err != nil {
		p.fault(w, r, err)
		return
	}
	p.sendTo(w, r, form, i.Code)
}

func (p *Pages) shortDownload(w http.ResponseWriter, r *http.Request) {
	i, _, err := p.shortLink(r)
	if err != nil {
		p.fault(w, r, err)
		return
	}
	form, err := p.form(w, r)
	if err != nil {
		p.fault(w, r, err)
		return
	}
	p.sendTo(w, r, form, i.Code)
}

func (p *Pages) plainDownload(w http.ResponseWriter, r *http.Request) {
	form, err := p.form(w, r)
	if err != nil {
		p.fault(w, r, err)
		return
	}
	p.sendTo(w, r, form, deskhand.NoCode)
}

// form is what a page's form, or the line for a terminal, sends.
func (p *Pages) form(w http.ResponseWriter, r *http.Request) (url.Values, error) {
	r.Body = http.MaxBytesReader(w, r.Body, 8<<10)
	if err := r.ParseForm(); err != nil {
		return nil, deskhand.Errorf(deskhand.CodeInvalid, "The form cannot be read.")
	}
	return r.Form, nil
}

// sendTo leads to the program whose name carries the code.
func (p *Pages) sendTo(w http.ResponseWriter, r *http.Request, form url.Values, code string) {
	platform := platformOf(form.Get("platform"))
	extension := p.Shelf.Extension(platform)
	if extension == "" {
		p.fault(w, r, deskhand.Errorf(deskhand.CodeNotFound, "There is no such system."))
		return
	}
	name, err := p.fileName(code)
	if err != nil {
		p.fault(w, r, err)
		return
	}
	w.Header().Set("Cache-Control", "no-store")
	http.Redirect(w, r, "/download/"+platform+"/"+name+extension, http.StatusSeeOther)
}

// file is the program itself. Its name comes back from the address, as it was made here: another host's is not served.
func (p *Pages) file(w http.ResponseWriter, r *http.Request) {
	platform := r.PathValue("platform")
	n, ok := deskhand.ParseClientName(r.PathValue("file"))
	name, err := p.fileName(n.Code)
	if !ok || err != nil || name+p.Shelf.Extension(platform) != r.PathValue("file") {
		p.fault(w, r, deskhand.Errorf(deskhand.CodeNotFound, "There is no such file."))
		return
	}
	if err := p.Shelf.Serve(w, r, platform, name); err != nil {
		p.fault(w, r, err)
	}
}

// fileName is the client's name for a code, with this server's address.
func (p *Pages) fileName(code string) (string, error) {
	port := 443
	if p.PublicURL.Scheme == "http" {
		port = 80
	}
	if s := p.PublicURL.Port(); s != "" {
		n, err := strconv.ParseUint(s, 10, 16)
		if err != nil {
			return "", fmt.Errorf("the public URL's port: %w", err)
		}
		port = int(n)
	}
	return deskhand.FormatClientName(deskhand.ClientName{
		Host: p.PublicURL.Hostname(), Port: uint16(port), Plain: p.PublicURL.Scheme == "http", Code: code, Fingerprint: p.Fingerprint,
	})
}

// PlainFile is the path of a platform's client without a session.
func (p *Pages) PlainFile(platform string) (string, error) {
	name, err := p.fileName(deskhand.NoCode)
	return "/download/" + platform + "/" + name + p.Shelf.Extension(platform), err
}

// agent finds who invites. One who is disabled, or whose role has no links, is not to be told from one who never was.
func (p *Pages) agent(ctx context.Context, userName string) (deskhand.Agent, error) {
	userName, err := deskhand.CheckUserName(userName)
	if err != nil {
		return deskhand.Agent{}, deskhand.Errorf(deskhand.CodeNotFound, "There is no such agent.")
	}
	a, err := p.Store.AgentByUserName(ctx, userName)
	switch {
	case err != nil:
	case a.Disabled:
		err = deskhand.Errorf(deskhand.CodeNotFound, "There is no such agent.")
	case !a.Can(deskhand.MayMakeLinks):
		err = errOff()
	}
	return a, err
}

// errOff is that the agent's role does not permit links any more.
func errOff() error { return deskhand.Errorf(deskhand.CodeForbidden, "This link is switched off.") }

// shortLink finds a short link. What is too short for one is not looked up, so that nobody guesses connection IDs here.
func (p *Pages) shortLink(r *http.Request) (deskhand.Invite, deskhand.Agent, error) {
	code := r.PathValue("short")
	gone := deskhand.Errorf(deskhand.CodeSessionOver, "This link has expired.")
	if len(code) < 20 || len(code) > 64 {
		return deskhand.Invite{}, deskhand.Agent{}, gone
	}
	i, err := p.Store.InviteByCode(r.Context(), code)
	if deskhand.CodeOf(err) == deskhand.CodeNotFound && err != nil || err == nil && i.Kind != deskhand.InviteShort {
		return i, deskhand.Agent{}, gone
	}
	if err != nil {
		return i, deskhand.Agent{}, err
	}
	a, err := p.Store.AgentByID(r.Context(), i.AgentID)
	switch {
	case err != nil:
	case a.Disabled:
		err = gone
	case !a.Can(deskhand.MayMakeLinks):
		err = errOff()
	}
	return i, a, err
}

// claim is what a link says about the end-user: nobody has checked it.
func claim(v url.Values) (ticket, name string) {
	return deskhand.CleanText(v.Get("ticket"), deskhand.MaxTicketLength), deskhand.CleanText(v.Get("name"), deskhand.MaxEndUserNameLength)
}

// fault shows what went wrong, on a page.
func (p *Pages) fault(w http.ResponseWriter, r *http.Request, err error) {
	notice, status := "failed", http.StatusInternalServerError
	switch deskhand.CodeOf(err) {
	case deskhand.CodeNotFound, deskhand.CodeAgentUnavailable, deskhand.CodeInvalid:
		notice, status = "unknown", http.StatusNotFound
	case deskhand.CodeSessionOver, deskhand.CodeExpired:
		notice, status = "expired", http.StatusNotFound
	case deskhand.CodeUsed:
		notice, status = "used", http.StatusNotFound
	case deskhand.CodeRevoked:
		notice, status = "revoked", http.StatusNotFound
	case deskhand.CodeForbidden:
		notice, status = "off", http.StatusForbidden
	case deskhand.CodeThrottled:
		notice, status = "paced", http.StatusTooManyRequests
		w.Header().Set("Retry-After", "60")
	case deskhand.CodeUnavailable:
		notice, status = "busy", http.StatusServiceUnavailable
		w.Header().Set("Retry-After", "10")
		p.Log.WarnContext(r.Context(), "serving a page", "err", err)
	default:
		p.Log.ErrorContext(r.Context(), "serving a page", "err", err)
	}
	v := p.page(r, "notice")
	v.Notice = notice
	v.Title = v.T(notice + ".heading")
	gone := status == http.StatusNotFound || status == http.StatusForbidden
	if gone && !strings.HasPrefix(r.URL.Path, "/unattended/") { // there a connection ID would not help
		v.IDPage = "/download" + v.chosen
	}
	if !gone {
		v.Retry = back(w, r)
	}
	p.show(w, r, v, status)
}

// back is the page to try again from: the one that was asked for, or the one whose form was sent.
func back(w http.ResponseWriter, r *http.Request) string {
	here := url.URL{Path: r.URL.Path, RawQuery: r.URL.RawQuery}
	if r.Method == http.MethodPost {
		r.Body = http.MaxBytesReader(w, r.Body, 8<<10)
		_ = r.ParseForm() // what cannot be read is not carried
		here.Path = here.Path[:strings.LastIndexByte(here.Path, '/')]
		query := r.URL.Query()
		for _, key := range []string{"ticket", "name"} {
			if value := r.PostForm.Get(key); value != "" {
				query.Set(key, value)
			}
		}
		here.RawQuery = query.Encode()
	}
	return here.String()
}

func (p *Pages) show(w http.ResponseWriter, r *http.Request, v *view, status int) {
	var b bytes.Buffer
	if err := p.templates.ExecuteTemplate(&b, "page", v); err != nil {
		p.Log.ErrorContext(r.Context(), "making a page", "err", err)
		http.Error(w, "Something went wrong on the server.", http.StatusInternalServerError)
		return
	}
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Content-Language", v.Lang)
	h.Set("Cache-Control", "no-store")
	h.Set("Vary", "Accept-Language, User-Agent, "+archHint)
	if v.Windows() { // the browser asks again with it, when it was not known to be wanted
		h.Set("Accept-CH", archHint)
		h.Set("Critical-CH", archHint)
	}
	h.Del("Content-Disposition")
	w.WriteHeader(status)
	if r.Method != http.MethodHead {
		_, _ = w.Write(b.Bytes()) // the other end is gone: nobody is left to tell
	}
}

// initials are at most two letters of a name.
func initials(name string) string {
	var out []rune
	for _, word := range strings.Fields(name) {
		out = append(out, []rune(strings.ToUpper(word))[0])
	}
	if len(out) > 2 {
		out = []rune{out[0], out[len(out)-1]}
	}
	return string(out)
}
