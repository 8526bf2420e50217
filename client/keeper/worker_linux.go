package keeper

import (
	"context"
	"crypto"
	"crypto/ed25519"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"os/user"
	"strconv"
	"strings"
	"sync"
	"syscall"

	"golang.org/x/sys/unix"
)

// The worker's files: its end of the socket pair, and the box.
const (
	parentFD = 3
	boxFD    = 4
)

// Become gives up all rights that the parent has, for good: another user without a name, no groups, no way to more by any program that is
// started, nothing to change on the disk. It is the worker's first act. Outside of a worker it fails.
func Become() error {
	uid, err := strconv.Atoi(os.Getenv(workerUID))
	if err != nil || uid < firstUID || uid > lastUID {
		return errors.New("this is what the service starts by itself; start RemoteSupport unattended")
	}
	if err := errors.Join(syscall.Setgroups([]int{uid}), syscall.Setresgid(uid, uid, uid), syscall.Setresuid(uid, uid, uid)); err != nil {
		return fmt.Errorf("giving up rights: %w", err)
	}
	if err := onAllThreads(unix.SYS_PRCTL, unix.PR_SET_NO_NEW_PRIVS, 1); err != nil {
		return fmt.Errorf("giving up new rights: %w", err)
	}
	if err := confine(); err != nil {
		return fmt.Errorf("giving up the disk: %w", err)
	}
	// Nobody else of this number may look into this process, and it leaves no memory behind.
	if err := unix.Prctl(unix.PR_SET_DUMPABLE, 0, 0, 0, 0); err != nil {
		return fmt.Errorf("closing the memory: %w", err)
	}
	return nil
}

// Parent is the worker's view of its parent.
type Parent struct {
	conn   *net.UnixConn
	box    *os.File
	mu     sync.Mutex // held for one question and its answer
	number uint64
	answer chan reply
	gone   context.CancelFunc
}

// errGone says that the parent has ended; so does the worker.
var errGone = errors.New("the service's parent is gone")

// ToParent takes up the connection to the parent. The context ends with it.
func ToParent(ctx context.Context) (*Parent, context.Context, error) {
	conn, err := connOf(os.NewFile(parentFD, "parent"))
	if err != nil {
		return nil, nil, err
	}
	p, ctx := newParent(ctx, conn, os.NewFile(boxFD, "box"))
	return p, ctx, nil
}

func newParent(ctx context.Context, conn *net.UnixConn, box *os.File) (*Parent, context.Context) {
	ctx, gone := context.WithCancel(ctx)
	p := &Parent{conn: conn, box: box, answer: make(chan reply, 1), gone: gone}
	go p.read()
	return p, ctx
}

// Close ends the connection.
func (p *Parent) Close() { p.conn.Close() }

func (p *Parent) read() {
	defer p.gone()
	defer close(p.answer)
	b, control := make([]byte, maxReply), make([]byte, unix.CmsgSpace(4))
	for {
		n, cn, _, _, err := p.conn.ReadMsgUnix(b, control)
		if err != nil || n == 0 {
			return
		}
		r := reply{file: passed(control[:cn])}
		if json.Unmarshal(b[:n], &r) != nil {
			return
		}
		p.answer <- r
	}
}

// passed is the file that came with an answer; nil: none did.
func passed(control []byte) *os.File {
	messages, err := unix.ParseSocketControlMessage(control)
	if err != nil || len(messages) != 1 {
		return nil
	}
	fds, err := unix.ParseUnixRights(&messages[0])
	if err != nil || len(fds) != 1 {
		return nil
	}
	unix.CloseOnExec(fds[0])
	return os.NewFile(uintptr(fds[0]), "shell")
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
	if _, err := p.conn.Write(b); err != nil {
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

// Shell is the connection to a process that runs a shell with the parent's rights.
func (p *Parent) Shell() (net.Conn, error) {
	a, err := p.ask(request{Verb: Shell})
	if err != nil || a.file == nil {
		return nil, errors.Join(errors.New("asking for a shell"), err)
	}
	return connOf(a.file)
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

// environment is what a worker gets of the parent's: how the network is reached, and the language.
func environment(all []string) []string {
	var some []string
	for _, word := range all {
		name, _, _ := strings.Cut(word, "=")
		switch strings.ToUpper(name) {
		case "PATH", "LANG", "LANGUAGE", "TZ", "HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY", "ALL_PROXY", "SSL_CERT_FILE", "SSL_CERT_DIR", "GOCOVERDIR":
			some = append(some, word)
		default:
			if strings.HasPrefix(name, "LC_") {
				some = append(some, word)
			}
		}
	}
	return append(some, "HOME=/nonexistent")
}

func known(uid int) bool {
	_, err := user.LookupId(strconv.Itoa(uid))
	return err == nil
}
