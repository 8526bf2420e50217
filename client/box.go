//go:build linux || windows

package client

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"math"

	"deskhand"
	"deskhand/client/keeper"
	"deskhand/client/update"
)

// The box between a worker and its parent holds a signed release, which is text, a zero, and the program for this system.

// parentsProgram is the program as its worker sees it: the worker fetches, the parent decides.
type parentsProgram struct {
	parent  *keeper.Parent
	release keeper.Release
}

func (p *parentsProgram) Number() uint64 { return p.release.Number }
func (p *parentsProgram) Bad() uint64    { return p.release.Bad }
func (p *parentsProgram) Good() error    { return p.parent.Good() }

// Update reads the release only to fetch no more than it names.
func (p *parentsProgram) Update(ctx context.Context, from update.Source) (uint64, error) {
	file, err := from.Release(ctx)
	if err != nil {
		return 0, fmt.Errorf("asking for the release: %w", err)
	}
	r, err := deskhand.ReadRelease(file)
	if err != nil {
		return 0, err
	}
	c, ok := r.For(Platform())
	if !ok || r.Number <= max(p.release.Number, p.release.Bad) {
		return 0, nil
	}
	return p.parent.Offer(func(box io.Writer) error {
		body, err := from.Program(ctx, c.Platform)
		if err != nil {
			return fmt.Errorf("asking for the program: %w", err)
		}
		defer body.Close()
		if _, err = box.Write(append(bytes.Clone(file), 0)); err == nil {
			_, err = io.Copy(box, io.LimitReader(body, c.Size+1))
		}
		if err != nil {
			return fmt.Errorf("fetching the program: %w", err)
		}
		return nil
	})
}

// box is the parent's view of it, a source like the server.
type box struct{ io.ReaderAt }

func (b box) Release(context.Context) ([]byte, error) {
	file := make([]byte, deskhand.MaxSignedRelease+1)
	n, err := b.ReadAt(file, 0)
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, err
	}
	file, _, ok := bytes.Cut(file[:n], []byte{0})
	if !ok {
		return nil, errors.New("there is no release in the box")
	}
	return file, nil
}

func (b box) Program(ctx context.Context, _ string) (io.ReadCloser, error) {
	file, err := b.Release(ctx)
	if err != nil {
		return nil, err
	}
	begins := int64(len(file)) + 1
	return io.NopCloser(io.NewSectionReader(b, begins, math.MaxInt64-begins)), nil
}
