package x11

import (
	"fmt"
	"io"
	"log"

	"github.com/jezek/xgb"
	"github.com/jezek/xgb/xproto"
)

// The process-wide tables of xgb get an entry for every number that the core protocol leaves free, before any
// connection reads them. What arrives is then kept as bytes until the connection, which knows its own
// extensions, decodes it.
func init() {
	xgb.Logger = log.New(io.Discard, "", 0)
	for n := range 128 {
		if _, ok := xgb.NewEventFuncs[n]; !ok {
			xgb.NewEventFuncs[n] = func(buf []byte) xgb.Event { return rawEvent(buf) }
		}
	}
	for n := range 256 {
		if _, ok := xgb.NewErrorFuncs[n]; !ok {
			xgb.NewErrorFuncs[n] = func(buf []byte) xgb.Error { return rawError(buf) }
		}
	}
}

// extension is one that the connection uses.
type extension struct {
	name       string
	major      byte
	firstEvent byte
}

// Use asks the server for an extension ("DAMAGE", "RANDR": xgb's names) and readies it for this connection, in place of the
// Init function of xgb's package, which must not be called. It returns an error when the server has no such extension. Versions,
// where the extension has any, are still to be agreed on by its QueryVersion.
func (c *Conn) Use(name string) error {
	r, err := xproto.QueryExtension(c.Conn, uint16(len(name)), name).Reply()
	if err != nil {
		return fmt.Errorf("query X extension %s: %w", name, err)
	}
	if !r.Present {
		return fmt.Errorf("the X server has no %s extension", name)
	}
	c.ExtLock.Lock()
	defer c.ExtLock.Unlock()
	if _, ok := c.Extensions[name]; !ok {
		c.Extensions[name] = r.MajorOpcode
		c.used = append(c.used, extension{name, r.MajorOpcode, r.FirstEvent})
	}
	return nil
}

// decode makes the typed event of the extension that an event belongs to.
func (c *Conn) decode(ev xgb.Event) xgb.Event {
	raw, ok := ev.(rawEvent)
	if !ok {
		return ev
	}
	number := int(raw[0] & 127)
	c.ExtLock.RLock()
	defer c.ExtLock.RUnlock()
	for _, x := range c.used {
		if f, ok := xgb.NewExtEventFuncs[x.name][number-int(x.firstEvent)]; ok {
			return f(raw)
		}
	}
	return ev
}

// rawEvent is an event of an extension, as it arrived: 32 bytes.
type rawEvent []byte

func (e rawEvent) Bytes() []byte  { return e }
func (e rawEvent) String() string { return fmt.Sprintf("event %d of an extension", e[0]&127) }

// rawError is an error of an extension, as it arrived: 32 bytes.
type rawError []byte

func (e rawError) SequenceId() uint16 { return xgb.Get16(e[2:]) }
func (e rawError) BadId() uint32      { return xgb.Get32(e[4:]) }
func (e rawError) Error() string {
	return fmt.Sprintf("X error %d of an extension (request %d.%d, value %d)", e[1], e[10], xgb.Get16(e[8:]), e.BadId())
}
