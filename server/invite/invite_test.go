package invite

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"golang.org/x/text/language"

	"deskhand"
)

const shortCode = "0123456789abcdefghjkmnpqrs"

// memory is a store with one agent, Rodney, and one short link.
type memory struct{ links int }

var rodney = deskhand.Agent{ID: "a1", UserName: "rodney", Name: "Rodney Müller-<b>", Title: "Support", Role: deskhand.RoleAgent, Permissions: deskhand.PermissionsOf(deskhand.MayMakeLinks, deskhand.MayAddComputers)}

func (m *memory) AgentByUserName(_ context.Context, name string) (deskhand.Agent, error) {
	switch name {
	case "rodney":
		return rodney, nil
	case "gone":
		return deskhand.Agent{UserName: "gone", Disabled: true}, nil
	case "off":
		return deskhand.Agent{ID: "a2", UserName: "off", Role: "trainee"}, nil
	case "busy":
		return deskhand.Agent{}, deskhand.Errorf(deskhand.CodeUnavailable, "The database is busy.")
	case "broken":
		return deskhand.Agent{}, errors.New("no disk")
	}
	return deskhand.Agent{}, deskhand.Errorf(deskhand.CodeNotFound, "no")
}

func (m *memory) AgentByID(context.Context, string) (deskhand.Agent, error) { return rodney, nil }

func (m *memory) PutLink(_ context.Context, _ deskhand.Actor, agentID, ticket, name string) (deskhand.Invite, error) {
	m.links++
	return deskhand.Invite{Code: "k3x9" + ticket, AgentID: agentID}, nil
}

func (m *memory) InviteByCode(_ context.Context, code string) (deskhand.Invite, error) {
	if code != shortCode {
		return deskhand.Invite{}, deskhand.Errorf(deskhand.CodeNotFound, "no")
	}
	return deskhand.Invite{Kind: deskhand.InviteShort, Code: code, AgentID: "a1", Ticket: "4711", EndUserName: "A. Martin"}, nil
}

// Codes of links that add a computer.
var (
	openCode = "u" + strings.Repeat("k3x9", 6) + "ab"
	ownCode  = "u" + strings.Repeat("k3x9", 6) + "cd"
	usedCode = "u" + strings.Repeat("k3x9", 6) + "ef"
	backCode = "u" + strings.Repeat("k3x9", 6) + "gh"
	lateCode = "u" + strings.Repeat("k3x9", 6) + "jk"
)

func (m *memory) UnattendedInvite(_ context.Context, code string) (deskhand.UnattendedInvite, error) {
	i := deskhand.UnattendedInvite{Kind: deskhand.UnattendedEndUser, AgentID: "a1"}
	switch code {
	case openCode:
		return i, nil
	case ownCode:
		i.Kind = deskhand.UnattendedOwn
		return i, nil
	case usedCode:
		return i, deskhand.Errorf(deskhand.CodeUsed, "used")
	case backCode:
		return i, deskhand.Errorf(deskhand.CodeRevoked, "taken back")
	case lateCode:
		return i, deskhand.Errorf(deskhand.CodeExpired, "expired")
	}
	return i, deskhand.Errorf(deskhand.CodeNotFound, "no")
}

func (m *memory) Branding(context.Context) (deskhand.Branding, error) {
	return deskhand.Branding{
		Company: "Miller & Sons", Color: "#ffcc00", ConsentWords: "We never ask for <passwords>.", Logo: strings.Repeat("ab", 32),
	}, nil
}

type fakeShelf []Client

func (s fakeShelf) Clients() ([]Client, error) { return s, nil }

func (s fakeShelf) Serve(w http.ResponseWriter, _ *http.Request, platform, name string) error {
	_, err := io.WriteString(w, platform+" "+name)
	return err
}

func (s fakeShelf) Extension(platform string) string {
	for _, c := range s {
		if c.Platform == platform {
			return map[string]string{"windows": ".exe"}[c.System] + map[string]string{"linux": ".tar.gz", "macos": ".tar.gz"}[c.System]
		}
	}
	return ""
}

var allClients = fakeShelf{
	{"windows-amd64", "windows", "amd64", 8_400_000},
	{"macos-arm64", "macos", "arm64", 9e6},
	{"linux-amd64", "linux", "amd64", 8e6},
	{"linux-arm64", "linux", "arm64", 7e6},
}

