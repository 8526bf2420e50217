package httpapi

import (
	"context"
	_ "embed"
	"encoding/json"
	"fmt"
	"iter"
	"net/http"
	"strconv"
	"strings"
	"time"
	_ "time/tzdata" // an export names a zone, and not every system has the list of them
	"unicode/utf8"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"
	"golang.org/x/text/language"

	"deskhand"
)

//go:embed logs_headings.json
var headingsJSON []byte

// headings are the columns of an export, by language.
var headings = func() map[string][]string {
	var h map[string][]string
	if err := json.Unmarshal(headingsJSON, &h); err != nil {
		panic(fmt.Errorf("reading the headings of the export: %w", err)) // the file is ours
	}
	return h
}()

// The languages of the headings, the one for everybody else first.
var (
	headingLanguages = []language.Tag{
		language.English, language.German, language.Spanish, language.French, language.Italian, language.Portuguese,
	}
	headingMatcher = language.NewMatcher(headingLanguages)
)

func (a *API) logExportRoute() {
	type input struct {
		LogFilterQuery
		LogOrderQuery
		Zone   string `query:"zone" maxLength:"64" default:"UTC" doc:"Time zone of the times, as the IANA names it: Europe/Berlin."`
		Accept string `header:"Accept-Language" hidden:"true"`
	}
	add(a, route{AccessAgent, http.MethodGet, "/api/logs/export.csv", "export-logs", "Logs", "All that a filter finds, as CSV", 0, []int{403}},
		func(ctx context.Context, in *input) (*huma.StreamResponse, error) {
			c := callerOf(ctx)
			f, err := in.filter(c, in.LogOrderQuery)
			if err != nil {
				return nil, err
			}
			zone, err := time.LoadLocation(in.Zone)
			if err != nil || in.Zone == "Local" {
				return nil, &deskhand.Error{
					Code: deskhand.CodeInvalid, Field: "zone", Fault: "This time zone is not known.", Hint: "Write it like Europe/Berlin.",
				}
			}
			// What is wrong shows at the first rows, while it can still be said as a problem.
			next, stop := iter.Pull2(a.Logs.AllLogs(ctx, f))
			rows, err, _ := next()
			if err != nil {
				stop()
				return nil, err
			}
			return &huma.StreamResponse{Body: func(hc huma.Context) {
				defer stop()
				_, w := humago.Unwrap(hc)
				h := w.Header()
				h.Set("Content-Type", "text/csv; charset=utf-8; header=present")
				h.Set("Content-Disposition", `attachment; filename="sessions-`+time.Now().In(zone).Format(time.DateOnly)+`.csv"`)
				b := appendRecord([]byte("\ufeff"), headingsFor(c.Agent.Language, in.Accept)...)
				for ok := true; ok; rows, err, ok = next() {
					if err != nil {
						// The browser must not take half a file for the whole.
						panic(http.ErrAbortHandler)
					}
					for _, r := range rows {
						b = appendLogRow(b, r, zone)
					}
					if _, err := w.Write(b); err != nil {
						return // nobody reads any more
					}
					b = b[:0]
				}
			}}, nil
		})
}

// headingsFor are the headings in the agent's language, else in the browser's.
func headingsFor(agent, accept string) []string {
	wanted, _, err := language.ParseAcceptLanguage(accept)
	if err != nil {
		wanted = nil
	}
	if tag, err := language.Parse(agent); err == nil {
		wanted = append([]language.Tag{tag}, wanted...)
	}
	_, i, _ := headingMatcher.Match(wanted...)
	return headings[headingLanguages[i].String()]
}

// appendLogRow appends a row's record. Type, consent and how it ended are the API's own words: the same in every language.
func appendLogRow(b []byte, r deskhand.LogRow, zone *time.Location) []byte {
	const layout = "2006-01-02T15:04:05Z07:00"
	b = r.StartedAt.In(zone).AppendFormat(b, layout)
	b = append(b, ',')
	b = r.EndedAt.In(zone).AppendFormat(b, layout)
	b = append(b, ',')
	b = appendClock(b, r.Duration)
	for _, cell := range [...]string{
		strings.Join(r.Agents, "; "), r.OwnerName, r.EndUserName, r.Computer, string(r.Type), r.Ticket, r.AgentAddress, r.ComputerAddress,
		string(r.Consent), string(r.EndReason), r.EndedBy, r.Note,
	} {
		b = append(b, ',')
		b = appendCell(b, cell)
	}
	return append(b, '\r', '\n')
}

// appendClock appends a span as 1:02:03, which spreadsheets count with.
func appendClock(b []byte, d time.Duration) []byte {
	seconds := int64(d / time.Second)
	b = strconv.AppendInt(b, seconds/3600, 10)
	for _, n := range [...]int64{seconds / 60 % 60, seconds % 60} {
		b = append(b, ':', byte('0'+n/10), byte('0'+n%10))
	}
	return b
}

func appendRecord(b []byte, cells ...string) []byte {
	for i, cell := range cells {
		if i > 0 {
			b = append(b, ',')
		}
		b = appendCell(b, cell)
	}
	return append(b, '\r', '\n')
}

// appendCell appends one cell (RFC 4180). An apostrophe goes before what a spreadsheet would run as a formula, also in its full-width form, or
// would swallow in front of one.
//
// That is so at the cell's beginning, and behind every mark within it at which a spreadsheet may begin a cell of its own: Excel takes the list separator
// of the system's language whatever the file's name says, which is a semicolon in German and French, and then knows neither our commas nor quotes
// that do not open a cell. So in "a;=1" the semicolon parts, and so does each end of a line. A tab does where people paste or import as they please.
func appendCell(b []byte, s string) []byte {
	quoted := strings.ContainsAny(s, "\",\r\n")
	if quoted {
		b = append(b, '"')
	}
	if startsFormula(s) {
		b = append(b, '\'')
	}
	for {
		i := strings.IndexAny(s, "\";\t\r\n")
		if i < 0 {
			break
		}
		mark := s[i]
		b, s = append(b, s[:i+1]...), s[i+1:]
		switch {
		case mark == '"':
			b = append(b, '"')
		case s != "" && strings.IndexByte("\t\r\n", s[0]) < 0 && startsFormula(s): // of several marks the last one counts
			b = append(b, '\'')
		}
	}
	b = append(b, s...)
	if quoted {
		b = append(b, '"')
	}
	return b
}

// startsFormula looks through blanks and quotes, which some programs take off first.
func startsFormula(s string) bool {
	s = strings.TrimLeft(s, " \"\u00a0\u3000")
	r, _ := utf8.DecodeRuneInString(s)
	return s != "" && (r < ' ' || strings.ContainsRune("=+-@\x7f＝＋－＠", r))
}
