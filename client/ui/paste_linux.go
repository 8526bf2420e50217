package ui

import (
	"github.com/jezek/xgb/xproto"
)

// maxPaste bounds what is read of a selection; an ID with words around it is far shorter.
const maxPaste = 4 << 10

const pasteProperty = "DESKHAND_PASTE"

// paste asks the owner of a selection for its text; the answer is a SelectionNotify.
func (d *xdesk) paste(w *window, selection string, t xproto.Timestamp) {
	x := d.x
	xproto.ConvertSelection(x.Conn, w.id, x.atom(selection), x.atom("UTF8_STRING"), x.atom(pasteProperty), t)
}

func (d *xdesk) pasted(ev xproto.SelectionNotifyEvent) {
	w := d.find(ev.Requestor)
	if w == nil || ev.Property == xproto.AtomNone {
		return
	}
	r, err := xproto.GetProperty(d.x.Conn, true, w.id, ev.Property, d.x.atom("UTF8_STRING"), 0, maxPaste/4).Reply()
	if err != nil || r.Format != 8 {
		return
	}
	w.pane.paste(string(r.Value), d.lk.now())
	w.dirty = true
}
