package keeper

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"sync"
	"testing"
)

// TestMain is a worker when it is started as one.
func TestMain(m *testing.M) {
	if os.Getenv(boxVariable) == "" {
		os.Exit(m.Run())
	}
	if err := work(); err != nil {
		os.Exit(7)
	}
	os.Exit(0)
}

// work asks everything that a worker may ask; then it waits until it is to end.
func work() error {
	if err := Become(); err != nil {
		return err
	}
	p, ctx, err := ToParent(context.Background())
	if err != nil {
		return err
	}
	id, err := p.Identity()
	if err != nil || id.ComputerID != "c1" {
		return fmt.Errorf("the computer is %q, %w", id.ComputerID, err)
	}
	if _, err := p.Signer(nil).Sign(nil, []byte("else"), nil); err == nil {
		return errors.New("anything is signed")
	}
	if s, err := p.Signer(nil).Sign(nil, []byte("challenge"), nil); err != nil || string(s) != "signed challenge" {
		return fmt.Errorf("the signature is %q, %w", s, err)
	}
	n, err := p.Offer(func(box io.Writer) error {
		_, err := box.Write([]byte("a release"))
		return err
	})
	if err != nil || n != 9 {
		return fmt.Errorf("the release is %d, %w", n, err)
	}
	err = errors.Join(p.Good(), p.Removed())
	if len(os.Args) > 1 && os.Args[1] == "stay" {
		<-ctx.Done() // which may come before the last answer
		return nil
	}
	return err
}

// kept notes what it was asked for.
type kept struct {
	mu    sync.Mutex
	asked []Verb
	all   chan struct{} // closed when the last verb was asked
}

func (k *kept) note(v Verb) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.asked = append(k.asked, v); v == Removed {
		close(k.all)
	}
}

func (k *kept) Identity() Identity { k.note(Who); return Identity{ComputerID: "c1"} }

func (k *kept) Sign(message []byte) ([]byte, error) {
	k.note(Sign)
	if string(message) != "challenge" {
		return nil, errors.New("not this")
	}
	return append([]byte("signed "), message...), nil
}
func (k *kept) Session() Session         { k.note(Display); return Session{} }
func (k *kept) Shell() (*os.File, error) { return nil, errors.New("none") }
func (k *kept) Removed()                 { k.note(Removed) }
func (k *kept) Good() error              { k.note(Good); return nil }

func (k *kept) Offer(box io.ReaderAt) (uint64, error) {
	k.note(Offer)
	b, err := io.ReadAll(io.NewSectionReader(box, 0, 100))
	if err != nil || !bytes.Equal(b, []byte("a release")) {
		return 0, fmt.Errorf("the box holds %q: %w", b, err)
	}
	return uint64(len(b)), nil
}

// A worker of this process's own rights asks for everything, and is told to end.
func TestWorker(t *testing.T) {
	for _, args := range [][]string{nil, {"stay"}} {
		k := &kept{all: make(chan struct{})}
		p, err := spawn(0, k, slog.New(slog.DiscardHandler), args)
		if err != nil {
			t.Fatal(err)
		}
		if args == nil {
			if err := <-p.ended(); err != nil {
				t.Errorf("the worker: %v", err)
			}
		} else {
			<-k.all
			if err := p.end(); err != nil {
				t.Errorf("the worker that stays: %v", err)
			}
		}
		if len(k.asked) != 6 {
			t.Errorf("asked was %q", k.asked)
		}
	}
}

func TestNoWorker(t *testing.T) {
	if err := Become(); err == nil {
		t.Error("this is no worker")
	}
	if _, _, err := ToParent(t.Context()); err == nil {
		t.Error("this has no parent")
	}
}
