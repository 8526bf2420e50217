package client

import (
	"io"
	"os"
	"strings"
)

// machineID is the machine's identity, from machine-id(5); empty when it has none.
func machineID() string {
	for _, name := range []string{"/etc/machine-id", "/var/lib/dbus/machine-id"} {
		if id := readMachineID(name); id != "" {
			return id
		}
	}
	return ""
}

// readMachineID reads 32 hex digits; what a machine has before its first start ("uninitialized") is no identity.
func readMachineID(name string) string {
	f, err := os.Open(name)
	if err != nil {
		return ""
	}
	defer f.Close()
	b, err := io.ReadAll(io.LimitReader(f, 64))
	id := strings.TrimSpace(string(b))
	if err != nil || len(id) != 32 || strings.Trim(id, "0123456789abcdef") != "" {
		return ""
	}
	return id
}
