package server_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"image"
	"image/png"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"deskhand"
	"deskhand/server"
	"deskhand/server/httpapi"
	"deskhand/server/mail/mailtest"
	"deskhand/server/servertest"
	"deskhand/server/signon/signontest"
	"deskhand/wire"
)

const examplesFile = "httpapi/examples.json"

// exchange is one step of the day that the API's examples show. Words in {} stand for what an earlier answer has said. A step without an operation
// is what happens besides: an act of that name, or a request that is not shown.
type exchange struct {
	operation, method, path string
	body                    string // JSON
	keep                    string // "name=member.member": what of the answer later steps need; with # at its end, what follows a # in it
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
	{"make-reset-link", "POST", "/api/agents/{agent}/reset-link", "", "reset=url#"},
	{"check-reset", "POST", "/api/password/reset/check", `{"token":"{reset}"}`, ""},
	{"reset-password", "POST", "/api/password/reset", `{"token":"{reset}","password":"correct horse battery"}`, ""},
	{"forgot-password", "POST", "/api/password/forgot", `{"who":"rodney@example.com"}`, ""},
	{"reset-second-factor", "POST", "/api/agents/{agent}/reset-second-factor", "", ""},
	{"", "POST", "/api/agents", `{"userName":"maria","name":"Maria Example","invite":true}`, "invited=agent.id"},
	{"invite-again", "POST", "/api/agents/{invited}/invitation", "", "invitation=url#"},
	{"look-at-invitation", "POST", "/api/invitation", `{"token":"{invitation}"}`, ""},
	{"accept-invitation", "POST", "/api/invitation/accept", `{"token":"{invitation}","password":"staple battery horse"}`, ""},
	{"remove-role", "DELETE", "/api/roles/{role}", "", ""},
	{"get-policy", "GET", "/api/policy", "", ""},
	{"update-policy", "PATCH", "/api/policy", `{"consentSeconds":45}`, ""},
	{"get-branding", "GET", "/api/branding", "", ""},
	{"change-branding", "PATCH", "/api/branding", `{"company":"Example IT","color":"#0b6b85"}`, ""},
	{"get-palette", "GET", "/api/branding/palette?color=%230b6b85", "", ""},
	{"set-logo", "PUT", "/api/branding/logo", "", ""},
	{"remove-logo", "DELETE", "/api/branding/logo", "", ""},
	{"set-sign-on", "PUT", "/api/sign-on", `{"enabled":true,"issuer":"{issuer}","clientId":"deskhand","clientSecret":"{providerSecret}","label":"Example ID","findByEmail":true,"create":false,"role":"agent","secondFactor":false}`, ""},
	{"get-sign-on", "GET", "/api/sign-on", "", ""},
	{"test-sign-on", "POST", "/api/sign-on/test", `{"enabled":true,"issuer":"{issuer}","clientId":"deskhand","label":"Example ID","findByEmail":true,"create":false,"role":"agent","secondFactor":false}`, ""},
	{"begin-sign-on", "POST", "/api/login/sign-on", `{"return":"/logs"}`, "address=url"},
	{"", "", "a login at the provider", "", ""},
	{"finish-sign-on", "POST", "/api/login/sign-on/finish", `{"state":"{signOnState}","code":"{signOnCode}","iss":"","error":""}`, ""},
	{"unlink-me", "POST", "/api/security/sign-on/unlink", `{"password":"{adminPassword}"}`, ""},
	{"", "", "a linked agent", "", ""},
	{"unlink-agent", "POST", "/api/agents/{agent}/unlink", "", ""},
	{"create-token", "POST", "/api/tokens", `{"name":"Ticket system","scopes":["sessions:read","invites:write"]}`, "token=token.id"},
	{"list-tokens", "GET", "/api/tokens", "", ""},
	{"remove-token", "DELETE", "/api/tokens/{token}", "", ""},
	{"begin-authenticator", "POST", "/api/security/authenticator", `{"password":"{adminPassword}"}`, "key=key"},
	{"confirm-authenticator", "POST", "/api/security/authenticator/confirm", `{"code":"{code}"}`, ""},
	{"renew-recovery-codes", "POST", "/api/security/recovery-codes", `{"password":"{adminPassword}"}`, "recovery=recoveryCodes.0"},
	{"", "", "a passkey", "", ""},
	{"get-security", "GET", "/api/security", "", "passkey=passkeys.0.id"},
	{"rename-passkey", "PATCH", "/api/security/passkeys/{passkey}", `{"name":"My phone"}`, ""},
	{"begin-passkey", "POST", "/api/security/passkeys", `{"password":"{adminPassword}"}`, ""},
	{"remove-passkey", "POST", "/api/security/passkeys/{passkey}/remove", `{"password":"{adminPassword}"}`, ""},
	{"begin-passkey-login", "POST", "/api/login/passkey", "", ""},
	{"", "POST", "/api/login", `{"userName":"{adminName}","password":"{adminPassword}"}`, "step=step.token"},
	{"finish-login", "POST", "/api/login/finish", `{"token":"{step}","recoveryCode":"{recovery}"}`, ""},
	{"remove-authenticator", "POST", "/api/security/authenticator/remove", `{"password":"{adminPassword}"}`, ""},
	{"", "", "another login", "", ""},
	{"list-logins", "GET", "/api/logins", "", ""},
	{"end-login", "DELETE", "/api/logins/{login}", "", ""},
	{"", "", "another login", "", ""},
	{"end-other-logins", "POST", "/api/logins/end-others", "", ""},
	{"shorten-link", "POST", "/api/invites/short", `{"ticket":"4711","endUserName":"A. Martin"}`, "link=url"},
	{"mail-link", "POST", "/api/invites/mail", `{"to":"martin@example.com","language":"en","ticket":"4711","endUserName":"A. Martin"}`, ""},
	{"create-connection-id", "POST", "/api/invites/ids", "", "id=id"},
	{"list-connection-ids", "GET", "/api/invites/ids", "", ""},
	{"remove-connection-id", "DELETE", "/api/invites/ids/{id}", "", ""},
	{"", "", "a client", "RECEPTION-02", ""},
	{"list-sessions", "GET", "/api/sessions", "", "session=items.0.id"},
	{"", "", "a client", "RECEPTION-03", ""},
	{"", "", "a client", "WAREHOUSE", ""},
	{"get-session", "GET", "/api/sessions/{session}", "", "second=line.1.participantId"},
	{"", "GET", "/api/sessions/{session}", "", "third=line.2.participantId"},
	{"update-session", "PATCH", "/api/sessions/{session}", `{"note":"Printer again, second call today"}`, ""},
	{"share-session", "POST", "/api/sessions/{session}/share", `{"participantId":"{second}"}`, ""},
	{"separate-session", "POST", "/api/sessions/{session}/separate", `{"participantId":"{third}"}`, "own=id"},
	{"transfer-session", "POST", "/api/sessions/{own}/transfer", `{"agentId":"{agent}"}`, ""},
	{"call-agent", "POST", "/api/sessions/{session}/calls", `{"agentId":"{agent}"}`, ""},
	{"", "POST", "/api/sessions/{own}/transfer", `{"agentId":"{me}"}`, ""},
	{"", "", "a call", "", ""},
	{"list-calls", "GET", "/api/calls", "", ""},
	{"dismiss-call", "DELETE", "/api/calls/{own}", "", ""},
	{"open-viewer", "POST", "/api/sessions/{session}/viewers", `{"commitment":"47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU","level":"control"}`, "viewer=viewerId"},
	{"close-viewer", "DELETE", "/api/sessions/{session}/viewers/{viewer}", "", ""},
	{"open-session-prompt", "POST", "/api/sessions/{session}/prompts", `{"commitment":"47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU"}`, "prompt=promptId"},
	{"close-prompt", "DELETE", "/api/prompts/{prompt}", "", ""},
	{"end-session", "POST", "/api/sessions/{session}/end", "", ""},
	{"list-logs", "GET", "/api/logs", "", ""},
	{"get-log", "GET", "/api/logs/{session}", "", ""},
	{"update-log", "PATCH", "/api/logs/{session}", `{"note":"New printer driver"}`, ""},
	{"count-logs", "GET", "/api/logs/total", "", ""},
	{"list-log-agents", "GET", "/api/logs/agents", "", ""},
	{"enrol-computer", "POST", "/client/computers", `{"userName":"{adminName}","password":"{adminPassword}","publicKey":"47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU","computerName":"TILL-01","system":"Debian GNU/Linux 12"}`, ""},
	{"create-unattended-link", "POST", "/api/computers/links", `{"kind":"end-user","name":"Till at the bakery"}`, "way=id"},
	{"", "POST", "/api/computers/links", `{"kind":"end-user"}`, "adding=code"},
	{"list-unattended-links", "GET", "/api/computers/links", "", ""},
	{"mail-unattended-link", "POST", "/api/computers/links/mail", `{"to":"martin@example.com","language":"en","url":"{adding}"}`, ""},
	{"look-at-unattended-code", "POST", "/client/unattended", `{"code":"{adding}"}`, ""},
	{"revoke-unattended-link", "DELETE", "/api/computers/links/{way}", "", ""},
	{"", "", "a computer", "SERVER-01", ""},
	{"open-computer", "POST", "/api/computers/{computer}/viewers", `{"commitment":"47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU","level":"view"}`, ""},
	{"open-prompt", "POST", "/api/computers/{computer}/prompts", `{"commitment":"47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU"}`, ""},
	{"create-group", "POST", "/api/groups", `{"name":"Berlin","visibility":"everyone"}`, "group=id"},
	{"update-group", "PATCH", "/api/groups/{group}", `{"name":"Berlin, ground floor"}`, ""},
	{"list-groups", "GET", "/api/groups", "", ""},
	{"move-computers", "POST", "/api/computers/move", `{"ids":["{computer}"],"groupId":"{group}","visibility":"everyone"}`, ""},
	{"update-computer", "PATCH", "/api/computers/{computer}", `{"name":"Front till","tags":["till","bakery"],"note":"Below the oven"}`, ""},
	{"list-computers", "GET", "/api/computers", "", ""},
	{"", "", "a computer that sleeps", "CASH-DESK-1", ""},
	{"get-computer", "GET", "/api/computers/{asleep}", "", ""},
	{"wake-computer", "POST", "/api/computers/{asleep}/wake", "", ""},
	{"remove-group", "DELETE", "/api/groups/{group}", "", ""},
	{"remove-computer", "DELETE", "/api/computers/{computer}", "", ""},
	{"list-downloads", "GET", "/api/downloads", "", ""},
	{"add-webhook", "POST", "/api/webhooks", `{"url":"{receiver}/deskhand","events":["session.waiting","session.ended"]}`, "hook=id"},
	{"list-webhooks", "GET", "/api/webhooks", "", ""},
	{"change-webhook", "PATCH", "/api/webhooks/{hook}", `{"events":["session.ended"]}`, ""},
	{"test-webhook", "POST", "/api/webhooks/{hook}/test", "", ""},
	{"", "", "a delivery", "", ""},
	{"list-deliveries", "GET", "/api/webhooks/{hook}/deliveries", "", "delivery=items.0.id"},
	{"send-delivery-again", "POST", "/api/webhooks/{hook}/deliveries/{delivery}/again", "", ""},
	{"renew-webhook-secret", "POST", "/api/webhooks/{hook}/secret", "", ""},
	{"remove-webhook", "DELETE", "/api/webhooks/{hook}", "", ""},
	{"list-audit", "GET", "/api/audit?limit=3", "", ""},
	{"list-audit-verbs", "GET", "/api/audit/verbs", "", ""},
	{"list-audit-agents", "GET", "/api/audit/agents", "", ""},
	{"verify-audit", "POST", "/api/audit/verify", `{}`, ""},
	{"get-health", "GET", "/api/health", "", ""},
	{"change-password", "POST", "/api/password", `{"current":"{adminPassword}","password":"correct horse battery"}`, ""},
	{"logout", "POST", "/api/logout", "", ""},
}

