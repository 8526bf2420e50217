package deskhand

import "net/netip"

// Network is what limits count by: an IPv4 address itself, the /64 of an IPv6 address (one customer has that many). What is no
// address stands for itself.
func Network(address string) string {
	a, err := netip.ParseAddr(address)
	if err != nil {
		return address
	}
	a = a.Unmap().WithZone("")
	if a.Is4() {
		return a.String()
	}
	p, err := a.Prefix(64)
	if err != nil {
		return a.String()
	}
	return p.String()
}