const (
	onWindows = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36"
	onLinux   = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
	onPhone   = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 Mobile/15E148 Safari/604.1"
	onMac     = "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 Safari/605.1.15"
)

type site struct {
	*http.ServeMux
	store *memory
	log   *bytes.Buffer
}

func newSite(t *testing.T, public string, shelf Shelf) *site {
	t.Helper()
	u, err := url.Parse(public)
	if err != nil {
		t.Fatal(err)
	}
	s := &site{http.NewServeMux(), &memory{}, &bytes.Buffer{}}
	p, err := New(Config{
		Store: s.store, Shelf: shelf, PublicURL: u, Address: func(*http.Request) string { return "192.0.2.1" },
		Log: slog.New(slog.NewTextHandler(s.log, nil)),
	})
	if err != nil {
		t.Fatal(err)
	}
	for pattern, h := range p.Routes() {
		s.HandleFunc(pattern, h)
	}
	t.Cleanup(func() {
		if s.log.Len() > 0 {
			t.Errorf("logged: %s", s.log)
		}
	})
	return s
}

func (s *site) get(t *testing.T, path, userAgent, languages string) (int, string) {
	t.Helper()
	r := httptest.NewRequest(http.MethodGet, path, nil)
	r.Header.Set("User-Agent", userAgent)
	r.Header.Set("Accept-Language", languages)
	w := httptest.NewRecorder()
	s.ServeHTTP(w, r)
	return w.Code, w.Body.String()
}

func TestJoinPageSaysWhoInvites(t *testing.T) {
	s := newSite(t, "https://help.example.com", allClients)
	status, body := s.get(t, "/join/Rodney?ticket=4711&name=A.+Martin", onWindows, "en")
	if status != http.StatusOK {
		t.Fatalf("status %d", status)
	}
	for _, want := range []string{
		"Rodney Müller-&lt;b&gt; would like to help you", "Support at Miller &amp; Sons", "4711", "A. Martin", "These details come from the link.",
		"Download for Windows", "8.4 MB", `value="windows-amd64"`, `value="linux-amd64"`, `action="/join/rodney/download"`, "Do you know who is asking?",
		"You are at help.example.com",
	} {
		if !strings.Contains(body, want) {
			t.Errorf("the page lacks %q", want)
		}
	}
	if strings.Contains(body, "<script") || strings.Contains(body, "<b>") {
		t.Error("the page has a script, or the name was not escaped")
	}
	if s.store.links != 0 {
		t.Error("asking for the page made an invite")
	}
}

func TestPagesSpeakTheReadersLanguage(t *testing.T) {
	s := newSite(t, "https://help.example.com", allClients)
	for accept, want := range map[string]string{
		"de-CH,de;q=0.9,en;q=0.8": "möchte Ihnen helfen", "fr": "souhaite vous aider", "es-MX": "quiere ayudarle", "it": "vuole aiutarla",
		"pt-PT": "quer ajudar", "ja, nl;q=0.5": "would like to help you", "": "would like to help you", "%%%": "would like to help you",
	} {
		if _, body := s.get(t, "/join/rodney", onWindows, accept); !strings.Contains(body, want) {
			t.Errorf("Accept-Language %q: no %q", accept, want)
		}
	}
	if _, body := s.get(t, "/join/rodney?lang=fr", onWindows, "de"); !strings.Contains(body, `lang="fr"`) || !strings.Contains(body, "8,4 Mo") {
		t.Error("?lang=fr is not French, or does not write numbers as French does")
	}
}

func TestPageFollowsTheSystem(t *testing.T) {
	s := newSite(t, "https://help.example.com", allClients)
	_, linux := s.get(t, "/join/rodney?ticket=$(id)%22%60", onLinux, "en")
	if !strings.Contains(linux, "Download for Linux") {
		t.Error("Linux: another button")
	}
	if want := `f=$(curl -fsSL &#34;https://help.example.com/join/rodney/download?platform=linux-$(uname -m)&amp;ticket=%24%28id%29%22%60&#34; | tar xzv) &amp;&amp; ./&#34;$f&#34;`; !strings.Contains(linux, want) {
		t.Errorf("Linux: the terminal's line is not %s", want)
	}
	_, mac := s.get(t, "/join/rodney", onMac, "en")
	if !strings.Contains(mac, "Download for macOS") || strings.Contains(mac, "curl") {
		t.Error("macOS: another button, or a line for a terminal")
	}
	_, phone := s.get(t, "/join/rodney?ticket=4711", onPhone, "en")
	if strings.Contains(phone, "<button") || !strings.Contains(strings.ReplaceAll(phone, "<wbr>", ""), "https://help.example.com/join/rodney?ticket=4711") {
		t.Error("phone: a download is offered, or the address is missing")
	}
	empty := newSite(t, "https://help.example.com", fakeShelf{})
	for _, path := range []string{"/download", "/join/rodney"} {
		if status, body := empty.get(t, path, onWindows, "en"); status != 200 || !strings.Contains(body, "not available on this server yet") {
			t.Errorf("%s without clients: status %d", path, status)
		}
	}
}

