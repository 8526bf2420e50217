package client

import "deskhand/internal/mac"

// machineID is the machine's identity, its hardware UUID; empty when it cannot be read.
func machineID() string { return mac.MachineID() }
