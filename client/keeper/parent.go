//go:build linux || windows

package keeper

import (
	"context"
	"crypto"
	"crypto/ed25519"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"sync"
)

// Parent is the worker's view of its parent.
type Parent struct {
	link   link
	box    *os.File
	mu     sync.Mutex // held for one question and its answer
	number uint64
	answer chan reply
	gone   context.CancelFunc
}

// errGone says that the parent has ended; so does the worker.
var errGone = errors.New("the service's parent is gone")

// link carries packets between a worker and its parent, and files with those of the parent.
type link interface {
	send(packet []byte) error
	receive() (packet []byte, file *os.File, err error)
	close() error
}

func parentOver(ctx context.Context, l link, box *os.File) (*Parent, context.Context) {
	ctx, gone := context.WithCancel(ctx)
	p := &Parent{link: l, box: box, answer: make(chan reply, 1), gone: gone}
	go p.read()
	return p, ctx
}

// Close ends the connection.
func (p *Parent) Close() { _ = p.link.close() }

func (p *Parent) read() {
	defer p.gone()
	defer close(p.answer)
	for {
		b, file, err := p.link.receive()
		if err != nil {
			return
		}
		r := reply{file: file}
		if json.Unmarshal(b, &r) != nil {
			return
		}
		p.answer <- r
	}
}

func (p *Parent) ask(r request) (reply, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.number++
	r.Number = p.number
	b, err := json.Marshal(r)
	if err != nil {
		return reply{}, fmt.Errorf("asking the parent: %w", err)
	}
	if err := p.link.send(b); err != nil {
		return reply{}, errGone
	}
	for a := range p.answer {
		switch {
		case a.Number != r.Number:
		case a.Fault != "":
			return reply{}, errors.New(a.Fault)
		default:
			return a, nil
		}
	}
	return reply{}, errGone
}

// Identity is who this computer is.
func (p *Parent) Identity() (Identity, error) {
	a, err := p.ask(request{Verb: Who})
	if err != nil || a.Identity == nil {
		return Identity{}, errors.Join(errors.New("asking who this computer is"), err)
	}
	return *a.Identity, nil
}

// Session is where the screen is now.
func (p *Parent) Session() (Session, error) {
	a, err := p.ask(request{Verb: Display})
	if err != nil || a.Session == nil {
		return Session{}, errors.Join(errors.New("asking for the screen"), err)
	}
	return *a.Session, nil
}

// Removed tells that the server has removed this computer.
func (p *Parent) Removed() error {
	_, err := p.ask(request{Verb: Removed})
	return err
}

// Offer has fill put a release into the empty box, and the parent look at it; 0: there is no newer one.
func (p *Parent) Offer(fill func(box io.Writer) error) (number uint64, err error) {
	defer func() { _ = p.box.Truncate(0) }() // it is memory
	if err := errors.Join(p.box.Truncate(0), rewind(p.box)); err != nil {
		return 0, fmt.Errorf("emptying the box: %w", err)
	}
	if err := fill(p.box); err != nil {
		return 0, err
	}
	a, err := p.ask(request{Verb: Offer})
	return a.Placed, err
}

func rewind(f *os.File) error {
	_, err := f.Seek(0, io.SeekStart)
	return err
}

// Good says that the server has accepted the release that runs.
func (p *Parent) Good() error {
	_, err := p.ask(request{Verb: Good})
	return err
}

// Signer signs with the computer's key, which stays with the parent.
func (p *Parent) Signer(public ed25519.PublicKey) crypto.Signer { return signer{p, public} }

type signer struct {
	parent *Parent
	public ed25519.PublicKey
}

func (s signer) Public() crypto.PublicKey { return s.public }

func (s signer) Sign(_ io.Reader, message []byte, _ crypto.SignerOpts) ([]byte, error) {
	a, err := s.parent.ask(request{Verb: Sign, Message: message})
	return a.Signature, err
}
