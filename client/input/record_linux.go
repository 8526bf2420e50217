package input

import (
	"encoding/binary"
	"fmt"

	"github.com/jezek/xgb/xproto"
)

// record is the note that we leave on the display of which spare keycodes have which keysym of ours, since the keyboard map outlives us. It is a
// property of the root window, pairs of keycode and keysym, written before the map is changed and removed by Close. A selection tells whose
// it is: the server clears the owner of a selection when its program ends. A note without an owner is from a program that ended without Close;
// then the keycodes that still have that keysym are emptied, and the keys and buttons that are down, released.
//
// Two of us on one display work beside each other, each with the keycodes that the other does not use; only the first leaves notes.
type record struct {
	name   xproto.Atom
	window xproto.Window // owns the selection; 0: another one of us does
}

const recordName = "_DESKHAND_BORROWED_KEYCODES"

// takeNote takes the note, if nobody has it, and undoes what it says.
func (x *x11) takeNote() error {
	atom, err := xproto.InternAtom(x.conn, false, uint16(len(recordName)), recordName).Reply()
	if err != nil {
		return fmt.Errorf("name the notes: %w", err)
	}
	x.record.name = atom.Atom
	owner, err := xproto.GetSelectionOwner(x.conn, x.record.name).Reply()
	if err != nil {
		return fmt.Errorf("ask who injects input: %w", err)
	}
	if owner.Owner != 0 {
		return nil
	}
	w, err := xproto.NewWindowId(x.conn)
	if err != nil {
		return fmt.Errorf("make a window for the notes: %w", err)
	}
	xproto.CreateWindow(x.conn, 0, w, x.root, -1, -1, 1, 1, 0, xproto.WindowClassInputOnly, 0, 0, nil)
	xproto.SetSelectionOwner(x.conn, w, x.record.name, xproto.TimeCurrentTime)
	x.record.window = w

	// 256 keycodes of 8 bytes at most.
	old, err := xproto.GetProperty(x.conn, true, x.root, x.record.name, xproto.AtomCardinal, 0, 512).Reply()
	if err != nil {
		return fmt.Errorf("read the notes: %w", err)
	}
	if old.Format == 32 {
		if err := x.undo(old.Value); err != nil {
			return err
		}
	}
	x.note()
	return nil
}

// undo empties keycodes that a note names and releases what is down.
func (x *x11) undo(note []byte) error {
	keys, err := x.kb.getMap()
	if err != nil {
		return err
	}
	for ; len(note) >= 8; note = note[8:] {
		code, sym := binary.LittleEndian.Uint32(note), binary.LittleEndian.Uint32(note[4:])
		if code >= uint32(keys.min) && code <= uint32(keys.max) && keys.keys[code].only(sym) {
			x.putKeysym(byte(code), 0)
		}
	}
	down, err := xproto.QueryKeymap(x.conn).Reply()
	if err != nil {
		return fmt.Errorf("ask which keys are down: %w", err)
	}
	for code := int(keys.min); code <= int(keys.max); code++ {
		if isDown(down.Keys, byte(code)) {
			x.fake(xproto.KeyRelease, byte(code))
		}
	}
	at, err := xproto.QueryPointer(x.conn, x.root).Reply()
	if err != nil {
		return fmt.Errorf("ask which buttons are down: %w", err)
	}
	for n := range byte(5) {
		if at.Mask&(xproto.ButtonMask1<<n) != 0 {
			x.fake(xproto.ButtonRelease, n+1)
		}
	}
	return x.sync()
}

// note writes what is lent now, and what is about to be.
func (x *x11) note(more ...slot) {
	if x.record.window == 0 {
		return
	}
	var b []byte
	for _, s := range append(x.spares.lent(), more...) {
		b = binary.LittleEndian.AppendUint32(b, uint32(s.code))
		b = binary.LittleEndian.AppendUint32(b, s.sym)
	}
	xproto.ChangeProperty(x.conn, xproto.PropModeReplace, x.root, x.record.name, xproto.AtomCardinal, 32, uint32(len(b)/4), b)
}

// giveBack empties all spare keycodes that are lent and takes the note away.
func (x *x11) giveBack() error {
	keys, err := x.kb.getMap()
	if err != nil {
		return err
	}
	for _, s := range x.spares.lent() {
		if keys.keys[s.code].only(s.sym) { // else somebody else has changed it since
			x.putKeysym(s.code, 0)
		}
	}
	if x.record.window != 0 {
		xproto.DeleteProperty(x.conn, x.root, x.record.name)
		xproto.SetSelectionOwner(x.conn, 0, x.record.name, xproto.TimeCurrentTime)
		xproto.DestroyWindow(x.conn, x.record.window)
	}
	return x.sync()
}

// putKeysym makes a key mean one keysym, or nothing. Given twice, the server takes it for a key with and without Shift that are alike; given
// once, it would make a pair of small and capital letter of it. That is right for the letters of shortcuts only, where Shift is a part.
func (x *x11) putKeysym(code byte, sym uint32) xproto.ChangeKeyboardMappingCookie {
	s := []xproto.Keysym{xproto.Keysym(sym), xproto.Keysym(shifted(sym))}
	return xproto.ChangeKeyboardMappingChecked(x.conn, 1, xproto.Keycode(code), 2, s)
}

func isDown(keys []byte, code byte) bool { return keys[code/8]&(1<<(code%8)) != 0 }
