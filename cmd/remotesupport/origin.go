package main

import (
	"fmt"
	"net"
	"net/url"
	"os"
	"regexp"
	"strconv"

	"deskhand"
	"deskhand/authenticode"
	"deskhand/client"
)

// origin is where this program comes from, as it says itself: by what it carries, which a signature may cover, and by the name of its file.
type origin struct {
	server      string // URL; empty: it does not say
	fingerprint string
	code        string // empty: none
	bound       bool   // a signature says which server; this program goes to no other one
}

// carried is what the program's file holds beside the program. Only programs for Windows hold anything.
type carried struct {
	home   authenticode.Home
	code   string
	signed bool
}

var carriedCode = regexp.MustCompile(`^[A-Za-z0-9]{1,64}$`)

// readCarried reads it; what cannot be read holds nothing.
func readCarried(file string) (c carried) {
	f, err := os.Open(file)
	if err != nil {
		return carried{}
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return carried{}
	}
	p, err := authenticode.Read(f, info.Size())
	if err != nil {
		return carried{}
	}
	c.signed = p.Signed()
	if h, ok, err := p.Home(); err == nil && ok {
		c.home = h
	}
	if code, err := p.Code(); err == nil && carriedCode.MatchString(code) {
		c.code = code
	}
	return c
}

// origin puts together what the program carries and what its file's name says. The name of a file is anybody's to change, so it never overrules the
// server that the program carries, and its code counts for the server that it names.
func (p *program) origin() (o origin, err error) {
	if named, ok := deskhand.ParseClientName(p.executable); ok {
		scheme := "https"
		if named.Plain {
			scheme = "http"
		}
		o.server, o.fingerprint = scheme+"://"+net.JoinHostPort(named.Host, strconv.Itoa(int(named.Port))), named.Fingerprint
		if named.Code != deskhand.NoCode {
			o.code = named.Code
		}
	}
	if p.carried.home.Server != "" {
		same, err := sameServer(o.server, p.carried.home.Server)
		if err != nil {
			return origin{}, usageError{"this program carries no address of a server that can be read; download it again"}
		}
		if !same {
			o.code = ""
		}
		o.server, o.fingerprint, o.bound = p.carried.home.Server, p.carried.home.Fingerprint, p.carried.signed
	}
	if p.carried.code != "" {
		o.code = p.carried.code
	}
	return o, nil
}

// sameServer compares two addresses. The second one must be one.
func sameServer(a, b string) (bool, error) {
	second, err := client.ParseServer(b, "")
	if err != nil {
		return false, err
	}
	first, err := client.ParseServer(a, "")
	return err == nil && *first == *second, nil
}

// server is the one that the command line names, else the one that the program comes from.
func (p *program) server(cl commandLine) (server *url.URL, o origin, err error) {
	if o, err = p.origin(); err != nil {
		return nil, o, err
	}
	host, port := cl.values["relayurl"], cl.values["relayport"]
	if host == "" {
		if o.server == "" {
			return nil, o, usageError{"this file's name does not say which server it belongs to; download it again from the link that your agent sent, or use /relayurl"}
		}
		host, port = o.server, ""
	} else if !o.bound {
		o = origin{}
	}
	if server, err = client.ParseServer(host, port); err != nil {
		return nil, o, usageError{err.Error()}
	}
	if !o.bound {
		return server, o, nil
	}
	if same, err := sameServer(server.String(), o.server); err != nil || !same {
		return nil, o, usageError{fmt.Sprintf("this program was signed for %s and connects to no other server; download the one of %s", o.server, server.Host)}
	}
	if cl.values["relayurl"] != "" {
		o.code = ""
	}
	return server, o, nil
}
