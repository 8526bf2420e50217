package inventory

import (
	"bytes"
	"errors"
	"fmt"
	"net"
	"net/netip"
)

// Waking a computer: "Magic Packet Technology", AMD publication 20213. Any datagram that holds the pattern does; port 9 discards it.
const (
	wakePort  = 9
	macLength = 6
	macRepeat = 16
	// MaxWake is how many addresses are woken at once.
	MaxWake = 8
)

// ErrNoNetwork says that no interface of this computer stands in the network.
var ErrNoNetwork = errors.New("this computer is not in that network")

// Wake broadcasts a magic packet for each address, in the one network that is named. It sends from an interface that stands in it, and
// nowhere else.
func Wake(network netip.Prefix, macs []net.HardwareAddr) error {
	for _, n := range networks(func(string) bool { return false }) {
		for _, a := range n.Addresses {
			if n.Wakes && a.Addr().Is4() && a.Masked() == network.Masked() {
				return wakeFrom(a, wakePort, macs)
			}
		}
	}
	return ErrNoNetwork
}

// wakeFrom sends from one address to its network's broadcast address.
func wakeFrom(from netip.Prefix, port uint16, macs []net.HardwareAddr) error {
	if len(macs) == 0 || len(macs) > MaxWake {
		return fmt.Errorf("%d addresses to wake, want 1 to %d", len(macs), MaxWake)
	}
	to := net.UDPAddrFromAddrPort(netip.AddrPortFrom(broadcast(from), port))
	c, err := net.ListenUDP("udp4", net.UDPAddrFromAddrPort(netip.AddrPortFrom(from.Addr(), 0)))
	if err != nil {
		return fmt.Errorf("opening a socket at %s: %w", from.Addr(), err)
	}
	defer c.Close()
	for _, mac := range macs {
		packet, err := magic(mac)
		if err != nil {
			return err
		}
		if _, err := c.WriteTo(packet, to); err != nil {
			return fmt.Errorf("waking %s: %w", mac, err)
		}
	}
	return nil
}

// magic is the packet that wakes one address.
func magic(mac net.HardwareAddr) ([]byte, error) {
	if len(mac) != macLength {
		return nil, fmt.Errorf("an address of %d bytes cannot be woken", len(mac))
	}
	return append(bytes.Repeat([]byte{0xff}, macLength), bytes.Repeat(mac, macRepeat)...), nil
}

// broadcast is the last address of an IPv4 network.
func broadcast(p netip.Prefix) netip.Addr {
	a := p.Addr().As4()
	for i := range a {
		host := min(max(8*(i+1)-p.Bits(), 0), 8)
		a[i] |= byte(1<<host - 1)
	}
	return netip.AddrFrom4(a)
}
