package invite

import (
	"encoding/json"
	"maps"
	"net/http"
	"net/http/httptest"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/html"
	"golang.org/x/text/language"
)

// everyPage is one address for each thing that the templates can show.
var everyPage = []struct {
	name, path, userAgent string
	shelf                 fakeShelf
	status                int
}{
	{"link on Windows", "/join/rodney?ticket=4711&name=A.+Martin", onWindows, allClients, http.StatusOK},
	{"link on Linux", "/join/rodney", onLinux, allClients, http.StatusOK},
	{"link on a Mac", "/join/rodney?ticket=4711", onMac, allClients, http.StatusOK},
	{"link on a phone", "/join/rodney?ticket=4711", onPhone, allClients, http.StatusOK},
	{"link on what we have nothing for", "/join/rodney", "Mozilla/5.0 (Haiku)", allClients, http.StatusOK},
	{"link without clients", "/join/rodney", onWindows, nil, http.StatusOK},
	{"short link", "/s/" + shortCode, onWindows, allClients, http.StatusOK},
	{"connection ID on Windows", "/download", onWindows, allClients, http.StatusOK},
	{"connection ID on Linux", "/download", onLinux, allClients, http.StatusOK},
	{"connection ID on a Mac", "/download", onMac, allClients, http.StatusOK},
	{"connection ID on a phone", "/download", onPhone, allClients, http.StatusOK},
	{"connection ID without clients", "/download", onWindows, nil, http.StatusOK},
	{"link that adds a computer", "/unattended/" + openCode, onWindows, allClients, http.StatusOK},
	{"link that adds a computer, on Linux", "/unattended/" + openCode, onLinux, allClients, http.StatusOK},
	{"link that adds a computer, on a phone", "/unattended/" + openCode, onPhone, allClients, http.StatusOK},
	{"link that adds one's own computer", "/unattended/" + ownCode, onLinux, allClients, http.StatusOK},
	{"link that added a computer", "/unattended/" + usedCode, onWindows, allClients, http.StatusNotFound},
	{"link that was taken back", "/unattended/" + backCode, onWindows, allClients, http.StatusNotFound},
	{"link that adds a computer no more", "/unattended/" + lateCode, onWindows, allClients, http.StatusNotFound},
	{"unknown link to add a computer", "/unattended/u123", onWindows, allClients, http.StatusNotFound},
	{"unknown agent", "/join/nobody", onWindows, allClients, http.StatusNotFound},
	{"unknown system", "/join/rodney/download?platform=plan9", onWindows, allClients, http.StatusNotFound},
	{"expired short link", "/s/" + strings.Repeat("0", 26), onWindows, allClients, http.StatusNotFound},
	{"link that is off", "/join/off", onWindows, allClients, http.StatusForbidden},
	{"busy server", "/join/busy", onWindows, allClients, http.StatusServiceUnavailable},
	{"broken server", "/join/broken", onWindows, allClients, http.StatusInternalServerError},
	{"too many downloads", "/download/file?platform=linux-amd64", onWindows, allClients, http.StatusTooManyRequests},
}

// The end-user meets the program under the name that its page gave it.
func TestPagesNameTheClient(t *testing.T) {
	for _, tag := range languages {
		names := [2]string{}
		for i, file := range []struct{ path, key string }{{"locales/", "product"}, {"../../client/locales/", "app.name"}} {
			text, err := os.ReadFile(file.path + tag.String() + ".json")
			if err != nil {
				t.Fatal(err)
			}
			words := map[string]any{}
			if err := json.Unmarshal(text, &words); err != nil {
				t.Fatal(err)
			}
			names[i], _ = words[file.key].(string)
		}
		if names[0] == "" || !strings.EqualFold(names[0], names[1]) {
			t.Errorf("%s: the pages call it %q, the client calls itself %q", tag, names[0], names[1])
		}
	}
}

// Every page speaks one language alone, says which, and is light: nothing on it comes from elsewhere.
func TestEveryPageInEveryLanguage(t *testing.T) {
	for _, page := range everyPage {
		s := newSite(t, "https://help.example.com", page.shelf)
		for _, tag := range languages {
			t.Run(page.name+" "+tag.String(), func(t *testing.T) {
				r := httptest.NewRequest(http.MethodGet, page.path, nil)
				r.Header.Set("User-Agent", page.userAgent)
				r.Header.Set("Accept-Language", tag.String())
				w := httptest.NewRecorder()
				s.ServeHTTP(w, r)
				for n := 0; page.status == http.StatusTooManyRequests && w.Code != page.status && n < 10*downloadsAtOnce; n++ {
					w = httptest.NewRecorder()
					s.ServeHTTP(w, r)
				}
				if w.Code != page.status || w.Header().Get("Content-Language") != tag.String() {
					t.Errorf("status %d, language %q", w.Code, w.Header().Get("Content-Language"))
				}
				if size := w.Body.Len(); size > 30_000 {
					t.Errorf("%d bytes", size)
				}
				root, err := html.Parse(w.Body)
				if err != nil {
					t.Fatal(err)
				}
				read(t, root, tag)
			})
		}
		if strings.Contains(s.log.String(), "words") {
			t.Error(s.log)
		}
		s.log.Reset() // a busy and a broken server say so
	}
}

