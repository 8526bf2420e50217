package client

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"time"

	"deskhand"
)

// EnrolRequest is what an agent gives to set a computer up for unattended access: name and password, or a token.
type EnrolRequest struct {
	Server      *url.URL
	Fingerprint string // of a self-signed server; empty: the system's certificate authorities decide
	UserName    string
	Password    string
	Code        string // of the agent's second factor; empty: none was given
	Token       string // an API token of the agent's, or the code of a link that adds a computer
	Replace     bool   // the computer that this installation is already is replaced
	StateDir    string
}

// RefusedError is a server's no that trying again will not change, or not before Wait: exit code 3.
type RefusedError struct {
	Fault string
	Hint  string
	Field string // the input at fault; empty: none in particular
	Code  deskhand.Code
}

// Fields of refusals that can be answered.
const (
	FieldCode    = "code"    // a code of the agent's second factor is wanted
	FieldReplace = "replace" // this installation is a computer already
)

func (e *RefusedError) Error() string { return join(e.Fault, e.Hint) }

// UnreachableError says that the server could not be reached: exit code 4.
type UnreachableError struct {
	Server string
	Err    error
}

func (e *UnreachableError) Error() string {
	return fmt.Sprintf("The server %s cannot be reached: %v. Check the address, the network and the proxy.", e.Server, e.Err)
}

func (e *UnreachableError) Unwrap() error { return e.Err }

func join(fault, hint string) string {
	if hint == "" {
		return fault
	}
	return fault + " " + hint
}

const (
	enrolTimeout = 30 * time.Second
	maxAnswer    = 64 << 10 // bytes of an answer
)

// Enrol makes this computer an unattended one of the agent's: a new key pair, registered at the server and written to the state directory.
func Enrol(ctx context.Context, r EnrolRequest) (*Enrolment, error) {
	machine := installation(r.Server.String(), r.StateDir)
	seed := newSeed()
	// By the key of an earlier enrolment the server knows this installation again. What replaces it has a new one, so that a copy of the old one is
	// worth nothing; unless there is nothing else to know it by.
	if old, err := LoadEnrolment(r.StateDir); err == nil && old.Server == r.Server.String() && (!r.Replace || machine == "") {
		seed = old.PrivateKey
	}
	st := status()
	asked := map[string]any{
		"publicKey":    base64.RawURLEncoding.EncodeToString(ed25519.NewKeyFromSeed(seed).Public().(ed25519.PublicKey)),
		"computerName": st.ComputerName, "system": st.System, "user": st.UserName, "machine": machine, "replace": r.Replace,
	}
	for name, value := range map[string]string{"userName": r.UserName, "password": r.Password, "code": r.Code, "token": r.Token} {
		if value != "" {
			asked[name] = value
		}
	}
	body, err := json.Marshal(asked)
	if err != nil {
		return nil, fmt.Errorf("encoding the enrolment: %w", err)
	}
	var answer struct {
		ComputerID string `json:"computerId"`
		GrantKey   string `json:"grantKey"`
		Name       string `json:"name"`
	}
	if err := post(ctx, r, "/client/computers", body, &answer); err != nil {
		return nil, err
	}
	grantKey, err := base64.RawURLEncoding.DecodeString(answer.GrantKey)
	if err != nil || len(grantKey) != ed25519.PublicKeySize || answer.ComputerID == "" {
		return nil, errors.New("the server's answer is not one of a Deskhand server; check the address")
	}
	e := &Enrolment{
		Server: r.Server.String(), Fingerprint: r.Fingerprint, ComputerID: answer.ComputerID,
		Name: answer.Name, PrivateKey: seed, GrantKey: grantKey,
	}
	return e, SaveEnrolment(r.StateDir, e)
}

func post(ctx context.Context, r EnrolRequest, path string, body []byte, answer any) error {
	ctx, cancel := context.WithTimeout(ctx, enrolTimeout)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, r.Server.JoinPath(path).String(), bytes.NewReader(body))
	if err != nil {
		return fmt.Errorf("making the request: %w", err)
	}
	req.Header.Set("Content-Type", "application/json")
	hc, err := httpClient(r.Fingerprint)
	if err != nil {
		return err
	}
	defer hc.CloseIdleConnections()
	resp, err := hc.Do(req)
	if err != nil {
		return &UnreachableError{Server: r.Server.Host, Err: err}
	}
	defer resp.Body.Close()
	b, err := io.ReadAll(io.LimitReader(resp.Body, maxAnswer))
	if err != nil {
		return &UnreachableError{Server: r.Server.Host, Err: err}
	}
	if resp.StatusCode/100 == 2 {
		if err := json.Unmarshal(b, answer); err != nil {
			return errors.New("the server's answer is not one of a Deskhand server; check the address")
		}
		return nil
	}
	var problem struct {
		Detail, Hint, Field string
		Code                deskhand.Code
	}
	if json.Unmarshal(b, &problem) != nil || problem.Detail == "" {
		problem.Detail = fmt.Sprintf("The server answered %s.", resp.Status)
	}
	switch resp.StatusCode {
	case http.StatusUnauthorized, http.StatusForbidden, http.StatusNotFound, http.StatusConflict, http.StatusTooManyRequests:
		return &RefusedError{Fault: problem.Detail, Hint: problem.Hint, Field: problem.Field, Code: problem.Code}
	default:
		return errors.New(join(problem.Detail, problem.Hint))
	}
}
