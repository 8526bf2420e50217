package httpapi

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"log/slog"
	"math"
	"net/http"
	"strconv"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"deskhand"
)

// Problem is the body of every fault: an RFC 9457 problem document. Detail is the fault and Hint what to do, each a sentence for people.
type Problem struct {
	Type       string        `json:"type,omitempty" doc:"Always about:blank."`
	Title      string        `json:"title" doc:"The HTTP status in words."`
	Status     int           `json:"status" doc:"The HTTP status."`
	Detail     string        `json:"detail" doc:"What went wrong: a sentence for people."`
	Instance   string        `json:"instance,omitempty" doc:"A code to quote to the administrator; it stands in the server's log."`
	Code       deskhand.Code `json:"code" doc:"What kind of fault it is; stable across releases."`
	Field      string        `json:"field,omitempty" doc:"The input at fault."`
	Hint       string        `json:"hint,omitempty" doc:"What to do: a sentence for people."`
	RetryAfter int           `json:"retryAfter,omitempty" doc:"Seconds until a new try makes sense."`
}

// Error and GetStatus make a Problem an error that huma sends as it is.
func (p *Problem) Error() string { return p.Detail }

// GetStatus is the HTTP status.
func (p *Problem) GetStatus() int { return p.Status }

// ContentType is that of problem documents.
func (p *Problem) ContentType(string) string { return "application/problem+json" }

// GetHeaders are the headers that go with it.
func (p *Problem) GetHeaders() http.Header {
	h := http.Header{}
	if p.RetryAfter > 0 {
		h.Set("Retry-After", strconv.Itoa(p.RetryAfter))
	}
	return h
}

func (p *Problem) write(w http.ResponseWriter) {
	for k, v := range p.GetHeaders() {
		w.Header()[k] = v
	}
	w.Header().Set("Content-Type", p.ContentType(""))
	w.WriteHeader(p.Status)
	_ = json.NewEncoder(w).Encode(p) // the other end is gone: nobody is left to tell
}

var statusOf = map[deskhand.Code]int{
	deskhand.CodeInvalid:      http.StatusUnprocessableEntity,
	deskhand.CodeUnauthorized: http.StatusUnauthorized,
	deskhand.CodeForbidden:    http.StatusForbidden,
	deskhand.CodeNotFound:     http.StatusNotFound,
	deskhand.CodeConflict:     http.StatusConflict,
	deskhand.CodeThrottled:    http.StatusTooManyRequests,
	deskhand.CodeOffline:      http.StatusServiceUnavailable,
	deskhand.CodeUnavailable:  http.StatusServiceUnavailable,
	deskhand.CodeInternal:     http.StatusInternalServerError,

	deskhand.CodeUsed:             http.StatusConflict,
	deskhand.CodeLineFull:         http.StatusConflict,
	deskhand.CodeAgentUnavailable: http.StatusConflict,
	deskhand.CodeSessionOver:      http.StatusConflict,
	deskhand.CodeExpired:          http.StatusConflict,
	deskhand.CodeRevoked:          http.StatusConflict,
}

func problemOf(e *deskhand.Error) *Problem {
	status, ok := statusOf[e.Code]
	if !ok {
		status = http.StatusInternalServerError
	}
	p := &Problem{
		Type: "about:blank", Title: http.StatusText(status), Status: status, Detail: e.Fault, Code: e.Code, Field: e.Field, Hint: e.Hint,
		RetryAfter: int(math.Ceil(e.RetryAfter.Seconds())),
	}
	return p
}

// problem is what the caller sees of err. What is not a deskhand.Error stays in the log, under the code that the caller gets.
func (a *API) problem(ctx context.Context, err error) *Problem {
	var p *Problem
	if errors.As(err, &p) {
		return p
	}
	var e *deskhand.Error
	if errors.As(err, &e) && e.Code != deskhand.CodeInternal {
		return problemOf(e)
	}
	if errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		return problemOf(&deskhand.Error{Code: deskhand.CodeUnavailable, Fault: "The server is too busy or stopping.", Hint: "Try again in a moment."})
	}
	code := rand.Text()[:8]
	a.Log.LogAttrs(ctx, slog.LevelError, "request failed", slog.String("code", code), slog.Any("err", err))
	p = problemOf(&deskhand.Error{
		Code: deskhand.CodeInternal, Fault: "Something went wrong on the server.",
		Hint: "Try again. If it stays, give your administrator this code: " + code + ".",
	})
	p.Instance = code
	return p
}

// Fault answers a request outside the API's routes with a problem document, as the routes do.
func (a *API) Fault(w http.ResponseWriter, r *http.Request, err error) {
	a.problem(r.Context(), err).write(w)
}

func (a *API) writeFault(w http.ResponseWriter, e *deskhand.Error) { problemOf(e).write(w) }

// newProblem is how huma reports what it finds itself: input that breaks a type's limits. Values are never echoed, one of them may be
// a password.
func newProblem(status int, msg string, errs ...error) huma.StatusError {
	p := &Problem{Type: "about:blank", Title: http.StatusText(status), Status: status, Detail: sentence(msg), Code: deskhand.CodeInvalid}
	switch {
	case status >= 500:
		p.Code, p.Detail = deskhand.CodeInternal, "Something went wrong on the server."
	case status == http.StatusRequestEntityTooLarge:
		p.Detail, p.Hint = "This is more than the server takes.", "Send less at once."
	}
	for _, err := range errs {
		var d huma.ErrorDetailer
		if errors.As(err, &d) && p.Field == "" && status < 500 {
			detail := d.ErrorDetail()
			p.Detail = "Some of this cannot be used."
			_, p.Field, _ = strings.Cut(detail.Location, ".")
			p.Hint = sentence(detail.Message)
		}
	}
	return p
}

// TooLarge is the fault of a body that is larger than its route takes.
func TooLarge() error { return newProblem(http.StatusRequestEntityTooLarge, "") }

func sentence(s string) string {
	if s == "" {
		return ""
	}
	return strings.ToUpper(s[:1]) + strings.TrimSuffix(s[1:], ".") + "."
}
