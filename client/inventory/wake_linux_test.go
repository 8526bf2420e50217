package inventory

import (
	"bytes"
	"errors"
	"net"
	"net/netip"
	"testing"
)

func TestMagicPacket(t *testing.T) {
	here, err := net.ListenUDP("udp4", &net.UDPAddr{IP: net.IPv4(127, 0, 0, 1)})
	if err != nil {
		t.Fatal(err)
	}
	defer here.Close()
	port := here.LocalAddr().(*net.UDPAddr).AddrPort().Port()
	macs := []net.HardwareAddr{{2, 0, 0x5e, 0, 0x53, 1}, {2, 0, 0x5e, 0, 0x53, 2}}
	// The last address of a network of one is its own.
	if err := wakeFrom(netip.MustParsePrefix("127.0.0.1/32"), port, macs); err != nil {
		t.Fatal(err)
	}
	for _, mac := range macs {
		packet := make([]byte, 200)
		n, err := here.Read(packet)
		if err != nil {
			t.Fatal(err)
		}
		if want := append(bytes.Repeat([]byte{255}, 6), bytes.Repeat(mac, 16)...); !bytes.Equal(packet[:n], want) {
			t.Errorf("%s is woken by %x", mac, packet[:n])
		}
	}
}

func TestBroadcast(t *testing.T) {
	for network, want := range map[string]string{
		"192.0.2.7/24": "192.0.2.255", "10.1.2.3/8": "10.255.255.255", "192.0.2.130/25": "192.0.2.255", "192.0.2.1/30": "192.0.2.3", "192.0.2.1/32": "192.0.2.1",
		"10.1.2.3/21": "10.1.7.255", "0.0.0.0/0": "255.255.255.255",
	} {
		if got := broadcast(netip.MustParsePrefix(network)); got.String() != want {
			t.Errorf("the broadcast of %s is %s, want %s", network, got, want)
		}
	}
}

func TestWakeElsewhere(t *testing.T) {
	mac := []net.HardwareAddr{{2, 0, 0x5e, 0, 0x53, 1}}
	for _, network := range []string{"198.51.100.0/28", "127.0.0.0/8", "2001:db8::/64", "0.0.0.0/0"} {
		if err := Wake(netip.MustParsePrefix(network), mac); !errors.Is(err, ErrNoNetwork) {
			t.Errorf("waking in %s: %v", network, err)
		}
	}
	from := netip.MustParsePrefix("127.0.0.1/32")
	for _, macs := range [][]net.HardwareAddr{nil, make([]net.HardwareAddr, MaxWake+1), {{1, 2, 3}}} {
		if wakeFrom(from, wakePort, macs) == nil {
			t.Errorf("%d addresses are woken", len(macs))
		}
	}
}
