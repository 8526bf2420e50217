package httpapi

import (
	_ "embed"
	"encoding/json"
	"fmt"
	"strings"

	"github.com/danielgtaylor/huma/v2"
)

// What the OpenAPI document says beyond the types: how the API is used, what words mean that stand in many places, and an example of
// each request and answer.

// section is a part of the introduction.
type section struct {
	Title string
	Text  []string // paragraphs
	Code  string   // to copy
}

var introduction = []section{
	{Title: "About", Text: []string{
		"This is the API that the console itself uses: whatever an agent does there, a program can do here. Requests and answers are JSON in UTF-8; times are RFC 3339 in UTC.",
	}},
	{
		Title: "Authentication", Text: []string{
			"A program sends an API token with each request. Make one in the console under Settings, API tokens, or with deskhand token create on the server. A token acts for its agent: it never " +
				"reaches more than the agent may at that moment, and only what its scopes name. Each operation below says which scope it needs; * is all of them.",
			"A token makes nobody mightier than its agent is, and opens no way to log in as somebody else: it neither changes the e-mail address of an agent who logs in nor resets a password or a second factor. What it opened ends with it.",
			"A token is refused together with a cookie or an Origin header, so that no web page can use one. Logins, passwords, second factors and tokens themselves are for people: they need the cookie of a login (POST /api/login).",
		},
		Code: `curl -H "Authorization: Bearer dh_…" https://support.example.com/api/sessions`,
	},
	{Title: "Pages of a list", Text: []string{
		"A list that may be long comes in pages: limit says how many items at most. When nextCursor is there, the same request with cursor set to it gives the next page; at the end it is absent. A cursor stays valid while items come and go, and none is given twice.",
	}},
	{Title: "Faults", Text: []string{
		"A request that did not succeed is answered by a problem document (RFC 9457, application/problem+json). code says what kind of fault it is and stays the same across releases; detail and hint are sentences for people; field names the input at fault; instance is a code to quote to the administrator.",
		"401: not logged in, or the token is not valid. 403: not allowed. 404: not there, or not visible to the agent. 409: not possible just now. 422: the input is wrong. 429: too many requests, see Retry-After. 503: a computer cannot be reached, or the server is busy.",
	}},
	{Title: "Limits", Text: []string{
		"A body may have 32 KiB, where nothing else is said. Unknown members of a body and unknown parameters are faults, so that a typing error does not pass unseen. Writing from another site's page is refused.",
		"Whether the agent may do it is asked before anything else of a request is looked at: 401 and 403 come before 413 and 422. What costs the server much, and what needs no login, may be asked for so often only; then the answer is 429 with Retry-After.",
	}},
	{Title: "What changes", Text: []string{
		"GET /api/events is a WebSocket that says which topics have changed; a webhook tells another server what happened. Operations and members are added without notice; none is removed or changes its meaning within a major version.",
	}},
}

// tagWords say what the operations of a tag are about.
var tagWords = map[string]string{
	"Agents": "Who gives support here.", "Audit": "What was done, by whom, in a chain that shows every change.", "Branding": "How the company is shown to end-users and agents.",
	"Clients": "What the program on an end-user’s computer calls.", "Computers": "Unattended computers.", "Downloads": "The programs for end-users.", "Health": "How the server is.",
	"Invites": "What lets end-users in.", "Login": "How people log in. Programs use a token.", "Logs": "Sessions that have ended.", "Policy": "What is true for everybody.",
	"Roles": "What agents may do.", "Security": "Passwords, second factors, logins and tokens of the agent who asks.", "Sessions": "Support cases that go on now.",
	"Settings": "The agent who asks.", "Viewers": "Open views of a computer.", "Prompts": "Command prompts on a computer.", "Webhooks": "Other servers that are told what happens.", "Sign-on": "Login by another service.",
}

