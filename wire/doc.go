// Package wire is the session protocol on the wire: frames, the messages in them, versions, codes and limits.
//
// docs/protocol.md is the contract; each constant here names the heading that it comes from. The control messages are
// generated from deskhand.proto (scripts/gen-wire.sh); the packed formats of hot data stand beside them, one file each.
// The TypeScript twin is web/src/wire. testdata/ holds vectors that both replay.
package wire
