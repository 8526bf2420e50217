package deskhand

import (
	"errors"
	"fmt"
	"time"
)

// Code says what kind of fault an [Error] is; it decides the HTTP status and is stable across releases.
type Code string

// The codes of an Error.
const (
	CodeInvalid      Code = "invalid"      // the input does not keep its rules
	CodeUnauthorized Code = "unauthorized" // not logged in
	CodeForbidden    Code = "forbidden"    // logged in, but not allowed
	CodeNotFound     Code = "not-found"
	CodeConflict     Code = "conflict"    // the state of things does not allow it now
	CodeThrottled    Code = "throttled"   // too many tries
	CodeOffline      Code = "offline"     // the computer cannot be reached now
	CodeUnavailable  Code = "unavailable" // the server is stopping or overloaded
	CodeInternal     Code = "internal"

	// What an end-user's client is refused for; docs/protocol.md names them alike. An unknown or expired code is CodeNotFound.
	CodeUsed             Code = "used"              // the connection ID was taken
	CodeLineFull         Code = "line-full"         // too many wait
	CodeAgentUnavailable Code = "agent-unavailable" // the agent is disabled
	CodeSessionOver      Code = "session-over"
	CodeExpired          Code = "expired" // the link's time is over
	CodeRevoked          Code = "revoked" // whoever made the link took it back
)

// Error is a fault that a person may read: what happened and what to do, apart. Field names the input at fault, when
// there is one. What went wrong inside is wrapped and never shown.
type Error struct {
	Code  Code
	Field string
	Fault string // a sentence: "The password is wrong."
	Hint  string // a sentence: "Try again in 8 seconds."
	Err   error

	RetryAfter time.Duration // CodeThrottled: how long to wait
}

func (e *Error) Error() string {
	if e.Err != nil {
		return fmt.Sprintf("%s: %s: %v", e.Code, e.Fault, e.Err)
	}
	return fmt.Sprintf("%s: %s", e.Code, e.Fault)
}

func (e *Error) Unwrap() error { return e.Err }

// Errorf makes an Error with a fault.
func Errorf(code Code, format string, args ...any) *Error {
	return &Error{Code: code, Fault: fmt.Sprintf(format, args...)}
}

// CodeOf is the code of the first Error in err's chain; CodeInternal when there is none.
func CodeOf(err error) Code {
	var e *Error
	if errors.As(err, &e) {
		return e.Code
	}
	return CodeInternal
}
