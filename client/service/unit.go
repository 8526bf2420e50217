//go:build !windows && !darwin

package service

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"

	manager "github.com/kardianos/service"
)

const managerName = "systemd"

// placesOf are the places of the service of the whole computer, or of this user.
func placesOf(user bool) (places, error) {
	if !user {
		return places{program: filepath.Join("/usr/local/lib/deskhand", Program), unit: filepath.Join("/etc/systemd/system", Name+".service")}, nil
	}
	home, err := os.UserHomeDir()
	if err != nil {
		return places{}, fmt.Errorf("finding the home directory: %w", err)
	}
	return places{
		program: filepath.Join(home, ".local", "lib", "deskhand", Program),
		unit:    filepath.Join(home, ".config", "systemd", "user", Name+".service"),
	}, nil
}

func (s *Service) config() *manager.Config {
	return &manager.Config{
		Name: Name, DisplayName: "Deskhand", Executable: s.places.program,
		Option: manager.KeyValue{"UserService": s.o.User, "SystemdScript": s.Unit()},
	}
}

// startAnew starts a service that may run already.
func startAnew(m manager.Service) error { return m.Restart() }

// unitHead is what both kinds of unit have in common. The client itself waits longer and longer for a server that does not answer; the two
// seconds are for a program that does not even start.
const unitHead = `[Unit]
Description=Deskhand: this computer can be reached by its support agents
After=network.target
StartLimitIntervalSec=0

[Service]
Type=exec
ExecStart=$START
Restart=always
RestartSec=2
RestartPreventExitStatus=3
TimeoutStopSec=20
UMask=0077
`

// systemUnit shuts in the whole service: the privileged parent, which keeps the key and looks for displays, and the worker, which loses all
// rights before it sees the network. See docs/design/0011-service.md for what each line leaves to whom.
const systemUnit = `CapabilityBoundingSet=CAP_SETUID CAP_SETGID CAP_KILL CAP_DAC_READ_SEARCH CAP_SYS_PTRACE
ProtectSystem=strict
ReadWritePaths=$STATE $PROGRAM
ProtectHome=read-only
PrivateDevices=yes
ProtectClock=yes
ProtectControlGroups=yes
ProtectKernelLogs=yes
ProtectKernelModules=yes
ProtectKernelTunables=yes
ProtectHostname=yes
RestrictAddressFamilies=AF_UNIX AF_INET AF_INET6 AF_NETLINK
RestrictNamespaces=yes
RestrictRealtime=yes
RestrictSUIDSGID=yes
LockPersonality=yes
MemoryDenyWriteExecute=yes
SystemCallArchitectures=native
SystemCallFilter=@system-service landlock_create_ruleset landlock_add_rule landlock_restrict_self
SystemCallErrorNumber=EPERM

[Install]
WantedBy=multi-user.target
`

// userUnit has no more than a user's manager can give without rights of its own.
const userUnit = `
[Install]
WantedBy=default.target
`

// Unit is the text of the systemd unit.
func (s *Service) Unit() string {
	text := unitHead + systemUnit
	if s.o.User {
		text = unitHead + userUnit
	}
	start := strings.Join([]string{quote(s.places.program), "unattended", "--state", quote(s.o.State)}, " ")
	return strings.NewReplacer(
		"$START", start,
		"$STATE", quotePath(s.o.State),
		"$PROGRAM", quotePath(dir(s.places.program)),
	).Replace(text)
}

// quote writes one word of ExecStart as systemd.syntax(7) reads it: in quotation marks, % and $ doubled.
func quote(word string) string {
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`, `%`, `%%`, `$`, `$$`).Replace(word) + `"`
}

// quotePath writes a path of a list of paths, where $ means nothing. One that is not there does not keep the service from starting.
func quotePath(path string) string {
	return `"-` + strings.NewReplacer(`\`, `\\`, `"`, `\"`, `%`, `%%`).Replace(path) + `"`
}

func dir(path string) string { return path[:strings.LastIndexByte(path, '/')] }
