package main

import (
	"context"
	"fmt"

	"deskhand"
	"deskhand/server/store"
)

// Backup backs the data up.
type Backup struct {
	File string `arg:"" help:"New file to write." type:"path"`
}

// Run backs them up as they are at one moment, beside a running server or not.
func (v *Backup) Run(ctx context.Context, g *Globals, t *Terminal) error {
	s, err := g.open(ctx)
	if err != nil {
		return err
	}
	defer s.Close()
	if err := s.Backup(ctx, v.File); err != nil {
		return err
	}
	fmt.Fprintf(t.Out, "Backed up to %s. It holds the server's keys: keep it as safe as the server.\n", v.File)
	return nil
}

// Restore puts a backup in place.
type Restore struct {
	File string `arg:"" help:"Backup to restore." type:"path"`
}

// Run puts it in place while no server runs.
func (v *Restore) Run(ctx context.Context, g *Globals, t *Terminal) error {
	if g.Database != "" {
		return &deskhand.Error{Code: deskhand.CodeInvalid, Fault: "The data are in PostgreSQL.", Hint: "Restore them with pg_restore."}
	}
	kept, err := store.Restore(ctx, g.Data, v.File)
	if err != nil {
		return err
	}
	fmt.Fprintf(t.Out, "Restored %s into %s.\n", v.File, g.Data)
	if kept != "" {
		fmt.Fprintf(t.Out, "The data from before are kept as %s.\n", kept)
	}
	return nil
}
