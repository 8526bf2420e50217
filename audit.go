package deskhand

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"time"
)

// AuditEvent is one act that is kept for ever in the audit chain. Verb is a stable word ("agent.login", "session.end");
// Subject is the id of what it is about; Detail is for people and holds no secret.
//
// The chain holds DetailHash, not Detail: retention may remove a detail (Detail is nil then) and the chain still verifies.
type AuditEvent struct {
	Sequence   int64
	At         time.Time // to the microsecond
	Actor      Actor
	Verb       string
	Subject    string
	Detail     map[string]string
	DetailHash []byte // SHA-256
	Hash       []byte // SHA-256(previous hash ‖ canonical event)
}

// AuditHead is the end of the chain: the last event's sequence and hash.
type AuditHead struct {
	Sequence int64
	Hash     []byte
}

// String is the head as people keep it: NUMBER:HASH.
func (h AuditHead) String() string { return fmt.Sprintf("%d:%x", h.Sequence, h.Hash) }

// ParseAuditHead reads what String wrote.
func ParseAuditHead(s string) (AuditHead, error) {
	number, hash, _ := strings.Cut(strings.TrimSpace(s), ":")
	n, err := strconv.ParseInt(number, 10, 64)
	h, err2 := hex.DecodeString(hash)
	if err != nil || err2 != nil || n < 0 || len(h) != sha256.Size {
		return AuditHead{}, &Error{
			Code: CodeInvalid, Field: "expect", Fault: fmt.Sprintf("%.100q is no end of an audit.", s),
			Hint: "Copy it from what an earlier verification showed: a number, a colon and a hash.",
		}
	}
	return AuditHead{Sequence: n, Hash: h}, nil
}

// AuditFilter chooses events; what is empty chooses all.
type AuditFilter struct {
	Verb    string
	AgentID string
	From    time.Time // and later
	Until   time.Time // and earlier
}

// HashDetail is the hash that stands in the chain for Detail: SHA-256 of its JSON with sorted keys.
func (e AuditEvent) HashDetail() []byte {
	b, err := json.Marshal(e.Detail)
	if err != nil {
		panic(err) // strings always marshal
	}
	h := sha256.Sum256(b)
	return h[:]
}

// HashAfter is the event's hash when the event before it has the hash prev; the first event follows 32 zero bytes.
//
// The canonical event: "deskhand audit v1" ‖ 0 ‖ sequence ‖ time in µs since 1970, both 64 bits, big endian, then
// actor's agent id, name and address, verb, subject and DetailHash, each after its length in 32 bits, big endian.
func (e AuditEvent) HashAfter(prev []byte) []byte {
	b := append([]byte(nil), prev...)
	b = append(b, "deskhand audit v1\x00"...)
	b = binary.BigEndian.AppendUint64(b, uint64(e.Sequence))
	b = binary.BigEndian.AppendUint64(b, uint64(e.At.UnixMicro()))
	for _, s := range []string{e.Actor.AgentID, e.Actor.Name, e.Actor.Address, e.Verb, e.Subject, string(e.DetailHash)} {
		b = binary.BigEndian.AppendUint32(b, uint32(len(s)))
		b = append(b, s...)
	}
	h := sha256.Sum256(b)
	return h[:]
}
