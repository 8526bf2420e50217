package store

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"deskhand"
)

// A list may have ten thousand computers, of which each column costs milliseconds: it has what an agent is shown, and what is the same for many rows (owners,
// open sessions) is read once.
const listedColumns = `SELECT c.id, c.owner_id, c.name, c.user_name, c.system, c.address, c.visibility, c.online, c.created_at, c.last_seen_at, c.group_id, c.note,
	c.tags, c.sites, c.prompts, c.cloned_at FROM computer c`

func scanListed(r scanner) (c deskhand.Computer, err error) {
	return c, r.Scan(&c.ID, &c.OwnerID, &c.Name, &c.UserName, &c.System, &c.Address, &c.Visibility, &c.Online, stamp{&c.CreatedAt}, stamp{&c.LastSeenAt},
		&c.GroupID, &c.Note, lines{&c.Tags}, lines{&c.Sites}, &c.Prompts, stamp{&c.ClonedAt})
}

// ListComputers gives the computers that an agent sees, by name: their own and the team's, and for administrators, who may take them over, all
// others as well. With ids it gives only those of them. They come without what their clients say of themselves: key, epoch, machine, run.
func (s *Store) ListComputers(ctx context.Context, agentID string, ids []string) (list []deskhand.Computer, err error) {
	err = s.read(ctx, func(t *tx) error {
		a, err := t.agent("id", agentID)
		if err != nil {
			return err
		}
		query, args := listedColumns+listedWhere, listedArgs(a)
		if ids != nil {
			query += " AND c.id IN " + placeholders(len(args)+1, len(ids))
			args = append(args, anys(ids)...)
		}
		if list, err = all(t, scanListed, query, args...); err != nil {
			return err
		}
		return t.completeListed(list)
	})
	if err != nil {
		return nil, err
	}
	return byName(list), nil
}

// completeListed adds the owners' names, and which computers are in use.
func (t *tx) completeListed(list []deskhand.Computer) error {
	if len(list) == 0 {
		return nil
	}
	type owner struct {
		id, name string
		gone     bool
	}
	owners, err := all(t, func(r scanner) (o owner, err error) { return o, r.Scan(&o.id, &o.name, &o.gone) }, "SELECT id, name, disabled FROM agent")
	if err != nil {
		return err
	}
	byID := make(map[string]owner, len(owners))
	for _, o := range owners {
		byID[o.id] = o
	}
	open, err := all(t, oneString, "SELECT computer_id FROM session WHERE ended_at = 0 AND computer_id <> ''")
	if err != nil {
		return err
	}
	used := make(map[string]bool, len(open))
	for _, id := range open {
		used[id] = true
	}
	for i := range list {
		c := &list[i]
		o := byID[c.OwnerID]
		c.OwnerName, c.OwnerGone, c.InUse = o.name, o.gone, used[c.ID]
	}
	return nil
}

// byName sorts here, which takes a fraction of what the database takes for it.
func byName(list []deskhand.Computer) []deskhand.Computer {
	keys := make([]string, len(list))
	for i := range list {
		keys[i] = strings.ToLower(list[i].Name)
	}
	order := make([]int, len(list))
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(i, j int) int {
		return cmp.Or(strings.Compare(keys[i], keys[j]), strings.Compare(list[i].ID, list[j].ID))
	})
	sorted := make([]deskhand.Computer, len(list))
	for at, i := range order {
		sorted[at] = list[i]
	}
	return sorted
}
