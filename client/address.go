package client

import (
	"fmt"
	"net"
	"net/netip"
	"net/url"
	"strconv"
	"strings"

	"deskhand"
)

// ParseServer makes the server's base URL of what people write for it: a host, a host and port, or a whole URL; port, when not
// empty, wins. Without a scheme it is https; a loopback host on another port than 443 is http. Plain http to anywhere else is
// refused, since everything that is typed would cross the network in clear.
func ParseServer(host, port string) (*url.URL, error) {
	host = strings.TrimSpace(host)
	if host == "" || len(host) > 300 {
		return nil, fmt.Errorf("the server's address %q is empty or too long", host)
	}
	u, err := splitAddress(host)
	if err != nil {
		return nil, err
	}
	if port != "" {
		n, err := strconv.Atoi(strings.TrimSpace(port))
		if err != nil || n < 1 || n > 65535 {
			return nil, fmt.Errorf("%q is not a port; a port is a number from 1 to 65535", port)
		}
		u.Host = net.JoinHostPort(u.Hostname(), strconv.Itoa(n))
	}
	loopback := deskhand.IsLoopbackHost(u.Hostname())
	if u.Scheme == "" {
		u.Scheme = "https"
		if loopback && u.Port() != "443" {
			u.Scheme = "http"
		}
	}
	switch {
	case u.Scheme != "https" && u.Scheme != "http":
		return nil, fmt.Errorf("the server's address begins with %s://; use https://", u.Scheme)
	case u.Scheme == "http" && !loopback:
		return nil, fmt.Errorf("plain http to %s would cross the network in clear; use https://", u.Host)
	}
	if u.Scheme == "https" && u.Port() == "443" || u.Scheme == "http" && u.Port() == "80" {
		u.Host = strings.TrimSuffix(u.Host, ":"+u.Port())
	}
	return &url.URL{Scheme: u.Scheme, Host: u.Host}, nil
}

func splitAddress(s string) (*url.URL, error) {
	bad := fmt.Errorf("%q is not a server's address; write it like support.example.com", s)
	if strings.Contains(s, "://") {
		u, err := url.Parse(s)
		if err != nil || u.Hostname() == "" || u.User != nil {
			return nil, bad
		}
		return &url.URL{Scheme: strings.ToLower(u.Scheme), Host: u.Host}, nil
	}
	if a, err := netip.ParseAddr(strings.Trim(s, "[]")); err == nil {
		if a.Is6() {
			return &url.URL{Host: "[" + a.String() + "]"}, nil
		}
		return &url.URL{Host: a.String()}, nil
	}
	u, err := url.Parse("//" + s)
	if err != nil || u.Hostname() == "" || u.User != nil {
		return nil, bad
	}
	return &url.URL{Host: u.Host}, nil
}