// withoutExample are the operations that no example shows, and why.
var withoutExample = map[string]string{
	"finish-passkey": "what a browser and a passkey make together",
	"export-logs":    "a file, not JSON",
	"export-audit":   "a file, not JSON",
	"get-transcript": "a text, not JSON",
}

// unaudited are the operations of the day that change nothing that lasts although they are no GET, and why.
var unaudited = map[string]string{
	"look-at-invitation": "reads; the token is not for an address", "look-at-unattended-code": "reads; the code is not for an address", "check-reset": "reads; the token is not for an address", "verify-audit": "reads",
	"begin-passkey-login": "half a login", "begin-sign-on": "half a login", "test-sign-on": "reads", "begin-authenticator": "counts once it is confirmed", "begin-passkey": "counts once the passkey is there",
	"forgot-password": "written when the mail goes out, to whom it is for", "dismiss-call": "the agent's own list", "reset-second-factor": "this agent has none",
}

// stage is the day as it goes.
type stage struct {
	*servertest.Server
	t        *testing.T
	words    map[string]string
	somebody *servertest.Agent
	provider *signontest.Provider
}

// act does what happens besides the requests.
func (s *stage) act(name, what string) {
	t, admin := s.t, servertest.Account{UserName: s.words["adminName"], Password: s.words["adminPassword"]}
	st := s.Store()
	defer st.Close()
	me := deskhand.Actor{AgentID: s.words["me"], Name: admin.UserName}
	switch name {
	case "a client":
		link := s.words["link"]
		s.Client(what).In(link[strings.LastIndex(link, "/")+1:])
	case "a computer that sleeps":
		s.asleep(admin, what)
	case "a computer":
		s.words["computer"] = s.Enrol(admin, what).ID()
	case "a login at the provider":
		q := s.provider.LogIn(t, s.words["address"], "ada")
		s.words["signOnState"], s.words["signOnCode"] = q.Get("state"), q.Get("code")
	case "a linked agent":
		id := deskhand.Identity{Issuer: s.provider.Issuer, Subject: "1002", Email: "rodney@example.com", EmailVerified: true}
		if _, err := st.AgentBySignOn(t.Context(), deskhand.Server, id); err != nil {
			t.Fatal(err)
		}
	case "a passkey":
		_, _, err := st.AddPasskey(t.Context(), me, deskhand.Passkey{AgentID: me.AgentID, Name: "Phone", CredentialID: []byte("phone"), Credential: []byte(`{"id":"cGhvbmU="}`)}, nil)
		if err != nil {
			t.Fatal(err)
		}
	case "another login":
		s.words["login"] = s.Login(admin).CurrentLogin()
	case "a call":
		rodney := deskhand.Actor{AgentID: s.words["agent"], Name: "rodney"}
		if err := st.CallAgent(t.Context(), rodney, s.words["own"], me.AgentID); err != nil {
			t.Fatal(err)
		}
	case "a delivery":
		servertest.Eventually(t, "the test is delivered", func() bool {
			list, _, err := st.Deliveries(t.Context(), s.words["hook"], "", 1)
			return err == nil && len(list) == 1 && list[0].State == deskhand.DeliveryDelivered
		})
	default:
		t.Fatalf("nobody knows how to do %q", name)
	}
}