func TestUnknownLeadsToAFriendlyPage(t *testing.T) {
	s := newSite(t, "https://help.example.com", allClients)
	_, unknown := s.get(t, "/join/nobody", onWindows, "en")
	for _, path := range []string{"/join/nobody", "/join/gone", "/join/%00", "/join/" + strings.Repeat("x", 300), "/join/nobody/download?platform=linux-amd64"} {
		if status, body := s.get(t, path, onWindows, "en"); status != http.StatusNotFound || !strings.Contains(body, "This link leads nowhere") {
			t.Errorf("%s: status %d", path, status)
		}
	}
	if _, gone := s.get(t, "/join/gone", onWindows, "en"); gone != unknown {
		t.Error("a disabled agent's page differs from an unknown one's")
	}
	for _, path := range []string{"/s/123456", "/s/" + strings.Repeat("0", 26)} {
		if status, body := s.get(t, path, onWindows, "en"); status != http.StatusNotFound || !strings.Contains(body, "has expired") {
			t.Errorf("%s: status %d", path, status)
		}
	}
}

// follow asks for a download and follows the redirect.
func (s *site) follow(t *testing.T, method, path, form string) (location, body string) {
	t.Helper()
	r := httptest.NewRequest(method, path, strings.NewReader(form))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	w := httptest.NewRecorder()
	s.ServeHTTP(w, r)
	location = w.Header().Get("Location")
	if w.Code != http.StatusSeeOther {
		t.Fatalf("%s %s: status %d %s", method, path, w.Code, w.Body)
	}
	_, body = s.get(t, location, "", "")
	return location, body
}

func TestDownloadCarriesTheSession(t *testing.T) {
	s := newSite(t, "http://127.0.0.1:8080", allClients)
	location, body := s.follow(t, http.MethodPost, "/join/rodney/download", "platform=windows-amd64&ticket=4711&name=A")
	if location != "/download/windows-amd64/RemoteSupport_127.0.0.1_h8080_k3x94711.exe" || body != "windows-amd64 RemoteSupport_127.0.0.1_h8080_k3x94711" {
		t.Errorf("personal link: %q %q", location, body)
	}
	location, _ = s.follow(t, http.MethodGet, "/join/rodney/download?platform=linux-x86_64", "")
	if location != "/download/linux-amd64/RemoteSupport_127.0.0.1_h8080_k3x9.tar.gz" {
		t.Errorf("terminal's line: %q", location)
	}
	location, _ = s.follow(t, http.MethodPost, "/s/"+shortCode+"/download", "platform=linux-aarch64")
	if location != "/download/linux-arm64/RemoteSupport_127.0.0.1_h8080_"+shortCode+".tar.gz" {
		t.Errorf("short link: %q", location)
	}
	location, _ = s.follow(t, http.MethodPost, "/download/file", "platform=windows-amd64")
	if n, ok := deskhand.ParseClientName(location[strings.LastIndex(location, "/")+1:]); !ok || n.Code != deskhand.NoCode || n.Host != "127.0.0.1" || n.Port != 8080 || !n.Plain {
		t.Errorf("plain client: %q", location)
	}
}

