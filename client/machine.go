package client

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"path/filepath"
)

// installation names this installation of the client at one server: the machine and its state directory. Empty when the machine has no identity. A copy of
// the state directory on another machine, or beside the first, is another installation. The machine's identity is secret, so what is told is a hash
// under it that no two servers have alike (see machine-id(5)).
func installation(server, stateDir string) string {
	id := machineID()
	if id == "" {
		return ""
	}
	dir, err := filepath.Abs(stateDir)
	if err != nil {
		return ""
	}
	mac := hmac.New(sha256.New, []byte(id))
	for _, part := range []string{"deskhand machine v1", server, dir} {
		mac.Write(binary.BigEndian.AppendUint32(nil, uint32(len(part))))
		mac.Write([]byte(part))
	}
	return hex.EncodeToString(mac.Sum(nil))
}

// newRun names one run of the client, by which the server notices that two have the same key.
func newRun() string {
	b := make([]byte, 16)
	_, _ = rand.Read(b) // never fails, by its documentation
	return hex.EncodeToString(b)
}
