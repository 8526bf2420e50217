package httpapi

import (
	"bytes"
	"io"
	"strconv"
	"time"

	"github.com/danielgtaylor/huma/v2"
)

// jsonFormat is huma's, but for the list of computers: of the time that ten thousand of them take, encoding/json would take half.
var jsonFormat = huma.Format{
	Marshal: func(w io.Writer, v any) error {
		list, ok := v.(List[Computer])
		if !ok {
			return huma.DefaultJSONFormat.Marshal(w, v)
		}
		const each = 400 // bytes of an ordinary computer
		b := append(make([]byte, 0, each*(len(list.Items)+1)), `{"items":[`...)
		for i := range list.Items {
			if i > 0 {
				b = append(b, ',')
			}
			b = list.Items[i].appendJSON(b)
		}
		b = append(b, ']')
		if list.NextCursor != "" {
			b = appendText(append(b, `,"nextCursor":`...), list.NextCursor)
		}
		_, err := w.Write(append(b, "}\n"...))
		return err
	},
	Unmarshal: huma.DefaultJSONFormat.Unmarshal,
}

// appendJSON writes what the tags of Computer say; TestComputersJSON compares.
func (c *Computer) appendJSON(b []byte) []byte {
	b = appendText(append(b, `{"id":`...), c.ID)
	b = appendText(append(b, `,"name":`...), c.Name)
	b = appendText(append(b, `,"userName":`...), c.UserName)
	b = appendText(append(b, `,"system":`...), c.System)
	b = appendText(append(b, `,"address":`...), c.Address)
	b = appendText(append(b, `,"owner":{"id":`...), c.Owner.ID)
	b = appendText(append(b, `,"name":`...), c.Owner.Name)
	if c.Owner.Disabled {
		b = append(b, `,"disabled":true`...)
	}
	b = appendText(append(b, `},"visibility":`...), string(c.Visibility))
	b = appendText(append(b, `,"groupId":`...), c.GroupID)
	b = appendText(append(b, `,"note":`...), c.Note)
	b = appendTexts(append(b, `,"tags":`...), c.Tags)
	b = strconv.AppendBool(append(b, `,"prompts":`...), c.Prompts)
	b = appendText(append(b, `,"status":`...), c.Status)
	if c.ClonedAt != nil {
		b = appendTime(append(b, `,"clonedAt":`...), *c.ClonedAt)
	}
	b = appendTime(append(b, `,"lastSeenAt":`...), c.LastSeenAt)
	b = appendTexts(append(b, `,"sites":`...), c.Sites)
	b = appendTime(append(b, `,"createdAt":`...), c.CreatedAt)
	return append(b, '}')
}

// appendText writes a string; what is not plain ASCII is left to huma.
func appendText(b []byte, s string) []byte {
	for i := range len(s) {
		if ch := s[i]; ch < ' ' || ch > '~' || ch == '"' || ch == '\\' {
			return appendOther(b, s)
		}
	}
	b = append(b, '"')
	b = append(b, s...)
	return append(b, '"')
}

func appendTexts(b []byte, list []string) []byte {
	if list == nil {
		return append(b, "null"...)
	}
	b = append(b, '[')
	for i, s := range list {
		if i > 0 {
			b = append(b, ',')
		}
		b = appendText(b, s)
	}
	return append(b, ']')
}

func appendTime(b []byte, t time.Time) []byte {
	b = append(b, '"')
	b = t.AppendFormat(b, time.RFC3339Nano)
	return append(b, '"')
}

func appendOther(b []byte, s string) []byte {
	text := bytes.NewBuffer(b)
	_ = huma.DefaultJSONFormat.Marshal(text, s) // neither a string nor a buffer has faults
	return bytes.TrimSuffix(text.Bytes(), []byte("\n"))
}
