package main

import (
	"crypto/ed25519"
	"encoding/base64"
	"errors"
	"log/slog"
	"os"
	"strconv"
	"time"

	"deskhand/client"
	"deskhand/client/update"
)

// The build sets them: the release that this program is, and the public key of who signs releases. Without them it never updates itself.
var (
	release    = "0"
	releaseKey = ""
	// updateSpread is over how long the computers of a server spread when they look for a release, as Go writes a time; tests build a short one.
	updateSpread = "5m"
)

// versionText is what `version` says; an update asks a new program for its release by it.
func versionText() string {
	if release == "0" {
		return version
	}
	return version + ", release " + release
}

// ownProgram is this program as one that releases replace; update.ErrNever when it is none.
func ownProgram() (*update.Place, error) {
	file, err := os.Executable()
	if err != nil {
		return nil, err
	}
	own, err := strconv.ParseUint(release, 10, 64)
	if err != nil {
		return nil, err
	}
	key, err := base64.RawURLEncoding.DecodeString(releaseKey)
	if err != nil {
		return nil, err
	}
	p := &update.Place{Program: file, Platform: client.Platform(), Own: own, Key: ed25519.PublicKey(key)}
	return p, p.Usable()
}

// upToDate runs the unattended client as a program that updates itself: what stands in its place is started when it is to be.
func upToDate(log *slog.Logger, run func(*client.Updates) error) error {
	p, err := ownProgram()
	if err != nil {
		log.Info("no updates", "because", err)
		return run(nil)
	}
	start, err := p.Begin()
	if err != nil {
		log.Error("beginning as a release", "err", err)
	}
	if start == update.TookBack {
		log.Error("this release did not work and was taken back", "release", p.Own)
		return startAnew(p.Program)
	}
	spread, err := time.ParseDuration(updateSpread)
	if err != nil {
		return err
	}
	err = run(&client.Updates{Program: p, Trial: start == update.Trial, Spread: spread})
	if errors.Is(err, client.ErrRestart) {
		return startAnew(p.Program)
	}
	return err
}