// fieldWords are what members mean wherever they stand without words of their own.
var fieldWords = map[string]string{
	"absoluteHours": "Hours after which a login ends, whatever is done in it.", "actor": "Who did it.", "address": "IP address.", "agentAddress": "IP address of the agent.", "agentId": "The agent.",
	"agentName": "Name of the agent.", "arch": "Kind of processor.", "at": "When.", "attempts": "How often it was tried.", "bytesUp": "Bytes from the agent to the computer.", "closedAt": "When it was closed.",
	"code": "The digits.", "color": "Like #0b6b85.", "company": "Name of the company.", "computer": "Name of the computer.", "computerAddress": "IP address of the computer.", "computerId": "The computer.",
	"computerName": "Name of the computer.", "consent": "What the end-user answered.", "consentSeconds": "How long the end-user has to answer.", "consentWords": "A line that is shown with the question to the end-user.",
	"createdAt": "When it was made.", "current": "The present password.", "cursor": "Where the page begins: nextCursor of the page before.", "delivery": "One event for one webhook.", "detail": "More about it.",
	"displays": "How many displays the computer has.", "durationSeconds": "How long it was.", "elevated": "Whether the client has administrator rights.", "email": "E-mail address.", "enabled": "Whether it is on.",
	"end": "When it ended.", "endReason": "Why it ended.", "endUserName": "Name of the end-user, as the link or the client claims it.", "endedBy": "Who ended it.", "event": "What happened.", "eventId": "Identifies the event.",
	"events": "What it is told of.", "expiresAt": "When it stops being valid.", "fillHover": "The colour under the pointer.", "from": "The first moment that counts.", "until": "The first moment that no longer counts.", "agent": "Id of an agent.", "search": "Words that have to be in it.", "id": "Identifies it in other requests.", "idleMinutes": "Minutes without a request after which a login ends.",
	"ids": "Which ones.", "items": "The things on this page.", "joinedAt": "When this one came.", "keepAuditDays": "Days for which details of the audit log are kept.", "keepLogDays": "Days for which ended sessions are kept.",
	"language": "BCP 47; empty: the browser’s.", "lastSeenAt": "When it was last there.", "lastUsedAt": "When it was last used.", "leftAt": "When this one went.",
	"level": "What the agent may do in the view.", "limit": "How many items at most.", "mine": "Whether the agent who asks owns it.", "name": "Its name, for people.", "nextCursor": "Where the next page begins; absent at the end.",
	"nextTryAt": "When it is tried again.", "note": "What agents wrote about the session.", "noteAt": "When the note was last written.", "online": "Whether it is connected.", "openedAt": "When it was opened.",
	"order": "Upwards or downwards.", "owner": "Whose it is.", "participantId": "One of the clients in line.", "passkeys": "The passkeys of the agent.", "password": "A password.", "permissions": "What it permits.",
	"reason": "Why.", "recoveryCode": "One of the codes that were shown when the second factor was set up.", "relayPath": "Where the view connects to.", "role": "Id of the role.", "secondFactor": "Whether everybody needs a second factor.",
	"secret": "Shown this once; keep it.", "sequence": "Its number in the audit log.", "serverVersion": "Version of the server.", "sessionId": "The session.", "since": "Since when.", "softHover": "The soft colour under the pointer.",
	"sort": "By what the list is sorted.", "start": "When it began.", "state": "Where it stands.", "status": "Whether it can be reached.", "system": "Operating system.", "theme": "Empty: the system’s.", "ticket": "Number of the ticket.",
	"title": "What the agent is, such as Support engineer.", "token": "What the link or the step before carries.", "type": "What kind of session it is.", "unattended": "Whether nobody is asked.", "url": "The address.",
	"userName": "The name that is typed to log in; of a computer: the account there.", "promptId": "The command prompt.", "verb": "What was done.", "viewerId": "The view.", "viewers": "Who looks.", "visibility": "Who sees it.",
	"waitingMinutes": "Minutes for which a client waits until it is sent away.", "waitingPerAddress": "How many may wait from one address.", "waitingPerAgent": "How many may wait for one agent.",
}

// accessWords begin an operation's description.
var accessWords = map[Access]string{
	AccessAnyone: "For everybody.", AccessAgent: "For agents who are logged in.", AccessClient: "For clients, not for browsers.",
}