// ask does one request of the day.
func (s *stage) ask(e exchange) httpapi.Example {
	t := s.t
	if key, ok := s.words["key"]; ok && strings.Contains(e.body, "{code}") {
		s.words["code"] = codeAt(t, key, time.Now())
	}
	path, body := filled(e.path, s.words), filled(e.body, s.words)
	somebody := s.somebody
	if strings.HasPrefix(path, "/client/") {
		somebody = s.Nobody()
	}
	var in, out any
	if body != "" {
		in = json.RawMessage(body)
	}
	status, problem := 0, httpapi.Problem{}
	if e.operation == "set-logo" {
		status, problem = somebody.Send(e.method, path, "application/octet-stream", picture(t), &out)
	} else {
		status, problem = somebody.Do(e.method, path, in, &out)
	}
	if status >= 400 {
		t.Fatalf("%s: %s %s %s answers %d: %s %s", e.operation, e.method, path, body, status, problem.Detail, problem.Hint)
	}
	if name, member, ok := strings.Cut(e.keep, "="); ok {
		member, fragment := strings.CutSuffix(member, "#")
		value := fmt.Sprint(inside(out, member))
		if fragment {
			_, value, _ = strings.Cut(value, "#")
		}
		s.words[name] = value
	}
	return httpapi.Example{Request: s.shown(in), Response: s.shown(out)}
}