func TestFileTakesOnlyNamesOfThisServer(t *testing.T) {
	s := newSite(t, "https://help.example.com", allClients)
	for _, path := range []string{
		"/download/windows-amd64/RemoteSupport_evil.example_443_x.exe", "/download/windows-amd64/RemoteSupport_help.example.com_8443_x.exe",
		"/download/windows-amd64/evil.exe", "/download/windows-amd64/RemoteSupport_help.example.com_443_x.tar.gz",
		"/download/plan9-amd64/RemoteSupport_help.example.com_443_x.exe", "/download/windows-amd64/RemoteSupport_help.example.com_443_x%0d%0a.exe",
		"/download/..%2fwindows-amd64/RemoteSupport_help.example.com_443_x.exe", "/download/windows-amd64/x_RemoteSupport_help.example.com_443_x.exe",
	} {
		if status, _ := s.get(t, path, "", "en"); status != http.StatusNotFound {
			t.Errorf("%s: status %d", path, status)
		}
	}
	if status, body := s.get(t, "/download/windows-amd64/RemoteSupport_help.example.com_443_x.exe", "", ""); status != 200 {
		t.Errorf("our own name: %d %s", status, body)
	}
}

// An agent who may not make links has none: neither the page nor the download opens, and the page says that it is off.
func TestLinksWithoutThePermissionAreOff(t *testing.T) {
	s := newSite(t, "https://help.example.com", allClients)
	for _, path := range []string{"/join/off", "/join/off?ticket=4711", "/join/off/download?platform=linux-amd64"} {
		if status, body := s.get(t, path, onWindows, "en"); status != http.StatusForbidden || !strings.Contains(body, "This link is switched off") {
			t.Errorf("%s: %d %s", path, status, body)
		}
	}
	if s.store.links != 0 {
		t.Error("a link was made")
	}
}

func TestVisitsArePaced(t *testing.T) {
	s := newSite(t, "https://help.example.com", allClients)
	for i := range visitsAtOnce {
		if status, _ := s.get(t, "/join/rodney", "", "en"); status != http.StatusOK {
			t.Fatalf("visit %d: %d", i, status)
		}
	}
	for range visitsAtOnce { // some are allowed again meanwhile
		if status, body := s.get(t, "/download", "", "en"); status == http.StatusTooManyRequests && strings.Contains(body, "Too many requests") {
			return
		}
	}
	t.Error("one may ask without end")
}

func TestDownloadsArePaced(t *testing.T) {
	s := newSite(t, "https://help.example.com", allClients)
	last := 0
	for range downloadsAtOnce + 1 {
		last, _ = s.get(t, "/join/rodney/download?platform=linux-amd64", "", "en")
	}
	if last != http.StatusTooManyRequests || s.store.links != downloadsAtOnce {
		t.Fatalf("status %d after %d links", last, s.store.links)
	}
}

// Every catalogue has the same messages with the same values, and the templates use no other.
func TestCataloguesAreComplete(t *testing.T) {
	read := func(tag language.Tag) map[string]string {
		b, err := localeFiles.ReadFile("locales/" + tag.String() + ".json")
		if err != nil {
			t.Fatal(err)
		}
		var m map[string]string
		if err := json.Unmarshal(b, &m); err != nil {
			t.Fatal(err)
		}
		return m
	}
	value := regexp.MustCompile(`\{\{\.(\w+)\}\}`)
	values := func(s string) string {
		out := map[string]bool{}
		for _, m := range value.FindAllStringSubmatch(s, -1) {
			out[m[1]] = true
		}
		b, _ := json.Marshal(out)
		return string(b)
	}
	english := read(language.English)
	for _, tag := range languages {
		m := read(tag)
		for id, text := range english {
			if m[id] == "" || values(m[id]) != values(text) {
				t.Errorf("%s: message %s is missing or has other values", tag, id)
			}
		}
		if len(m) != len(english) {
			t.Errorf("%s has %d messages, English %d", tag, len(m), len(english))
		}
	}
	b, err := templateFiles.ReadFile("templates/page.html")
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range regexp.MustCompile(`T "([a-z.]+)"`).FindAllStringSubmatch(string(b), -1) {
		if english[m[1]] == "" {
			t.Errorf("the template uses %s, which no catalogue has", m[1])
		}
	}
}

