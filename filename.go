package deskhand

import (
	"fmt"
	"net/netip"
	"regexp"
	"strconv"
	"strings"
)

// ClientName is what the name of a downloaded client carries, so that an end-user has nothing to type. In a file name:
//
//	RemoteSupport_HOST_PORT_CODE
//	RemoteSupport_HOST_PORT_CODE_FINGERPRINT
//
// All of it survives what browsers and file managers append (" (1)", "-1", " - Copy", ".exe") or put before it.
type ClientName struct {
	Host        string // name or IP address, lower case
	Port        uint16
	Plain       bool   // http and ws instead of https and wss; a loopback host only. Written as an h before the port
	Code        string // letters and digits; what Redeem.link_code sends. "0": none, the end-user types a connection ID
	Fingerprint string // empty, or the first 96 bits of the SHA-256 of a self-signed server's certificate, lower-case hex
}

const (
	clientNamePrefix = "RemoteSupport"
	// NoCode stands in a client's name where there is no code.
	NoCode = "0"
	// FingerprintLength is how many hex digits of a certificate's SHA-256 a client's name carries.
	FingerprintLength = 24
	maxClientHost     = 128
	ipv6Literal       = ".ipv6-literal.net" // Windows' own way to write an IPv6 address without colons
)

var (
	hostPattern        = regexp.MustCompile(`^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$`)
	codePattern        = regexp.MustCompile(`^[A-Za-z0-9]{1,64}$`)
	fingerprintPattern = regexp.MustCompile(`^[0-9a-f]{24}$`)
	// A name ends where something follows that is neither a letter nor a digit; "_1" is what some programs append.
	clientNamePattern = regexp.MustCompile(
		`(?i)RemoteSupport_([a-z0-9.-]+)_(h?)([0-9]{1,5})_([a-z0-9]{1,64})(?:_([0-9a-f]{24}))?(?:[^a-z0-9_]|_[0-9]{0,3}(?:[^a-z0-9_]|$)|$)`)
)

// FormatClientName is the name of a client's file, without extension. The error names what cannot be carried.
func FormatClientName(n ClientName) (string, error) {
	host := n.Host
	if addr, err := netip.ParseAddr(host); err == nil && addr.Is6() {
		if addr.Zone() != "" {
			return "", fmt.Errorf("client name: address %q has a zone", n.Host)
		}
		host = strings.ReplaceAll(addr.String(), ":", "-")
		// What begins or ends with :: would begin or end with a dash, which a host cannot.
		if strings.HasPrefix(host, "-") {
			host = "0" + host
		}
		if strings.HasSuffix(host, "-") {
			host += "0"
		}
		host += ipv6Literal
	}
	switch {
	case len(host) > maxClientHost || !hostPattern.MatchString(host):
		return "", fmt.Errorf("client name: host %q cannot be part of a file name", n.Host)
	case n.Port == 0:
		return "", fmt.Errorf("client name: no port")
	case n.Plain && !IsLoopbackHost(n.Host):
		return "", fmt.Errorf("client name: plain http to %q", n.Host)
	case !codePattern.MatchString(n.Code):
		return "", fmt.Errorf("client name: code is not letters and digits")
	case n.Fingerprint != "" && !fingerprintPattern.MatchString(n.Fingerprint):
		return "", fmt.Errorf("client name: fingerprint %q is not %d hex digits", n.Fingerprint, FingerprintLength)
	}
	scheme := ""
	if n.Plain {
		scheme = "h"
	}
	name := fmt.Sprintf("%s_%s_%s%d_%s", clientNamePrefix, host, scheme, n.Port, n.Code)
	if n.Fingerprint != "" {
		name += "_" + n.Fingerprint
	}
	return name, nil
}

// ParseClientName finds what FormatClientName wrote in the base name of a file, whatever was put before or after it.
// ok is false when nothing is there: the client was downloaded without a session.
func ParseClientName(file string) (n ClientName, ok bool) {
	m := clientNamePattern.FindStringSubmatch(file)
	if m == nil {
		return ClientName{}, false
	}
	port, err := strconv.ParseUint(m[3], 10, 16)
	if err != nil || port == 0 {
		return ClientName{}, false
	}
	host := strings.ToLower(m[1])
	if literal, is6 := strings.CutSuffix(host, ipv6Literal); is6 {
		addr, err := netip.ParseAddr(strings.ReplaceAll(literal, "-", ":"))
		if err != nil || !addr.Is6() {
			return ClientName{}, false
		}
		host = addr.String()
	}
	n = ClientName{
		Host: host, Port: uint16(port), Plain: m[2] != "", Code: m[4], Fingerprint: strings.ToLower(m[5]),
	}
	if _, err := FormatClientName(n); err != nil {
		return ClientName{}, false
	}
	return n, true
}

// IsLoopbackHost reports whether a URL's host name means this machine only: localhost, what ends in .localhost (RFC 6761)
// and loopback addresses. Browsers give these a secure context without TLS.
func IsLoopbackHost(host string) bool {
	host = strings.ToLower(strings.TrimSuffix(host, "."))
	if host == "localhost" || strings.HasSuffix(host, ".localhost") {
		return true
	}
	addr, err := netip.ParseAddr(strings.Trim(host, "[]"))
	return err == nil && addr.Unmap().IsLoopback()
}
