package wire

import (
	"errors"
	"fmt"
)

// RefusalCode is Refused.code: why the server does not grant a request. See "Signalling" in docs/protocol.md.
type RefusalCode string

// The refusal codes of version 1.
const (
	RefusedWrongCode        RefusalCode = "wrong-code" // unknown or expired
	RefusedUsed             RefusalCode = "used"
	RefusedLineFull         RefusalCode = "line-full"
	RefusedAgentUnavailable RefusalCode = "agent-unavailable"
	RefusedThrottled        RefusalCode = "throttled"   // with retry_after_seconds
	RefusedWorkNeeded       RefusalCode = "work-needed" // with work and work_bits, see Solve
	RefusedNotEnrolled      RefusalCode = "not-enrolled"
	RefusedKeyRevoked       RefusalCode = "key-revoked"
	RefusedTooOld           RefusalCode = "too-old"
	RefusedTooNew           RefusalCode = "too-new"
	RefusedSessionOver      RefusalCode = "session-over"
	RefusedServerStopping   RefusalCode = "server-stopping"
	RefusedInternal         RefusalCode = "internal"
)

// KeepFailure is KeepState.reason: why the computer could not be set up although the end-user allowed it.
type KeepFailure string

// Why a computer is not kept.
const (
	KeepNotAllowed KeepFailure = "not-allowed" // the server does not permit the agent to add computers
	KeepTaken      KeepFailure = "taken"       // it is another agent's computer
	KeepFailed     KeepFailure = "failed"
)

// Reason says why a session, a viewer or a connection ended. See "Signalling" in docs/protocol.md. It is empty when
// nothing is known, as after a lost connection.
type Reason string

// The reasons of version 1.
const (
	ReasonEndedByAgent    Reason = "ended-by-agent"
	ReasonEndedByEndUser  Reason = "ended-by-end-user"
	ReasonDenied          Reason = "denied"
	ReasonUnanswered      Reason = "unanswered"
	ReasonNeverConnected  Reason = "never-connected"
	ReasonViewerClosed    Reason = "viewer-closed"
	ReasonClientLost      Reason = "client-lost"
	ReasonViewerLost      Reason = "viewer-lost"
	ReasonDisplayGone     Reason = "display-gone"
	ReasonServerStopping  Reason = "server-stopping"
	ReasonLoginEnded      Reason = "login-ended"
	ReasonRoleChanged     Reason = "role-changed" // the agent may do less than before
	ReasonComputerRemoved Reason = "computer-removed"
	ReasonComputerHidden  Reason = "computer-hidden"
	ReasonReplaced        Reason = "replaced"
	ReasonShellEnded      Reason = "shell-ended"
	ReasonShellMissing    Reason = "shell-missing"    // the program is not there, or not one of those that are offered
	ReasonPromptRefused   Reason = "prompt-refused"   // by the computer's system
	ReasonPromptUnknown   Reason = "prompt-unknown"   // the client has it no more
	ReasonTooManyPrompts  Reason = "too-many-prompts" // on one computer
	ReasonBadGrant        Reason = "bad-grant"
	ReasonBadKey          Reason = "bad-key"
	ReasonBadTicket       Reason = "bad-ticket"
	ReasonTimeout         Reason = "timeout"
	ReasonTooSlow         Reason = "too-slow"
	ReasonTooOld          Reason = "too-old"
	ReasonTooNew          Reason = "too-new"
	ReasonProtocol        Reason = "protocol"
	ReasonInternal        Reason = "internal"
)

var reasons = map[Reason]bool{
	ReasonEndedByAgent: true, ReasonEndedByEndUser: true, ReasonDenied: true, ReasonUnanswered: true, ReasonNeverConnected: true,
	ReasonViewerClosed: true, ReasonClientLost: true, ReasonViewerLost: true, ReasonDisplayGone: true, ReasonServerStopping: true,
	ReasonShellEnded: true, ReasonShellMissing: true, ReasonPromptRefused: true, ReasonPromptUnknown: true, ReasonTooManyPrompts: true,
	ReasonLoginEnded: true, ReasonRoleChanged: true, ReasonComputerRemoved: true, ReasonComputerHidden: true, ReasonReplaced: true, ReasonBadGrant: true, ReasonBadKey: true,
	ReasonBadTicket: true, ReasonTimeout: true, ReasonTooSlow: true, ReasonTooOld: true, ReasonTooNew: true, ReasonProtocol: true,
	ReasonInternal: true,
}

// ParseReason reads a reason that another end sent: an unknown one is ReasonInternal, none is "".
func ParseReason(s string) Reason {
	if r := Reason(s); s == "" || reasons[r] {
		return r
	}
	return ReasonInternal
}

// NoPictureReason is NoPicture.reason and ClientStatus.no_picture_reason; empty: there is a picture. See "No picture" in
// docs/protocol.md.
type NoPictureReason string

// The reasons for no picture of version 1.
const (
	NoPictureLocked            NoPictureReason = "locked"
	NoPictureLoginScreen       NoPictureReason = "login-screen"
	NoPictureDisplayOff        NoPictureReason = "display-off"
	NoPictureNoDisplay         NoPictureReason = "no-display"
	NoPictureDisplayGone       NoPictureReason = "display-gone"
	NoPicturePaused            NoPictureReason = "paused"
	NoPicturePermissionMissing NoPictureReason = "permission-missing"
	NoPictureElevation         NoPictureReason = "elevation-question"
)

// ClosedError is returned by whatever reads a connection that the other end, or the relay between, closed for a reason.
type ClosedError struct {
	Reason Reason
}

func (e *ClosedError) Error() string {
	return fmt.Sprintf("connection closed by the other end: %s", e.Reason)
}

// ProtocolError says what the other end did wrong; the connection ends with Reason.
type ProtocolError struct {
	Reason Reason // ReasonProtocol unless a more exact one is known
	Err    error
}

func (e *ProtocolError) Error() string { return string(e.Reason) + ": " + e.Err.Error() }

func (e *ProtocolError) Unwrap() error { return e.Err }

// Violation makes a *ProtocolError with ReasonProtocol.
func Violation(format string, args ...any) error {
	return &ProtocolError{Reason: ReasonProtocol, Err: fmt.Errorf(format, args...)}
}

// ReasonOf is the reason that an error of a connection stands for; "" when it was lost without one.
func ReasonOf(err error) Reason {
	var closed *ClosedError
	var broken *ProtocolError
	var version *VersionError
	switch {
	case errors.As(err, &closed):
		return closed.Reason
	case errors.As(err, &broken):
		return broken.Reason
	case errors.As(err, &version):
		return version.Reason()
	}
	return ""
}