// picture is a small PNG.
func picture(t *testing.T) []byte {
	var b bytes.Buffer
	if err := png.Encode(&b, image.NewGray(image.Rect(0, 0, 8, 8))); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// events is how many the audit has.
func (s *stage) events() int64 {
	st := s.Store()
	defer st.Close()
	list, _, err := st.AuditPage(s.t.Context(), deskhand.AuditFilter{}, "", 1)
	if err != nil {
		s.t.Fatal(err)
	}
	if len(list) == 0 {
		return 0
	}
	return list[0].Sequence
}

// TestExamples replays the examples of the API's document against a real server: each request is taken, each answer has the form of the
// one that the document shows, and what changes something is in the audit. -update writes them anew.
func TestExamples(t *testing.T) {
	got := playDay(t)
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

func playDay(t *testing.T) map[string]httpapi.Example {
	post := mailtest.Start(t, mailtest.Options{})
	receiver := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "thank you") }))
	defer receiver.Close()
	server := servertest.New(t, func(c *server.Config) {
		c.Listen, c.SMTP, c.WebhookNetworks = "localhost:0", post.Config(), []string{"127.0.0.0/8"}
	})
	provider := signontest.Start(t, signontest.Account{Subject: "1001", UserName: "ada", Email: "ada@example.com", EmailVerified: true})
	shelf(t, server)
	s := &stage{Server: server, t: t, somebody: server.Nobody(), provider: provider, words: map[string]string{
		"issuer": provider.Issuer, "providerSecret": signontest.ClientSecret,
		"adminName": server.Admin.UserName, "adminPassword": server.Admin.Password, "receiver": receiver.URL,
	}}
	got := map[string]httpapi.Example{}
	for _, e := range day {
		if e.method == "" {
			s.act(e.path, e.body)
			continue
		}
		before := s.events()
		example := s.ask(e)
		if e.operation == "" {
			continue
		}
		got[e.operation] = example
		if _, ok := unaudited[e.operation]; !ok && e.method != http.MethodGet && s.events() == before {
			t.Errorf("%s leaves nothing in the audit", e.operation)
		}
	}
	return got
}

