package server_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"deskhand/server/httpapi"
	"deskhand/server/servertest"
)

const examplesFile = "httpapi/examples.json"

// exchange is one step of the day that the API's examples show. Words in {} stand for what an earlier answer has said.
type exchange struct {
	operation, method, path string
	body                    string // JSON
	keep                    string // "name=member.member": what of the answer later steps need
}

// The examples' day at a help desk, in its order.
var day = []exchange{
	{"welcome", "GET", "/api/welcome", "", ""},
	{"login", "POST", "/api/login", `{"userName":"{adminName}","password":"{adminPassword}"}`, ""},
	{"get-me", "GET", "/api/me", "", "me=id"},
	{"update-me", "PATCH", "/api/me", `{"name":"Ada Okafor","title":"Support engineer","email":"ada@example.com"}`, ""},
	{"create-role", "POST", "/api/roles", `{"name":"Trainee","permissions":["view","make-links"]}`, "role=id"},
	{"update-role", "PUT", "/api/roles/{role}", `{"name":"Trainee","permissions":["view","make-links","make-connection-ids"]}`, ""},
	{"list-roles", "GET", "/api/roles", "", ""},
	{"create-agent", "POST", "/api/agents", `{"userName":"rodney","name":"Rodney Example","email":"rodney@example.com","title":"Support engineer","role":"agent"}`, "agent=agent.id"},
	{"update-agent", "PATCH", "/api/agents/{agent}", `{"title":"Senior support engineer"}`, ""},
	{"disable-agents", "POST", "/api/agents/disable", `{"ids":["{agent}"]}`, ""},
	{"enable-agents", "POST", "/api/agents/enable", `{"ids":["{agent}"]}`, ""},
	{"list-agents", "GET", "/api/agents", "", ""},
	{"list-colleagues", "GET", "/api/colleagues", "", ""},
	{"make-reset-link", "POST", "/api/agents/{agent}/reset-link", "", ""},
	{"remove-role", "DELETE", "/api/roles/{role}", "", ""},
	{"get-policy", "GET", "/api/policy", "", ""},
	{"update-policy", "PATCH", "/api/policy", `{"consentSeconds":45}`, ""},
	{"get-branding", "GET", "/api/branding", "", ""},
	{"change-branding", "PATCH", "/api/branding", `{"company":"Example IT","color":"#0b6b85"}`, ""},
	{"create-token", "POST", "/api/tokens", `{"name":"Ticket system","scopes":["sessions:read","invites:write"]}`, "token=token.id"},
	{"list-tokens", "GET", "/api/tokens", "", ""},
	{"remove-token", "DELETE", "/api/tokens/{token}", "", ""},
	{"get-security", "GET", "/api/security", "", ""},
	{"list-logins", "GET", "/api/logins", "", ""},
	{"end-other-logins", "POST", "/api/logins/end-others", "", ""},
	{"shorten-link", "POST", "/api/invites/short", `{"ticket":"4711","endUserName":"A. Martin"}`, "link=url"},
	{"create-connection-id", "POST", "/api/invites/ids", "", "id=id"},
	{"list-connection-ids", "GET", "/api/invites/ids", "", ""},
	{"remove-connection-id", "DELETE", "/api/invites/ids/{id}", "", ""},
	{"", "", "a client", "{link}", ""},
	{"list-sessions", "GET", "/api/sessions", "", "session=items.0.id"},
	{"get-session", "GET", "/api/sessions/{session}", "", ""},
	{"update-session", "PATCH", "/api/sessions/{session}", `{"note":"Printer again, second call today"}`, ""},
	{"call-agent", "POST", "/api/sessions/{session}/calls", `{"agentId":"{agent}"}`, ""},
	{"list-calls", "GET", "/api/calls", "", ""},
	{"end-session", "POST", "/api/sessions/{session}/end", "", ""},
	{"list-logs", "GET", "/api/logs", "", ""},
	{"get-log", "GET", "/api/logs/{session}", "", ""},
	{"update-log", "PATCH", "/api/logs/{session}", `{"note":"New printer driver"}`, ""},
	{"count-logs", "GET", "/api/logs/total", "", ""},
	{"list-log-agents", "GET", "/api/logs/agents", "", ""},
	{"list-computers", "GET", "/api/computers", "", ""},
	{"list-downloads", "GET", "/api/downloads", "", ""},
	{"add-webhook", "POST", "/api/webhooks", `{"url":"https://tickets.example.com/deskhand","events":["session.waiting","session.ended"]}`, "hook=id"},
	{"list-webhooks", "GET", "/api/webhooks", "", ""},
	{"change-webhook", "PATCH", "/api/webhooks/{hook}", `{"events":["session.ended"]}`, ""},
	{"list-deliveries", "GET", "/api/webhooks/{hook}/deliveries", "", ""},
	{"renew-webhook-secret", "POST", "/api/webhooks/{hook}/secret", "", ""},
	{"remove-webhook", "DELETE", "/api/webhooks/{hook}", "", ""},
	{"logout", "POST", "/api/logout", "", ""},
}

