package update

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
	"time"

	"deskhand"
)

// tryTakes is how long a new program may take to say which release it is.
const tryTakes = 20 * time.Second

// fetch writes the new program beside the old one, and what is not exactly what was signed is an error.
func (p *Place) fetch(ctx context.Context, from Source, c deskhand.ReleaseClient) error {
	p.next(stepWrite)
	body, err := from.Program(ctx, c.Platform)
	if err != nil {
		return fmt.Errorf("asking for the program: %w", err)
	}
	defer body.Close()
	f, err := os.OpenFile(p.newProgram(), os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600) // it may be run once it was checked
	if err != nil {
		return fmt.Errorf("writing the program: %w", err)
	}
	hash := sha256.New()
	n, err := io.Copy(io.MultiWriter(f, hash), io.LimitReader(body, c.Size+1))
	p.next(stepCheck)
	switch want, bad := hex.DecodeString(c.SHA256); {
	case err != nil:
	case n != c.Size:
		err = fmt.Errorf("the program has another size than the %d bytes that were signed", c.Size)
	case bad != nil || !bytes.Equal(hash.Sum(nil), want):
		err = errors.New("the program is not the one that was signed")
	default:
		err = errors.Join(f.Chmod(0o755), f.Sync())
	}
	if err = errors.Join(err, f.Close()); err != nil {
		return fmt.Errorf("writing the program: %w", err)
	}
	return nil
}

// put makes the new program the program.
func (p *Place) put(ctx context.Context, number uint64, s state) error {
	p.next(stepTry)
	try := p.Try
	if try == nil {
		try = asksVersion
	}
	if err := try(ctx, p.newProgram(), number); err != nil {
		return fmt.Errorf("trying the new program: %w", err)
	}
	p.next(stepKeep)
	if err := p.keepOld(); err != nil {
		return fmt.Errorf("keeping the old program: %w", err)
	}
	p.next(stepNote)
	s.Trying, s.Started = number, false
	if err := p.save(s); err != nil {
		return err
	}
	p.next(stepSwap)
	if err := p.swap(p.newProgram()); err != nil {
		return fmt.Errorf("putting the new program in place: %w", err)
	}
	p.next(stepDone)
	return nil
}

// keepOld makes the old program the previous one as well; it stays the program meanwhile.
func (p *Place) keepOld() error {
	tmp := p.previous() + ".new"
	if err := os.Remove(tmp); err != nil && !errors.Is(err, os.ErrNotExist) {
		return err
	}
	if err := double(p.Program, tmp); err != nil {
		return err
	}
	return p.rename(tmp, p.previous())
}

// rename is on the disk when it returns.
func (p *Place) rename(from, to string) error {
	if err := os.Rename(from, to); err != nil {
		return err
	}
	return syncDir(to)
}

func copyFile(from, to string) error {
	in, err := os.Open(from)
	if err != nil {
		return err
	}
	defer in.Close()
	out, err := os.OpenFile(to, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o755)
	if err != nil {
		return err
	}
	_, err = io.Copy(out, in)
	return errors.Join(err, out.Sync(), out.Close())
}

// asksVersion runs `PROGRAM version`, so that a program for another machine, or one that cannot even start, takes no place.
func asksVersion(ctx context.Context, program string, number uint64) error {
	ctx, cancel := context.WithTimeout(ctx, tryTakes)
	defer cancel()
	out, err := exec.CommandContext(ctx, program, "version").Output()
	if err != nil {
		return err
	}
	if words := fmt.Sprintf("release %d", number); !strings.Contains(strings.TrimSpace(string(out))+" ", words+" ") {
		return fmt.Errorf("it is not %s but says %.100q", words, out)
	}
	return nil
}