// The operations' examples, as a real server answered them: see TestExamples in package server.
//
//go:embed examples.json
var examplesJSON []byte

// Example is one request with its answer.
type Example struct {
	Request  json.RawMessage `json:"request,omitempty"`
	Response json.RawMessage `json:"response,omitempty"`
}

// Examples are the examples by operation.
func Examples() (map[string]Example, error) {
	all := map[string]Example{}
	if err := json.Unmarshal(examplesJSON, &all); err != nil {
		return nil, fmt.Errorf("reading the examples: %w", err)
	}
	return all, nil
}

// describe completes the document once all routes are there.
func (a *API) describe() {
	doc := a.huma.OpenAPI()
	var text []string
	for _, s := range introduction {
		text = append(text, "## "+s.Title, strings.Join(s.Text, "\n\n"))
		if s.Code != "" {
			text = append(text, "    "+s.Code)
		}
	}
	doc.Info.Description = strings.Join(text, "\n\n")
	doc.Components.SecuritySchemes = map[string]*huma.SecurityScheme{
		"login": {Type: "apiKey", In: "cookie", Name: a.cookie.name, Description: "The cookie that POST /api/login sets."},
		"token": {Type: "http", Scheme: "bearer", Description: "An API token, dh_…"},
	}
	for _, s := range doc.Components.Schemas.Map() {
		for name, p := range s.Properties {
			if p.Description == "" && p.Ref == "" {
				p.Description = fieldWords[name]
			}
		}
	}
	examples, err := Examples()
	if err != nil {
		panic(err) // they are compiled in
	}
	tags := map[string]bool{}
	for path, item := range doc.Paths {
		for _, op := range operations(item) {
			a.describeOperation(op, a.access[op.Method+" "+path], examples[op.OperationID])
			shareFaults(doc, op)
			tags[op.Tags[0]] = true
		}
	}
	for _, name := range sortedKeys(tags) {
		doc.Tags = append(doc.Tags, &huma.Tag{Name: name, Description: tagWords[name]})
	}
}

func (a *API) describeOperation(op *huma.Operation, access Access, example Example) {
	scoped := op.Description != ""
	words := accessWords[access]
	if p, ok := strings.CutPrefix(string(access), accessMay); ok {
		words = "For agents with the permission " + p + "."
	}
	op.Description = strings.TrimSpace(words + " " + op.Description)
	switch {
	case access == AccessAnyone || access == AccessClient:
		op.Security = []map[string][]string{}
	case scoped:
		op.Security = []map[string][]string{{"login": {}}, {"token": {}}}
	default:
		op.Security = []map[string][]string{{"login": {}}}
	}
	for _, p := range op.Parameters {
		if p.Description == "" {
			p.Description = fieldWords[p.Name]
		}
	}
	if op.RequestBody != nil {
		setExample(op.RequestBody.Content, example.Request)
	}
	for status, r := range op.Responses {
		if strings.HasPrefix(status, "2") {
			setExample(r.Content, example.Response)
		}
	}
}

// shareFaults has an operation refer to the answers for what went wrong, which are the same everywhere: each is in the document once.
func shareFaults(doc *huma.OpenAPI, op *huma.Operation) {
	if doc.Components.Responses == nil {
		doc.Components.Responses = map[string]*huma.Response{}
	}
	for status, r := range op.Responses {
		if r.Content["application/problem+json"] == nil {
			continue
		}
		doc.Components.Responses[status] = r
		op.Responses[status] = &huma.Response{Ref: "#/components/responses/" + status}
	}
}

func setExample(content map[string]*huma.MediaType, example json.RawMessage) {
	if m := content["application/json"]; m != nil && len(example) > 0 {
		m.Example = example
	}
}

// operations are those of one path.
func operations(item *huma.PathItem) (list []*huma.Operation) {
	for _, op := range []*huma.Operation{item.Get, item.Post, item.Put, item.Patch, item.Delete} {
		if op != nil {
			list = append(list, op)
		}
	}
	return list
}
