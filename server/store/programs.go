package store

import (
	"context"
	"fmt"

	"deskhand"
)

// maxPrograms bounds the list of client versions that are in use.
const maxPrograms = 20

// keepProgram keeps which client a computer has.
func (t *tx) keepProgram(computerID string, p deskhand.Program) error {
	_, err := t.exec("UPDATE computer SET client_version = $1, client_release = $2, bad_release = $3 WHERE id = $4",
		deskhand.CleanText(p.Version, maxDescription), releaseNumber(p.Release), releaseNumber(p.Bad), computerID)
	return err
}

// releaseNumber is a number that a column takes; what a client made up counts as none.
func releaseNumber(n uint64) int64 {
	if n > deskhand.MaxReleaseNumber {
		return 0
	}
	return int64(n)
}

// Programs counts the clients that computers have, the newest first, at most 20, and how computers stand to a release that is offered.
func (s *Store) Programs(ctx context.Context, offered uint64) (list []deskhand.ProgramCount, u deskhand.UpdateCount, err error) {
	err = s.read(ctx, func(t *tx) error {
		list, err = all(t, func(r scanner) (c deskhand.ProgramCount, err error) {
			var release int64
			err = r.Scan(&c.Version, &release, &c.Computers)
			c.Release = uint64(release)
			return c, err
		}, `SELECT client_version, client_release, count(*) FROM computer WHERE removed_at = 0 AND client_version <> ''
			GROUP BY client_version, client_release ORDER BY client_release DESC, count(*) DESC, client_version LIMIT $1`, maxPrograms)
		if err != nil {
			return err
		}
		return t.row(`SELECT COALESCE(sum(CASE WHEN client_release > 0 AND client_release < $1 AND bad_release < $1 THEN 1 ELSE 0 END), 0),
			COALESCE(sum(CASE WHEN client_release < $1 AND bad_release >= $1 THEN 1 ELSE 0 END), 0), COALESCE(sum(CASE WHEN client_release = 0 THEN 1 ELSE 0 END), 0)
			FROM computer WHERE removed_at = 0`, releaseNumber(offered)).Scan(&u.Waiting, &u.TakenBack, &u.Never)
	})
	if err != nil {
		err = fmt.Errorf("counting clients: %w", err)
	}
	return list, u, err
}
