package ui

import (
	"strings"
	"unsafe"

	"golang.org/x/sys/windows"

	"deskhand/internal/win32"
)

// tray is the icon beside the clock. It is there while the main window or the bar is.
type tray struct {
	control windows.HWND
	created uint32 // the message that the task bar was made anew
	icon    uintptr
	shown   bool
	text    string
	failed  string // what could not be shown, since there is no task bar
}

// Of Shell_NotifyIcon.
const (
	nimAdd, nimModify, nimDelete, nimSetVersion = 0, 1, 2, 4
	nifMessage, nifIcon, nifTip, nifShowTip     = 1, 2, 4, 0x80
	ninSelect, ninKeySelect                     = 0x400, 0x401
	notifyIconVersion4, trayID                  = 4, 1
	mfString, tpmReturnCommand, tpmRight        = 0, 0x100, 2
)

func (t *tray) data() notifyIconData {
	n := notifyIconData{hwnd: t.control, id: trayID, flags: nifMessage | nifIcon | nifTip | nifShowTip, callbackMessage: msgTray, icon: t.icon}
	n.size = uint32(unsafe.Sizeof(n))
	copy(n.tip[:127], windows.StringToUTF16(t.text))
	return n
}

func notify(what uintptr, n *notifyIconData) bool {
	return win32.Ask(procShellNotifyIcon, what, uintptr(unsafe.Pointer(n))) != 0
}

// contents are what the main window and the bar show; nil where they are not shown.
func (d *wdesk) contents() (main, bar content) {
	if w := d.windows[slotMain]; w != nil && w.shown {
		main = w.pane.shows
	}
	if w := d.windows[slotBar]; w != nil && w.shown {
		bar = w.pane.shows
	}
	return main, bar
}

// updateTray makes the icon say what the program does.
func (d *wdesk) updateTray() {
	main, bar := d.contents()
	text := plain(status(d.lk, main, bar))
	t := &d.tray
	switch {
	case text == "":
		t.remove()
		return
	case t.shown && t.text == text, !t.shown && t.failed == text:
		return
	}
	t.control, t.text = d.control, text
	if t.icon == 0 {
		t.icon = newIcon(mark(int(16 * screenAt(d.windows[slotBar].pos).scale)))
	}
	n := t.data()
	if t.shown {
		t.shown = notify(nimModify, &n)
		return
	}
	if t.shown = notify(nimAdd, &n); !t.shown {
		t.failed = text // tried again when there is something else to say, or a task bar
		return
	}
	n.version = notifyIconVersion4
	notify(nimSetVersion, &n)
}

// remove takes the icon away.
func (t *tray) remove() {
	if t.shown {
		n := t.data()
		notify(nimDelete, &n)
	}
	if t.icon != 0 {
		win32.Ask(procDestroyIcon, t.icon)
	}
	t.shown, t.text, t.icon, t.failed = false, "", 0, ""
}

// trayMessage: the icon was chosen by mouse or keyboard.
func (d *wdesk) trayMessage(wp, lp uintptr) {
	switch uintptr(uint16(lp)) {
	case ninSelect, ninKeySelect:
		d.choose(ctlOpen)
	case wmContextMenu:
		d.choose(d.popUp(low(wp), high(wp)))
	}
}

// popUp shows the icon's menu and waits for a choice.
func (d *wdesk) popUp(x, y int) control {
	main, bar := d.contents()
	entries := menu(d.lk, main, bar)
	m, err := win32.Call(procCreatePopupMenu)
	if err != nil || len(entries) == 0 {
		return ctlNone
	}
	defer win32.Ask(procDestroyMenu, m)
	for i, e := range entries {
		text := strings.ReplaceAll(plain(e.text), "&", "&&")
		win32.Ask(procAppendMenu, m, mfString, uintptr(i+1), uintptr(unsafe.Pointer(utf16(text))))
	}
	win32.Ask(procSetForegroundWindow, uintptr(d.control)) // or else the menu stays when the person clicks elsewhere
	i := int(win32.Ask(procTrackPopupMenu, m, tpmReturnCommand|tpmRight, uintptr(x), uintptr(y), 0, uintptr(d.control), 0))
	win32.Ask(procPostMessage, uintptr(d.control), 0, 0, 0)
	if i < 1 || i > len(entries) {
		return ctlNone
	}
	return entries[i-1].id
}

// choose does what was chosen at the icon.
func (d *wdesk) choose(id control) {
	switch id {
	case ctlOpen:
		if w := d.windows[slotMain]; w.shown {
			if win32.Ask(procIsIconic, uintptr(w.hwnd)) != 0 {
				win32.Ask(procShowWindow, uintptr(w.hwnd), swRestore)
			}
			w.activate()
		}
	case ctlPause, ctlResume, ctlStop:
		d.emit(d.windows[slotBar].pane.choose(id)...)
	case ctlLeave:
		d.emit(d.windows[slotMain].pane.choose(id)...)
	}
}

// plain is a message without the marks that only our own painting knows.
func plain(s string) string {
	return strings.NewReplacer("\u2068", "", "\u2069", "", boldMark, "").Replace(s)
}