// read checks what a page says and where it gets things from.
func read(t *testing.T, root *html.Node, tag language.Tag) {
	t.Helper()
	known := sentences(t, tag)
	check := func(what, text string) {
		if text = strings.TrimSpace(text); text != "" && !slices.ContainsFunc(known, func(p *regexp.Regexp) bool { return p.MatchString(text) }) {
			t.Errorf("%s says %q, which is not in its language", what, text)
		}
	}
	for n := range root.Descendants() {
		attributes := map[string]string{}
		for _, a := range n.Attr {
			attributes[a.Key] = a.Val
		}
		switch {
		case n.Type == html.ElementNode && n.Data == "html" && (attributes["lang"] != tag.String() || attributes["dir"] != "ltr"):
			t.Errorf("<html> has %v", attributes)
		case n.Type == html.ElementNode && slices.Contains([]string{"script", "iframe", "object", "embed"}, n.Data):
			t.Errorf("the page has <%s>", n.Data)
		case n.Type == html.ElementNode:
			for _, key := range []string{"aria-label", "alt", "title", "placeholder"} {
				check(n.Data+" "+key, attributes[key])
			}
			for _, key := range []string{"src", "href", "action"} {
				if v := attributes[key]; strings.Contains(v, "//") {
					t.Errorf("<%s> leads to another server: %s", n.Data, v)
				}
			}
		case n.Type == html.TextNode && !slices.Contains([]string{"style", "pre"}, n.Parent.Data) && !isAddress(n.Parent):
			check("<"+n.Parent.Data+">", n.Data)
		}
	}
}

func isAddress(n *html.Node) bool {
	return slices.ContainsFunc(n.Attr, func(a html.Attribute) bool { return a.Key == "class" && a.Val == "address" })
}

// sentences are what a page in a language may say: its messages with anything as their values, and what is the same in all languages.
func sentences(t *testing.T, tag language.Tag) []*regexp.Regexp {
	t.Helper()
	messages := catalogue(t, tag)
	role := strings.NewReplacer("{{.Title}}", rodney.Title, "{{.Company}}", "Miller & Sons").Replace(messages["role.both"])
	delete(messages, "role.both") // its values alone would fit everything
	value := regexp.MustCompile(`\\\{\\\{\\\.\w+\\\}\\\}`)
	var known []*regexp.Regexp
	for text := range maps.Values(messages) {
		known = append(known, regexp.MustCompile("^"+value.ReplaceAllString(regexp.QuoteMeta(text), ".+")+"$"))
	}
	data := []string{role, "Miller & Sons", "We never ask for <passwords>.", "4711", "A. Martin", "RM", "123 45"}
	data = slices.AppendSeq(data, maps.Values(names))
	for _, other := range languages {
		data = append(data, catalogue(t, other)["language"])
	}
	for _, text := range data {
		known = append(known, regexp.MustCompile("^"+regexp.QuoteMeta(text)+"$"))
	}
	return known
}

func catalogue(t *testing.T, tag language.Tag) map[string]string {
	t.Helper()
	b, err := localeFiles.ReadFile("locales/" + tag.String() + ".json")
	if err != nil {
		t.Fatal(err)
	}
	var messages map[string]string
	if err := json.Unmarshal(b, &messages); err != nil {
		t.Fatal(err)
	}
	return messages
}

func TestNothingIsLeftInEnglish(t *testing.T) {
	same := []string{"de claim.ticket", "fr claim.ticket", "it claim.ticket"}
	english := catalogue(t, language.English)
	for _, tag := range languages[1:] {
		for id, text := range catalogue(t, tag) {
			if text == english[id] && !slices.Contains(same, tag.String()+" "+id) {
				t.Errorf("%s: %s is English: %q", tag, id, text)
			}
		}
	}
}

func TestFaultsSayWhereToGoOn(t *testing.T) {
	s := newSite(t, "https://help.example.com", allClients)
	for path, want := range map[string]string{
		"/join/nobody":              `href="/download"`,
		"/join/nobody?lang=de":      `href="/download?lang=de"`,
		"/s/123456":                 `href="/download"`,
		"/join/busy?ticket=4711":    `href="/join/busy?ticket=4711"`,
		"/join/broken?name=A+%22+B": `href="/join/broken?name=A&#43;%22&#43;B"`,
	} {
		if _, body := s.get(t, path, onWindows, "en"); !strings.Contains(body, want) {
			t.Errorf("%s: no %s in %s", path, want, body[strings.Index(body, "<main"):])
		}
	}
	s.log.Reset()

	form := func() *httptest.ResponseRecorder {
		r := httptest.NewRequest(http.MethodPost, "/join/rodney/download?lang=fr", strings.NewReader("platform=linux-amd64&ticket=4711&name=A.+B"))
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		w := httptest.NewRecorder()
		s.ServeHTTP(w, r)
		return w
	}
	w := form()
	for n := 0; w.Code == http.StatusSeeOther && n < 10*downloadsAtOnce; n++ {
		w = form()
	}
	if want := `href="/join/rodney?lang=fr&amp;name=A.&#43;B&amp;ticket=4711"`; w.Code != http.StatusTooManyRequests || !strings.Contains(w.Body.String(), want) {
		t.Errorf("status %d, no %s in %s", w.Code, want, w.Body)
	}
}

// Who chose a language keeps it when the form is sent.
func TestChosenLanguageStays(t *testing.T) {
	s := newSite(t, "https://help.example.com", allClients)
	if _, body := s.get(t, "/join/rodney?lang=fr", onWindows, "de"); !strings.Contains(body, `action="/join/rodney/download?lang=fr"`) {
		t.Error("the form forgets the language")
	}
}

func TestDirection(t *testing.T) {
	for tag, want := range map[string]string{"en": "ltr", "de-CH": "ltr", "ar": "rtl", "he": "rtl", "fa-IR": "rtl", "ja": "ltr", "ar-Latn": "ltr"} {
		if got := direction(language.MustParse(tag)); got != want {
			t.Errorf("%s: %s", tag, got)
		}
	}
}
