package client

import (
	"context"
	"errors"
	"math/rand/v2"
	"net"
	"net/netip"
	"strings"
	"time"

	"golang.org/x/time/rate"

	"deskhand/client/inventory"
	"deskhand/wire"
)

const (
	// censusEvery is how often this computer is looked at for what has changed.
	censusEvery = 10 * time.Minute
	// censusSpread is within what time after a reconnection the inventory is said again: after a server's restart all computers come at once.
	censusSpread = time.Minute
	// Computers that are woken; wishes for more are refused.
	wakesPerSecond = 1
	wakesAtOnce    = 8
)

// census keeps the server's inventory of this computer up to date, and wakes neighbours, beside the client's loop.
type census struct {
	c        *core
	accepted chan struct{} // capacity 1
	wakes    chan *wire.Wake
}

// begin starts until ctx ends; the census is over when the core is closed.
func (c *core) begin(ctx context.Context) *census {
	s := &census{c: c, accepted: make(chan struct{}, 1), wakes: make(chan *wire.Wake, wakesAtOnce)}
	c.serving.Go(func() { s.run(ctx) })
	c.serving.Go(func() { s.wake(ctx) })
	return s
}

// welcome says that the server has accepted this computer, perhaps anew.
func (s *census) welcome() {
	select {
	case s.accepted <- struct{}{}:
	default:
	}
}

// wish is the server's wish to wake neighbours.
func (s *census) wish(w *wire.Wake) {
	select {
	case s.wakes <- w:
	default: // it is told by nobody answering
	}
}

func (s *census) run(ctx context.Context) {
	timer := time.NewTimer(censusEvery)
	timer.Stop()
	defer timer.Stop()
	var last *inventory.Inventory
	for again := false; ; {
		select {
		case <-ctx.Done():
			return
		case <-s.accepted:
			if last != nil {
				again = true
				timer.Reset(rand.N(censusSpread))
				continue
			}
		case <-timer.C:
		}
		now := s.c.system.inventory()
		if last == nil || again || !inventory.Same(*last, now) {
			s.c.tell(&wire.ClientSignal{Message: &wire.ClientSignal_Inventory{Inventory: s.message(now)}})
			last, again = &now, false
		}
		timer.Reset(censusEvery)
	}
}

func (s *census) message(i inventory.Inventory) *wire.Inventory {
	m := &wire.Inventory{
		System: valid(i.System), Kernel: valid(i.Kernel), Arch: i.Arch, Model: valid(i.Model), Processor: valid(i.Processor), Cores: uint32(i.Cores), Memory: i.Memory,
		BootedAt: seconds(i.BootedAt), ClientVersion: s.c.version,
	}
	for _, d := range i.Disks {
		m.Disks = append(m.Disks, &wire.InventoryDisk{Mount: valid(d.Mount), Device: valid(d.Device), Format: d.Format, Size: d.Size, Free: d.Free})
	}
	for _, n := range i.Networks {
		w := &wire.InventoryNetwork{Name: valid(n.Name), Mac: n.MAC, Wakes: n.Wakes}
		for _, a := range n.Addresses {
			w.Addresses = append(w.Addresses, a.String())
		}
		m.Networks = append(m.Networks, w)
	}
	for _, u := range i.Users {
		m.Users = append(m.Users, &wire.InventoryUser{Name: valid(u.Name), Place: valid(u.Place), Since: seconds(u.Since)})
	}
	return m
}

// valid is a text as it may be sent.
func valid(s string) string {
	const most = 255
	return strings.ToValidUTF8(s[:min(len(s), most)], "")
}

// seconds are since 1970; 0 for no time.
func seconds(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.Unix()
}

// wake does the server's wishes, one after the other.
func (s *census) wake(ctx context.Context) {
	pace := rate.NewLimiter(wakesPerSecond, wakesAtOnce)
	for {
		select {
		case <-ctx.Done():
			return
		case w := <-s.wakes:
			if pace.Wait(ctx) != nil {
				return
			}
			result := &wire.WakeResult{Request: w.GetRequest(), Error: s.send(w)}
			s.c.tell(&wire.ClientSignal{Message: &wire.ClientSignal_WakeResult{WakeResult: result}})
		}
	}
}

// send sends the packets and says what went wrong.
func (s *census) send(w *wire.Wake) (fault string) {
	network, err := netip.ParsePrefix(w.GetNetwork())
	var macs []net.HardwareAddr
	for _, mac := range w.GetMacs() {
		macs = append(macs, mac)
	}
	if err == nil {
		err = s.c.system.wake(network, macs)
	}
	switch {
	case err == nil:
		s.c.log.Info("woke a neighbour", "network", network, "addresses", macs)
		return ""
	case errors.Is(err, inventory.ErrNoNetwork):
		return "no-network"
	}
	s.c.log.Warn("waking a neighbour", "err", err)
	return "failed"
}
