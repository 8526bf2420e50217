package audit

import (
	"bufio"
	"bytes"
	"context"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"time"

	"deskhand"
)

// line is one line of an export: an event, or at the end the head.
type line struct {
	Sequence   int64             `json:"sequence,omitempty"`
	At         time.Time         `json:"at,omitzero"`
	AgentID    string            `json:"agentId,omitempty"`
	Actor      string            `json:"actor,omitempty"`
	Address    string            `json:"address,omitempty"`
	Verb       string            `json:"verb,omitempty"`
	Subject    string            `json:"subject,omitempty"`
	Detail     map[string]string `json:"detail,omitzero"` // absent: it was removed
	DetailHash string            `json:"detailHash,omitempty"`
	Hash       string            `json:"hash,omitempty"`
	End        string            `json:"end,omitempty"` // the head
}

// Export writes the whole chain as JSON lines, the last of which names its end. NewFile reads them.
func Export(ctx context.Context, src Source, w io.Writer) error {
	out := json.NewEncoder(w)
	out.SetEscapeHTML(false)
	head := deskhand.AuditHead{Hash: make([]byte, 32)}
	for {
		events, err := src.AuditEvents(ctx, head.Sequence, page)
		if err != nil {
			return fmt.Errorf("reading the audit chain: %w", err)
		}
		if len(events) == 0 {
			return out.Encode(line{End: head.String()})
		}
		for _, e := range events {
			l := line{
				Sequence: e.Sequence, At: e.At, AgentID: e.Actor.AgentID, Actor: e.Actor.Name, Address: e.Actor.Address, Verb: e.Verb, Subject: e.Subject,
				Detail: e.Detail, DetailHash: hex.EncodeToString(e.DetailHash), Hash: hex.EncodeToString(e.Hash),
			}
			if err := out.Encode(l); err != nil {
				return err
			}
			head = deskhand.AuditHead{Sequence: e.Sequence, Hash: e.Hash}
		}
	}
}

// File is an export as a source. It is read once, from the beginning to the end.
type File struct {
	in   *bufio.Reader
	n    int // lines read
	head deskhand.AuditHead
	end  bool
}

// tail is more than the last line can have.
const tail = 512

// NewFile reads an export, first of all the end that its last line names. Errors: CodeInvalid.
func NewFile(r io.ReadSeeker) (*File, error) {
	size, err := r.Seek(0, io.SeekEnd)
	if err != nil {
		return nil, fmt.Errorf("reading the export: %w", err)
	}
	if _, err := r.Seek(max(0, size-tail), io.SeekStart); err != nil {
		return nil, fmt.Errorf("reading the export: %w", err)
	}
	b, err := io.ReadAll(io.LimitReader(r, tail))
	if err != nil {
		return nil, fmt.Errorf("reading the export: %w", err)
	}
	if _, err := r.Seek(0, io.SeekStart); err != nil {
		return nil, fmt.Errorf("reading the export: %w", err)
	}
	b = bytes.TrimSpace(b)
	var last line
	if json.Unmarshal(b[bytes.LastIndexByte(b, '\n')+1:], &last) == nil && last.End != "" {
		if head, err := deskhand.ParseAuditHead(last.End); err == nil {
			return &File{in: bufio.NewReaderSize(r, 64<<10), head: head}, nil
		}
	}
	return nil, &deskhand.Error{
		Code: deskhand.CodeInvalid, Field: "file", Fault: "The file is no exported audit, or its end is missing.", Hint: "Export it again, and use the file as it is.",
	}
}

// maxLine is the longest line that is read, in bytes.
const maxLine = 1 << 20

// AuditEvents gives the next events; after is where the reader stands already.
func (f *File) AuditEvents(_ context.Context, _ int64, limit int) ([]deskhand.AuditEvent, error) {
	var events []deskhand.AuditEvent
	for !f.end && len(events) < limit {
		l, err := f.line()
		if err == io.EOF {
			return events, nil
		}
		if err != nil {
			return nil, err
		}
		if l.End != "" {
			f.end = true
			break
		}
		e, err := l.event()
		if err != nil {
			return nil, f.fault()
		}
		events = append(events, e)
	}
	return events, nil
}

func (f *File) line() (l line, err error) {
	var b []byte
	for {
		part, more, err := f.in.ReadLine()
		if err != nil {
			return l, err
		}
		if b = append(b, part...); len(b) > maxLine {
			return l, f.fault()
		}
		if !more {
			break
		}
	}
	f.n++
	if err := json.Unmarshal(b, &l); err != nil {
		return l, f.fault()
	}
	return l, nil
}

func (f *File) fault() error {
	return &deskhand.Error{
		Code: deskhand.CodeInvalid, Field: "file", Fault: fmt.Sprintf("Line %d is not one of an exported audit.", f.n),
		Hint: "Use the file as the console exported it.",
	}
}

func (l line) event() (deskhand.AuditEvent, error) {
	e := deskhand.AuditEvent{
		Sequence: l.Sequence, At: l.At, Actor: deskhand.Actor{AgentID: l.AgentID, Name: l.Actor, Address: l.Address}, Verb: l.Verb, Subject: l.Subject, Detail: l.Detail,
	}
	var err error
	if e.DetailHash, err = hex.DecodeString(l.DetailHash); err != nil {
		return e, err
	}
	e.Hash, err = hex.DecodeString(l.Hash)
	return e, err
}

// AuditHead is the end that the file names.
func (f *File) AuditHead(context.Context) (deskhand.AuditHead, error) { return f.head, nil }
