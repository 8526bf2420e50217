package store

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"deskhand"
)

// maxWakers is how many computers are tried to wake another one.
const maxWakers = 3

// SaveInventory keeps what a computer says that it is made of, within its limits. Not audited.
func (s *Store) SaveInventory(ctx context.Context, computerID string, i deskhand.Inventory) error {
	i = i.Clean()
	return s.write(ctx, deskhand.Server, func(t *tx) error {
		c, err := t.computer(computerID)
		if err != nil || !c.RemovedAt.IsZero() {
			return err
		}
		t.changed(deskhand.TopicComputers, "", computerID)
		_, err = t.exec("UPDATE computer SET inventory = $1, inventory_at = $2, sites = $3 WHERE id = $4",
			i.Encode(), micros(t.now), strings.Join(i.Sites(c.Address), "\n"), computerID)
		return err
	})
}

// ComputerDetails is all that is known of a computer in an agent's list; CodeNotFound for others.
func (s *Store) ComputerDetails(ctx context.Context, agentID, id string) (d deskhand.ComputerDetails, err error) {
	err = s.read(ctx, func(t *tx) error {
		who, err := t.agent("id", agentID)
		if err != nil {
			return err
		}
		if d, err = t.details(who, id); err != nil || d.Online {
			return err
		}
		wakers, err := t.wakers(who, d)
		if len(wakers) > 0 {
			d.Waker = wakers[0].Name
		}
		return err
	})
	return d, err
}

func (t *tx) details(who deskhand.Agent, id string) (d deskhand.ComputerDetails, err error) {
	args := listedArgs(who)
	d.Computer, err = scanComputer(t.row(fmt.Sprintf("%s%s AND c.id = $%d", computerQuery, listedWhere, len(args)+1), append(args, id)...))
	if none(err) {
		return d, noComputer()
	}
	if err != nil {
		return d, err
	}
	var kept string
	if err := t.row("SELECT inventory, inventory_at FROM computer WHERE id = $1", id).Scan(&kept, stamp{&d.InventoryAt}); err != nil || kept == "" {
		return d, err
	}
	if err := json.Unmarshal([]byte(kept), &d.Inventory); err != nil {
		return d, fmt.Errorf("reading a computer's inventory: %w", err)
	}
	return d, nil
}

// wakers are the online computers in an agent's list that stand in a network of the one that is to be woken.
func (t *tx) wakers(who deskhand.Agent, d deskhand.ComputerDetails) (list []deskhand.Waker, err error) {
	for _, site := range d.Sites {
		network, macs := d.Inventory.MACs(d.Address, site)
		if len(macs) == 0 {
			continue
		}
		args := listedArgs(who)
		query := fmt.Sprintf("%s%s AND c.online AND c.id <> $%d AND c.sites LIKE $%d ORDER BY c.last_seen_at DESC, c.id LIMIT 50", computerQuery, listedWhere, len(args)+1, len(args)+2)
		near, err := all(t, scanComputer, query, append(args, d.ID, "%"+site+"%")...)
		if err != nil {
			return nil, err
		}
		for _, c := range near {
			if slices.Contains(c.Sites, site) && len(list) < maxWakers { // LIKE found also networks whose name goes on
				list = append(list, deskhand.Waker{ComputerID: c.ID, Name: c.Name, Network: network, MACs: macs})
			}
		}
	}
	return list, nil
}

// WakeComputer says what it takes to wake a computer in the acting agent's list, and notes that they wish it. Errors: CodeNotFound, CodeConflict when it is
// online, CodeOffline when no computer in its network is.
func (s *Store) WakeComputer(ctx context.Context, actor deskhand.Actor, id string) (w deskhand.Wake, err error) {
	err = s.write(ctx, actor, func(t *tx) error {
		who, err := t.agent("id", actor.AgentID)
		if err != nil {
			return err
		}
		d, err := t.details(who, id)
		if err != nil {
			return err
		}
		if d.Online {
			return orConflict(nil, d.Name+" is online.", "Connect to it.")
		}
		w.Computer = d.Computer
		if w.By, err = t.wakers(who, d); err != nil {
			return err
		}
		if len(w.By) == 0 {
			return &deskhand.Error{
				Code: deskhand.CodeOffline, Fault: "No computer in the network of " + d.Name + " is online.", Hint: "Somebody there has to switch it on.",
			}
		}
		t.audit("computer.wake", id, "name", d.Name, "by", w.By[0].Name)
		return nil
	})
	return w, err
}
