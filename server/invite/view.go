package invite

import (
	"html/template"
	"net/http"
	"net/url"
	"strings"

	"golang.org/x/text/language"

	"deskhand"
)

// view is what a page's template shows.
type view struct {
	Kind      string // "join", "download", "unattended" or "notice"
	Lang      string
	Dir       string // in which its language is written: "ltr" or "rtl"
	Title     string
	CSS       template.CSS
	Company   string
	Logo      string       // path; empty: none
	Colors    template.CSS // the operator's, after the product's own
	Consent   string       // words of the consent
	Host      string
	Languages []languageLink

	Agent               deskhand.Agent
	Role                string
	Ticket, EndUserName string
	Own                 bool   // the computer is the agent's own
	Notice              string // which one
	Retry               string // where to try again; empty: it would not help
	IDPage              string // for who has a connection ID; empty: that would not help

	System   string // what the browser runs on
	Action   string // of the form
	Main     *offer // nil: none for the system
	Others   []offer
	Terminal string // a line to copy; empty: none
	Address  string // of this page, to type elsewhere

	chosen string // the query that keeps the language, when the reader chose one
	words  words
	log    func(error)
}

type languageLink struct {
	Tag, Name, Link string
	Current         bool
}

// T is a message in the page's language, for the template.
func (v *view) T(id string, values ...string) string {
	s, err := v.words.say(id, values...)
	if err != nil {
		v.log(err) // a test knows every id
	}
	return s
}

// Initials stand for the agent's picture.
func (v *view) Initials() string { return initials(v.Agent.Name) }

// Phone reports whether the page is opened where no client runs.
func (v *view) Phone() bool { return v.System == systemPhone }

// Windows reports whether the page is opened where a download may be warned of.
func (v *view) Windows() bool { return v.System == systemWindows }

// AddressParts is the page's address in pieces between which a line may break.
func (v *view) AddressParts() []string {
	return strings.FieldsFunc(strings.NewReplacer("/", "/\n", "?", "\n?", "&", "\n&").Replace(v.Address), func(r rune) bool { return r == '\n' })
}

// MailTo is an address that starts a mail with the page's address.
func (v *view) MailTo() string {
	escape := func(s string) string { return strings.ReplaceAll(url.QueryEscape(s), "+", "%20") }
	return "mailto:?subject=" + escape(v.Title) + "&body=" + escape(v.Address)
}

// role joins an agent's title and company.
func (v *view) role(title, company string) string {
	if title != "" && company != "" {
		return v.T("role.both", "Title", title, "Company", company)
	}
	return title + company
}

// page begins a page in the language of the request.
func (p *Pages) page(r *http.Request, kind string) *view {
	tag := p.words.choose(r.URL.Query(), r.Header.Get("Accept-Language"))
	v := &view{
		Kind: kind, Lang: tag.String(), Dir: direction(tag), CSS: p.css, Host: p.PublicURL.Host, words: p.words.in(tag),
		log: func(err error) { p.Log.ErrorContext(r.Context(), "a page's words", "err", err) },
	}
	if r.URL.Query().Get("lang") != "" {
		v.chosen = "?lang=" + v.Lang
	}
	b, err := p.Store.Branding(r.Context())
	if err != nil {
		p.Log.ErrorContext(r.Context(), "reading the branding", "err", err)
	}
	v.Company, v.Consent, v.Colors = b.Company, b.ConsentWords, colors(b.Color)
	if b.Logo != "" {
		v.Logo = "/api/welcome/logo.png?v=" + b.Logo[:16]
	}
	v.Languages = p.languageLinks(r, tag)

	clients, err := p.Shelf.Clients()
	if err != nil {
		p.Log.ErrorContext(r.Context(), "reading the clients", "err", err)
	}
	var arch string
	v.System, arch = systemOf(r)
	v.Main, v.Others = offers(clients, v.System, arch, tag)
	return v
}

// place says where the page is and where its form leads; query is what the link carries. Both paths are ours, not the request's.
func (p *Pages) place(v *view, path, action string, query url.Values) {
	here := *p.PublicURL
	here.Path, here.RawQuery = path, query.Encode()
	v.Address, v.Action = here.String(), action+v.chosen
	if v.System == systemLinux && v.Main != nil {
		v.Terminal = p.terminal(action, query)
	}
}

// languageLinks lead to the same page in the other languages.
func (p *Pages) languageLinks(r *http.Request, current language.Tag) []languageLink {
	links := make([]languageLink, 0, len(languages))
	for _, tag := range languages {
		query := r.URL.Query()
		query.Set("lang", tag.String())
		links = append(links, languageLink{
			Tag: tag.String(), Name: p.words.names[tag], Link: "?" + query.Encode(), Current: tag == current,
		})
	}
	return links
}

// terminal is a line that fetches the client for this page's session and starts it. What the link claims is percent-encoded, so that
// nothing in it means anything to a shell.
func (p *Pages) terminal(action string, query url.Values) string {
	address := p.PublicURL.Scheme + "://" + p.PublicURL.Host + action + "?platform=linux-$(uname -m)"
	if len(query) > 0 {
		address += "&" + query.Encode()
	}
	options := "-fsSL"
	if p.PinnedKey != "" {
		options += `k --pinnedpubkey "sha256//` + p.PinnedKey + `"`
	}
	return `f=$(curl ` + options + ` "` + address + `" | tar xzv) && ./"$f"`
}
