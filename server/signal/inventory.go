package signal

import (
	"context"
	"crypto/rand"
	"encoding/binary"
	"errors"
	"fmt"
	"net"
	"time"

	"google.golang.org/protobuf/proto"

	"deskhand"
	"deskhand/wire"
)

const (
	// wakeTimeout is for a computer to say that it has sent the packets.
	wakeTimeout = 5 * time.Second
	// maxWakes is how many answers of one computer are waited for.
	maxWakes = 32
	// inventoryEvery is how often a computer's inventory is taken; one that comes earlier is dropped, but for a few at the beginning.
	inventoryEvery = 5 * time.Minute
	inventoryBurst = 3
)

// inventoried keeps what a computer says that it is made of.
func (c *client) inventoried(m *wire.Inventory) error {
	id := c.computerID()
	if id == "" || !c.inventories.Allow() {
		return nil
	}
	ctx, cancel := c.context()
	defer cancel()
	if err := c.server.Computers.SaveInventory(ctx, id, inventoryOf(m)); err != nil {
		return c.failed("keeping an inventory", err)
	}
	return nil
}

func inventoryOf(m *wire.Inventory) deskhand.Inventory {
	i := deskhand.Inventory{
		System: m.GetSystem(), Kernel: m.GetKernel(), Arch: m.GetArch(), Model: m.GetModel(), Processor: m.GetProcessor(),
		Cores: int(m.GetCores()), Memory: int64(m.GetMemory()), BootedAt: m.GetBootedAt(), ClientVersion: m.GetClientVersion(),
	}
	for _, d := range m.GetDisks() {
		i.Disks = append(i.Disks, deskhand.InventoryDisk{
			Mount: d.GetMount(), Device: d.GetDevice(), Format: d.GetFormat(), Size: int64(d.GetSize()), Free: int64(d.GetFree()),
		})
	}
	for _, n := range m.GetNetworks() {
		i.Networks = append(i.Networks, deskhand.InventoryNetwork{
			Name: n.GetName(), MAC: net.HardwareAddr(n.GetMac()).String(), Addresses: n.GetAddresses(), Wakes: n.GetWakes(),
		})
	}
	for _, u := range m.GetUsers() {
		i.Users = append(i.Users, deskhand.InventoryUser{Name: u.GetName(), Place: u.GetPlace(), Since: u.GetSince()})
	}
	return i
}

// Wake makes one computer after the other wake its neighbour, until one has sent the packets. It returns that one's name; CodeOffline when none could.
func (s *Server) Wake(ctx context.Context, w deskhand.Wake) (by string, err error) {
	var faults []error
	for _, waker := range w.By {
		if err := s.wake(ctx, waker); err == nil {
			return waker.Name, nil
		}
		faults = append(faults, err)
	}
	return "", &deskhand.Error{
		Code: deskhand.CodeOffline, Fault: "No computer in the network of " + w.Computer.Name + " could wake it.", Hint: "Try again in a moment.",
		Err: errors.Join(faults...),
	}
}

func (s *Server) wake(ctx context.Context, by deskhand.Waker) error {
	ctx, cancel := context.WithTimeout(ctx, wakeTimeout)
	defer cancel()
	m := &wire.Wake{Request: number(), Network: by.Network.String()}
	for _, mac := range by.MACs {
		m.Macs = append(m.Macs, mac)
	}
	answers, here := make(chan string, 1), fmt.Sprintf("wake.%016x", m.Request)
	stop, err := s.Bus.Serve(here, func(data []byte) []byte {
		select {
		case answers <- string(data):
		default: // a second answer
		}
		return nil
	})
	if err != nil {
		return err
	}
	defer stop()
	answer, err := s.Bus.Request(ctx, subject(by.ComputerID), command{Kind: commandWake, Wake: mustMarshal(m), Answer: here}.encode())
	if err != nil {
		return err
	}
	if string(answer) != string(answerOK) {
		return fmt.Errorf("the client's node: %s", answer)
	}
	select {
	case fault := <-answers:
		if fault != "" {
			return fmt.Errorf("%s says: %s", by.Name, fault)
		}
		return nil
	case <-ctx.Done():
		return fmt.Errorf("%s did not answer", by.Name)
	}
}

// wakes passes a wish to wake on to the client.
func (c *client) wakes(m command) error {
	wake := new(wire.Wake)
	if err := proto.Unmarshal(m.Wake, wake); err != nil {
		return fmt.Errorf("reading a wake: %w", err)
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.waking) >= maxWakes {
		return errors.New("too many wakes wait for their answer")
	}
	c.waking[wake.GetRequest()] = m.Answer
	time.AfterFunc(wakeTimeout, func() {
		c.mu.Lock()
		defer c.mu.Unlock()
		delete(c.waking, wake.GetRequest())
	})
	return c.send(&wire.ServerSignal{Message: &wire.ServerSignal_Wake{Wake: wake}})
}

// woke passes the client's answer to whoever waits for it.
func (c *client) woke(m *wire.WakeResult) error {
	c.mu.Lock()
	to, waited := c.waking[m.GetRequest()]
	delete(c.waking, m.GetRequest())
	c.mu.Unlock()
	if !waited {
		return nil
	}
	return c.failed("answering a wake", c.server.Bus.Publish(to, []byte(deskhand.CleanText(m.GetError(), 64))))
}

// number is one that nobody guesses.
func number() uint64 {
	var b [8]byte
	rand.Read(b[:])
	return binary.LittleEndian.Uint64(b[:])
}
