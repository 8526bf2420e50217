package main

import (
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"regexp"

	"deskhand"
	"deskhand/authenticode"
)

// ReleaseBind writes a server's address into clients for Windows, before they are signed.
type ReleaseBind struct {
	Server      string   `help:"Public URL of the server that the clients are for." required:"" placeholder:"URL"`
	Fingerprint string   `help:"First 24 hex digits of the SHA-256 of the server's certificate when that is self-signed." placeholder:"HEX"`
	Programs    []string `arg:"" help:"RemoteSupport.exe, not signed yet." type:"existingfile" placeholder:"FILE"`
}

var fingerprintDigits = regexp.MustCompile(fmt.Sprintf("^[0-9a-f]{%d}$", deskhand.FingerprintLength))

// Run writes it into each.
func (v *ReleaseBind) Run(t *Terminal) error {
	u, err := url.Parse(v.Server)
	if err != nil || u.Hostname() == "" || u.User != nil || u.Scheme != "https" && (u.Scheme != "http" || !deskhand.IsLoopbackHost(u.Hostname())) {
		return &deskhand.Error{Code: deskhand.CodeInvalid, Field: "server", Fault: v.Server + " is no address of a server.", Hint: "Give its public URL, like https://support.example.com."}
	}
	if v.Fingerprint != "" && !fingerprintDigits.MatchString(v.Fingerprint) {
		return &deskhand.Error{
			Code: deskhand.CodeInvalid, Field: "fingerprint", Fault: fmt.Sprintf("A fingerprint has %d hex digits here.", deskhand.FingerprintLength),
			Hint: "They stand at the end of a downloaded client's name.",
		}
	}
	home := authenticode.Home{Server: u.Scheme + "://" + u.Host, Fingerprint: v.Fingerprint}
	for _, file := range v.Programs {
		if err := bindProgram(file, home); err != nil {
			return err
		}
		fmt.Fprintf(t.Out, "%s belongs to %s. Sign it now.\n", file, home.Server)
	}
	return nil
}

// bindProgram replaces a program, whole or not at all.
func bindProgram(file string, home authenticode.Home) error {
	in, err := os.Open(file)
	if err != nil {
		return err
	}
	defer in.Close()
	info, err := in.Stat()
	if err != nil {
		return err
	}
	p, err := authenticode.Read(in, info.Size())
	var bound *authenticode.Copy
	if err == nil {
		bound, err = p.Bind(home)
	}
	switch {
	case errors.Is(err, authenticode.ErrForeign):
		return &deskhand.Error{Code: deskhand.CodeInvalid, Fault: file + " is no program for Windows.", Hint: "Only clients for Windows are signed with their server's address."}
	case errors.Is(err, authenticode.ErrSigned):
		return &deskhand.Error{Code: deskhand.CodeConflict, Fault: file + " is signed already.", Hint: "Build it anew, bind it, then sign it."}
	case err != nil:
		return err
	}
	out, err := os.CreateTemp(filepath.Dir(file), ".bind-*")
	if err != nil {
		return err
	}
	defer os.Remove(out.Name()) // when something fails; else it is gone by then
	_, err = bound.WriteTo(out)
	if err := errors.Join(err, out.Chmod(info.Mode().Perm()), out.Sync(), out.Close()); err != nil {
		return err
	}
	return os.Rename(out.Name(), file)
}