// TestEveryOperationHasAnExample holds that none is left out.
func TestEveryOperationHasAnExample(t *testing.T) {
	var doc struct {
		Paths map[string]map[string]struct{ OperationID string }
	}
	if err := json.Unmarshal(httpapi.New(httpapi.Config{}).OpenAPI(), &doc); err != nil {
		t.Fatal(err)
	}
	examples, err := httpapi.Examples()
	if err != nil {
		t.Fatal(err)
	}
	for path, operations := range doc.Paths {
		for method, o := range operations {
			_, has := examples[o.OperationID]
			if _, named := withoutExample[o.OperationID]; has == named {
				t.Errorf("%s (%s %s): example %v, named as one without %v; add a step to day", o.OperationID, method, path, has, named)
			}
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
			i, err := strconv.Atoi(name)
			if err != nil || i >= len(v) {
				return nil
			}
			value = v[i]
		}
	}
	return value
}

// What stands in an answer only for this run.
var passing = []struct {
	found *regexp.Regexp
	shown string
}{
	{regexp.MustCompile(`http://127\.0\.0\.1:\d+`), "https://tickets.example.com"},
	{regexp.MustCompile(`"127\.0\.0\.1:\d+"`), `"tickets.example.com"`},
	{regexp.MustCompile(`http://localhost:\d+`), "https://support.example.com"},
	{regexp.MustCompile(`"localhost(:\d+)?"`), `"support.example.com"`},
	{regexp.MustCompile(`"(password|current|secret|token|key|challenge|relayTicket)": ?"[^"]*"`), `"$1":"…"`},
	{regexp.MustCompile(`secret=\w+`), "secret=…"},
	{regexp.MustCompile(`RemoteSupport_localhost_h\d+`), "RemoteSupport_support.example.com_443"},
	{regexp.MustCompile(`"(clientSecret|state)": ?"[^"]{16,}"`), `"$1":"…"`},
	{regexp.MustCompile(`"code": ?"[\w-]{16,}"`), `"code":"…"`},
	{regexp.MustCompile(`(state|nonce|code_challenge)=[\w-]+`), "$1=…"},
	{regexp.MustCompile(`http%3A%2F%2Flocalhost%3A\d+`), "https%3A%2F%2Fsupport.example.com"},
	{regexp.MustCompile(`/(reset|invitation|s)([/#])[\w-]{16,}`), "/$1$2…"},
	{regexp.MustCompile(`(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)\.\d+Z`), "${1}Z"},
	{regexp.MustCompile(`"(127\.0\.0\.1|::1)"`), `"203.0.113.24"`},
}

