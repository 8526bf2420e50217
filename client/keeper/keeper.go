// Package keeper is the wall between what an unattended computer must be privileged for and what listens to the network. A privileged parent keeps
// the computer's key and looks for displays; its worker, which has lost all rights, speaks to the server and to viewers and shows the screen. The worker
// asks the parent by seven verbs over a socket pair, and nothing else passes:
//
//	who      where the computer is enrolled, without the key
//	sign     the answer to a challenge of the server, or a key for one viewer; nothing else is signed
//	session  which display somebody sits at, and the cookie that it asks for
//	shell    one end of a socket, at whose other end a process with the parent's rights runs a shell
//	removed  the server has removed this computer; the parent takes the key and the service away
//	offer    a signed release of the program stands in the box, a file in memory that both have; the parent checks it before it takes the program's place
//	good     the server has accepted the release that runs
//
// The kernel tells the parent who sent each message: one that is not from the very process that it started is not answered. A message is one JSON
// object in one packet, of at most MaxRequest bytes.
package keeper

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"time"
)

// Verb is what a worker asks for.
type Verb string

// The verbs.
const (
	Who     Verb = "who"
	Sign    Verb = "sign"
	Display Verb = "session"
	Shell   Verb = "shell"
	Removed Verb = "removed"
	Offer   Verb = "offer"
	Good    Verb = "good"
)

// Limits of a message, in bytes.
const (
	MaxRequest = 1024
	maxReply   = 16 << 10
	maxSigned  = 256
)

// Identity is what a worker knows of its computer.
type Identity struct {
	Server      string `json:"server"`
	Fingerprint string `json:"fingerprint,omitempty"`
	ComputerID  string `json:"computerId"`
	Name        string `json:"name"`
	GrantKey    []byte `json:"grantKey"`
	PublicKey   []byte `json:"publicKey"`
	Machine     string `json:"machine,omitempty"` // names this installation at the server
	// Shells that a command prompt can be opened with, the usual one first.
	Shells []string `json:"shells,omitempty"`

	Release *Release `json:"release,omitempty"` // nil: the program is never replaced
}

// Release is what a worker knows of the release that runs.
type Release struct {
	Number uint64 `json:"number"`
	Bad    uint64 `json:"bad,omitempty"`
	Trial  bool   `json:"trial,omitempty"` // it has to say that it is good

	Spread time.Duration `json:"spread"` // how long to wait before looking for another
}

// Session is where the worker finds the screen. Fault says why there is none.
type Session struct {
	Display string `json:"display,omitempty"`
	Cookie  []byte `json:"cookie,omitempty"`
	User    string `json:"user,omitempty"`
	Greeter bool   `json:"greeter,omitempty"`
	Fault   string `json:"fault,omitempty"`
}

// Keeper does what the verbs ask for. Its methods are called one at a time.
type Keeper interface {
	Identity() Identity
	// Sign refuses what a computer does not sign.
	Sign(message []byte) ([]byte, error)
	Session() Session
	// Shell starts a process that runs a shell for whoever has the other end of what it returns. The worker says there which one.
	Shell() (*os.File, error)
	Removed()
	// Offer looks into the box; 0: there is no newer release.
	Offer(box io.ReaderAt) (number uint64, err error)
	Good() error
}

// request is one question. The number is that of its answer.
type request struct {
	Number  uint64 `json:"number"`
	Verb    Verb   `json:"verb"`
	Message []byte `json:"message,omitempty"` // of sign
}

type reply struct {
	Number    uint64    `json:"number"`
	Fault     string    `json:"fault,omitempty"`
	Identity  *Identity `json:"identity,omitempty"`
	Signature []byte    `json:"signature,omitempty"`
	Session   *Session  `json:"session,omitempty"`
	Placed    uint64    `json:"placed,omitempty"` // the release that stands in the program's place now

	file *os.File // came along
}

// parse reads a question; whatever is not exactly one is refused.
func parse(b []byte) (request, error) {
	var r request
	if len(b) > MaxRequest {
		return r, fmt.Errorf("a question of %d bytes", len(b))
	}
	d := json.NewDecoder(bytes.NewReader(b))
	d.DisallowUnknownFields()
	if err := d.Decode(&r); err != nil {
		return r, fmt.Errorf("reading a question: %w", err)
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return r, errors.New("something follows the question")
	}
	switch r.Verb {
	case Who, Display, Shell, Removed, Offer, Good:
		if r.Message != nil {
			return r, fmt.Errorf("%s with a message", r.Verb)
		}
	case Sign:
		if len(r.Message) == 0 || len(r.Message) > maxSigned {
			return r, fmt.Errorf("%d bytes to sign", len(r.Message))
		}
	default:
		return r, fmt.Errorf("%q is no verb", r.Verb)
	}
	return r, nil
}

// answer does what a question asks for. The file goes along with the answer; nil: none.
func answer(k Keeper, r request, box io.ReaderAt) (a reply, file *os.File) {
	a.Number = r.Number
	var err error
	switch r.Verb {
	case Who:
		id := k.Identity()
		a.Identity = &id
	case Sign:
		a.Signature, err = k.Sign(r.Message)
	case Display:
		s := k.Session()
		a.Session = &s
	case Shell:
		file, err = k.Shell()
	case Removed:
		k.Removed()
	case Offer:
		a.Placed, err = k.Offer(box)
	case Good:
		err = k.Good()
	}
	if err != nil {
		a.Fault = err.Error()
	}
	return a, file
}