// TestExamples replays the examples of the API's document against a real server: each request is taken, and each answer has the form of the
// one that the document shows. -update writes them anew.
func TestExamples(t *testing.T) {
	s := servertest.New(t)
	words := map[string]string{"adminName": s.Admin.UserName, "adminPassword": s.Admin.Password}
	somebody := s.Nobody()
	got := map[string]httpapi.Example{}
	for _, e := range day {
		path, body := filled(e.path, words), filled(e.body, words)
		if e.operation == "" {
			s.Client("RECEPTION-02").In(body[strings.LastIndex(body, "/")+1:])
			continue
		}
		var in, out any
		if body != "" {
			in = json.RawMessage(body)
		}
		if status, problem := somebody.Do(e.method, path, in, &out); status >= 400 {
			t.Fatalf("%s: %s %s %s answers %d: %s %s", e.operation, e.method, path, body, status, problem.Detail, problem.Hint)
		}
		if name, member, ok := strings.Cut(e.keep, "="); ok {
			words[name] = fmt.Sprint(inside(out, member))
		}
		got[e.operation] = httpapi.Example{Request: shown(t, in), Response: shown(t, out)}
	}
	if *update {
		b, err := json.MarshalIndent(got, "", "  ")
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(examplesFile, append(b, '\n'), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := httpapi.Examples()
	if err != nil {
		t.Fatal(err)
	}
	for _, operation := range slices.Sorted(maps.Keys(got)) {
		for _, half := range [][2]json.RawMessage{{got[operation].Request, want[operation].Request}, {got[operation].Response, want[operation].Response}} {
			if now, then := form(t, half[0]), form(t, half[1]); now != then {
				t.Errorf("%s is other than the document's example:\nserver   %s\nexample  %s\nrun: go test ./server -run TestExamples -update, then make gen", operation, now, then)
			}
		}
	}
	for operation := range want {
		if _, ok := got[operation]; !ok {
			t.Errorf("%s has an example that nobody replays", operation)
		}
	}
}

func filled(text string, words map[string]string) string {
	for name, value := range words {
		text = strings.ReplaceAll(text, "{"+name+"}", value)
	}
	return text
}

func inside(value any, path string) any {
	for _, name := range strings.Split(path, ".") {
		switch v := value.(type) {
		case map[string]any:
			value = v[name]
		case []any:
			value = v[0]
		}
	}
	return value
}

// What stands in an answer only for this run.
var passing = []struct {
	found *regexp.Regexp
	shown string
}{
	{regexp.MustCompile(`http://127\.0\.0\.1:\d+`), "https://support.example.com"},
	{regexp.MustCompile(`"(password|secret|token)": ?"[^"]*"`), `"$1":"…"`},
	{regexp.MustCompile(`/(reset|invitation|s)([/#])[\w-]{16,}`), "/$1$2…"},
	{regexp.MustCompile(`(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)\.\d+Z`), "${1}Z"},
	{regexp.MustCompile(`127\.0\.0\.1`), "203.0.113.24"},
}

// shown is a body as the document shows it.
func shown(t *testing.T, body any) json.RawMessage {
	if body == nil {
		return nil
	}
	var b bytes.Buffer
	encoder := json.NewEncoder(&b)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(body); err != nil {
		t.Fatal(err)
	}
	text := strings.TrimSpace(b.String())
	for _, p := range passing {
		text = p.found.ReplaceAllString(text, p.shown)
	}
	return json.RawMessage(text)
}

// form is what a body consists of: its members and their kinds, without the values.
func form(t *testing.T, body json.RawMessage) string {
	if len(body) == 0 {
		return "nothing"
	}
	var value any
	if err := json.Unmarshal(body, &value); err != nil {
		t.Fatal(err)
	}
	return kind(value)
}

func kind(value any) string {
	switch v := value.(type) {
	case map[string]any:
		var members []string
		for _, name := range slices.Sorted(maps.Keys(v)) {
			if name == "quality" {
				continue // it is there once the line has been measured
			}
			members = append(members, name+": "+kind(v[name]))
		}
		return "{" + strings.Join(members, ", ") + "}"
	case []any:
		var kinds []string
		for _, one := range v {
			kinds = append(kinds, kind(one))
		}
		slices.Sort(kinds)
		return "[" + strings.Join(slices.Compact(kinds), ", ") + "]"
	case string:
		return "text"
	default:
		return fmt.Sprintf("%T", v)
	}
}

// TestEveryOperationIsDescribed holds that the document says what each operation is for, and who may use it.
func TestEveryOperationIsDescribed(t *testing.T) {
	var doc struct {
		Paths map[string]map[string]struct {
			OperationID, Summary, Description string
			Tags                              []string
			Parameters                        []struct{ Name, Description string }
		}
		Tags []struct{ Name, Description string }
	}
	if err := json.Unmarshal(httpapi.New(httpapi.Config{}).OpenAPI(), &doc); err != nil {
		t.Fatal(err)
	}
	for path, operations := range doc.Paths {
		for method, o := range operations {
			if o.Summary == "" || o.Description == "" || len(o.Tags) != 1 {
				t.Errorf("%s %s: %+v", method, path, o)
			}
			for _, p := range o.Parameters {
				if p.Description == "" && !strings.HasPrefix(p.Name, "Accept-") {
					t.Errorf("%s %s: the parameter %s has no words; add them in server/httpapi/describe.go", method, path, p.Name)
				}
			}
		}
	}
	for _, tag := range doc.Tags {
		if tag.Description == "" {
			t.Errorf("the tag %s has no words; add them in server/httpapi/describe.go", tag.Name)
		}
	}
}
