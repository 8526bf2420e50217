package wire

import (
	"bytes"
	"encoding/json"
	"errors"
	"reflect"
	"strings"
	"testing"
)

type inputVector struct {
	Name   string
	Events []inputEventVector
	Hex    hexBytes
}

type inputEventVector struct {
	InputEvent
}

func (v *inputEventVector) UnmarshalJSON(b []byte) error {
	var kind struct{ Kind string }
	if err := json.Unmarshal(b, &kind); err != nil {
		return err
	}
	as := map[string]InputEvent{
		"pointer": &PointerEvent{}, "button": &ButtonEvent{}, "wheel": &WheelEvent{},
		"key": &KeyEvent{}, "text": &TextEvent{}, "releaseAll": &ReleaseAllEvent{},
	}
	e, ok := as[kind.Kind]
	if !ok {
		return errors.New("unknown kind " + kind.Kind)
	}
	if err := json.Unmarshal(b, e); err != nil {
		return err
	}
	v.InputEvent = reflect.ValueOf(e).Elem().Interface().(InputEvent)
	return nil
}

func TestInputVectors(t *testing.T) {
	valid, invalid := vectors[inputVector](t, "input.json")
	for _, v := range valid {
		t.Run(v.Name, func(t *testing.T) {
			var events []InputEvent
			for _, e := range v.Events {
				events = append(events, e.InputEvent)
			}
			got, err := AppendInput(nil, events...)
			if err != nil || !bytes.Equal(got, v.Hex) {
				t.Errorf("encoded %x, %v; want %x", got, err, v.Hex)
			}
			decoded, err := DecodeInput(v.Hex)
			if err != nil || !reflect.DeepEqual(decoded, events) {
				t.Errorf("decoded %+v, %v; want %+v", decoded, err, events)
			}
		})
	}
	for _, v := range invalid {
		t.Run(v.Name, func(t *testing.T) {
			events, err := DecodeInput(v.Hex)
			var violation *ProtocolError
			if !errors.As(err, &violation) {
				t.Errorf("got %+v, error %v; want a protocol error", events, err)
			}
		})
	}
}

func TestAppendInputRefusesWhatDecodeRefuses(t *testing.T) {
	many := make([]InputEvent, MaxInputEvents+1)
	for i := range many {
		many[i] = ReleaseAllEvent{}
	}
	long := TextEvent{Text: strings.Repeat("x", MaxInputText)}
	tests := map[string][]InputEvent{
		"none":          {},
		"too many":      many,
		"button":        {ButtonEvent{Button: 5}},
		"long code":     {KeyEvent{Code: strings.Repeat("x", MaxKeyName+1)}},
		"long key":      {KeyEvent{Key: strings.Repeat("x", MaxKeyName+1)}},
		"key not UTF-8": {KeyEvent{Key: "\xff"}},
		"text":          {TextEvent{Text: long.Text + "x"}},
		"not UTF-8":     {TextEvent{Text: "a\xff"}},
		"second is bad": {ReleaseAllEvent{}, ButtonEvent{Button: 9}},
		"over 64 KiB":   {long, long, long, long, long, long, long, long, long, long, long, long, long, long, long, long},
	}
	for name, events := range tests {
		before := []byte{1, 2, 3}
		if got, err := AppendInput(before, events...); err == nil || !bytes.Equal(got, before) {
			t.Errorf("%s: error %v, %d bytes appended", name, err, len(got)-len(before))
		}
	}
	if _, err := DecodeInput(bytes.Repeat([]byte{kindReleaseAll}, MaxInputEvents+1)); err == nil {
		t.Error("too many events were decoded")
	}
}

func FuzzInput(f *testing.F) {
	valid, invalid := vectors[inputVector](f, "input.json")
	for _, v := range valid {
		f.Add([]byte(v.Hex))
	}
	for _, v := range invalid {
		f.Add([]byte(v.Hex))
	}
	f.Fuzz(func(t *testing.T, in []byte) {
		events, err := DecodeInput(in)
		if err != nil || len(in) > ChannelInput.MaxMessage() {
			return
		}
		if again, err := AppendInput(nil, events...); err != nil || !bytes.Equal(again, in) {
			t.Errorf("%x was read as %x, %v", in, again, err)
		}
	})
}
