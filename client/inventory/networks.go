package inventory

import (
	"net"
	"net/netip"
)

// networks are the interfaces that are up, but for the loopback. bridged tells of an interface that only joins programs of this computer.
func networks(bridged func(name string) bool) []Network {
	interfaces, err := net.Interfaces()
	if err != nil {
		return nil
	}
	var list []Network
	for _, i := range interfaces {
		if i.Flags&net.FlagUp == 0 || i.Flags&net.FlagLoopback != 0 || len(list) == maxNetworks {
			continue
		}
		n := Network{Name: i.Name}
		if len(i.HardwareAddr) == macLength {
			n.MAC = i.HardwareAddr
		}
		n.Addresses = addresses(i)
		n.Wakes = n.MAC != nil && i.Flags&net.FlagBroadcast != 0 && i.Flags&net.FlagPointToPoint == 0 && !bridged(i.Name)
		if len(n.Addresses) > 0 || n.MAC != nil {
			list = append(list, n)
		}
	}
	return list
}

func addresses(i net.Interface) (list []netip.Prefix) {
	given, err := i.Addrs()
	if err != nil {
		return nil
	}
	for _, a := range given {
		p, err := netip.ParsePrefix(a.String())
		if err == nil && len(list) < maxAddresses {
			list = append(list, p)
		}
	}
	return list
}