func FuzzJoinParameters(f *testing.F) {
	f.Add("rodney", "4711", "A. Martin", "de")
	f.Add("../x", "\x00\u202e", `"><script>`, "%%")
	u, _ := url.Parse("https://help.example.com")
	p, err := New(Config{Store: &memory{}, Shelf: allClients, PublicURL: u, Address: func(*http.Request) string { return "" }, Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, agent, ticket, name, lang string) {
		r := httptest.NewRequest(http.MethodGet, "/join/x?"+url.Values{"ticket": {ticket}, "name": {name}, "lang": {lang}}.Encode(), nil)
		r.SetPathValue("agent", agent)
		r.Header.Set("User-Agent", onLinux)
		w := httptest.NewRecorder()
		p.join(w, r)
		body := w.Body.String()
		if w.Code != http.StatusOK && w.Code != http.StatusNotFound || strings.Contains(body, "<script") || strings.ContainsAny(body, "\x00\u202e") {
			t.Fatalf("status %d, body %q", w.Code, body)
		}
		if i := strings.Index(body, "<pre"); i >= 0 {
			line := body[i : i+strings.Index(body[i:], "</pre>")]
			if strings.Count(line, "$") != 3 || strings.ContainsAny(line, "`\n\\") {
				t.Fatalf("the terminal's line says more than it should: %s", line)
			}
		}
	})
}

// The page that adds a computer says who asks and what it means, in one button; each way in which its link is over has words of its own.
func TestUnattendedPage(t *testing.T) {
	s := newSite(t, "https://help.example.com", allClients)
	status, body := s.get(t, "/unattended/"+openCode, onLinux, "en")
	if status != http.StatusOK {
		t.Fatalf("status %d", status)
	}
	for _, want := range []string{
		"Rodney Müller-&lt;b&gt; asks to reach this computer at any time", "Support at Miller &amp; Sons", "also when nobody is there", "<span>Allow</span>", `value="linux-amd64"`,
		`action="/unattended/` + openCode + `/download"`, "Do you know who is asking?",
		"f=$(curl -fsSL &#34;https://help.example.com/unattended/" + openCode + "/download?platform=linux-$(uname -m)&#34; | tar xzv) &amp;&amp; ./&#34;$f&#34;",
	} {
		if !strings.Contains(body, want) {
			t.Errorf("the page lacks %q", want)
		}
	}
	if n := strings.Count(body, `class="big"`); n != 1 {
		t.Errorf("%d large buttons", n)
	}
	for code, want := range map[string]string{
		usedCode: "This link was used already", backCode: "This link was taken back", lateCode: "This link has expired", "u123": "This link leads nowhere",
	} {
		for _, path := range []string{"/unattended/" + code, "/unattended/" + code + "/download?platform=linux-amd64"} {
			if status, body := s.get(t, path, onLinux, "en"); status != http.StatusNotFound || !strings.Contains(body, want) || strings.Contains(body, "I have a connection ID") {
				t.Errorf("%s: status %d, no %q", path, status, want)
			}
		}
	}
	location, _ := s.follow(t, http.MethodPost, "/unattended/"+openCode+"/download", "platform=windows-amd64")
	if want := "/download/windows-amd64/RemoteSupport_help.example.com_443_" + openCode + ".exe"; location != want {
		t.Errorf("the download is at %s", location)
	}
	r := httptest.NewRequest(http.MethodGet, "/unattended/"+ownCode+"/download", nil)
	r.Header.Set("User-Agent", onLinux)
	w := httptest.NewRecorder()
	s.ServeHTTP(w, r)
	if got := w.Header().Get("Location"); got != "/download/linux-amd64/RemoteSupport_help.example.com_443_"+ownCode+".tar.gz" {
		t.Errorf("without a platform the browser's is taken, got %s", got)
	}
}

// Browsers on Windows say which processor they run on only when they are asked to.
func TestWindowsOnARM(t *testing.T) {
	shelf := append(fakeShelf{{"windows-arm64", "windows", "arm64", 8e6}}, allClients...)
	s := newSite(t, "https://help.example.com", shelf)
	for hint, want := range map[string]string{"": "windows-amd64", `"x86"`: "windows-amd64", `"arm"`: "windows-arm64"} {
		r := httptest.NewRequest(http.MethodGet, "/join/rodney", nil)
		r.Header.Set("User-Agent", onWindows)
		r.Header.Set("Sec-CH-UA-Arch", hint)
		w := httptest.NewRecorder()
		s.ServeHTTP(w, r)
		if !strings.Contains(w.Body.String(), `<button class="big" name="platform" value="`+want+`"`) {
			t.Errorf("hint %q does not lead to %s", hint, want)
		}
		if w.Header().Get("Accept-CH") != "Sec-CH-UA-Arch" || !strings.Contains(w.Header().Get("Vary"), "Sec-CH-UA-Arch") {
			t.Errorf("headers %v", w.Header())
		}
		if !strings.Contains(w.Body.String(), "Run anyway") {
			t.Error("it does not say what Windows may warn of")
		}
	}
}