// shown is a body as the document shows it.
func (s *stage) shown(body any) json.RawMessage {
	if body == nil {
		return nil
	}
	var b bytes.Buffer
	encoder := json.NewEncoder(&b)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(body); err != nil {
		s.t.Fatal(err)
	}
	text := strings.ReplaceAll(strings.TrimSpace(b.String()), s.provider.Issuer, "https://login.example.com")
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
			if name == "quality" || name == "samples" || name == "warnings" {
				continue // they are there once something has been measured, or is amiss on this machine
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

// asleep makes an offline computer with a neighbour that can wake it.
func (s *stage) asleep(admin servertest.Account, name string) {
	st := s.Store()
	defer st.Close()
	awake, asleep := s.Enrol(admin, "CASH-DESK-2"), s.Enrol(admin, name)
	s.words["asleep"] = asleep.ID()
	for n, c := range []*servertest.Client{awake, asleep} {
		err := st.SaveInventory(s.t.Context(), c.ID(), deskhand.Inventory{
			System: "Debian GNU/Linux 12 (bookworm)", Kernel: "6.1.0-18-amd64", Arch: "amd64", Model: "QEMU Standard PC", Processor: "AMD EPYC Processor",
			Cores: 4, Memory: 8 << 30, ClientVersion: "1.0.0", BootedAt: 1_767_225_600,
			Disks: []deskhand.InventoryDisk{{Mount: "/", Device: "/dev/vda1", Format: "ext4", Size: 64 << 30, Free: 41 << 30}},
			Networks: []deskhand.InventoryNetwork{
				{Name: "eth0", MAC: fmt.Sprintf("00:00:5e:00:53:0%d", n), Addresses: []string{fmt.Sprintf("192.0.2.1%d/24", n)}, Wakes: true},
			},
			Users: []deskhand.InventoryUser{{Name: "kim", Place: ":0", Since: 1_767_225_700}},
		})
		if err != nil {
			s.t.Fatal(err)
		}
	}
	asleep.Cut()
	servertest.Eventually(s.t, "the computer is offline", func() bool {
		d, err := st.ComputerDetails(s.t.Context(), s.words["me"], asleep.ID())
		return err == nil && d.Waker != ""
	})
	go func() {
		for m := range awake.Signals {
			if w := m.GetWake(); w != nil {
				awake.Send(&wire.ClientSignal{Message: &wire.ClientSignal_WakeResult{WakeResult: &wire.WakeResult{Request: w.GetRequest()}}})
				return
			}
		}
	}()
}
