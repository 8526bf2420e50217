package ui

import (
	"fmt"
	"image"
	"slices"
	"unsafe"

	"golang.org/x/sys/windows"

	"deskhand/internal/win32"
)

// child is a control of Windows in the place of an item of the scene.
type child struct {
	hwnd windows.HWND
	key  string  // finds it again in the next scene
	id   control // of a button or the field; none for text
	name string
	r    image.Rectangle
	proc uintptr // what Windows would do with a message
}

// wish is a control that the scene wants.
type wish struct {
	key, class, name string
	id               control
	r                image.Rectangle
	style            uint32
}

// wishes are the controls of a scene, in the order in which they are read.
func (w *wwindow) wishes() []wish {
	var out []wish
	texts := 0
	for _, it := range w.pane.scene.items {
		switch it := it.(type) {
		case *textItem:
			if it.mute || it.t.Said == "" {
				continue
			}
			out = append(out, wish{fmt.Sprintf("text %d", texts), "Static", it.t.Said, ctlNone, it.r, ssOwnerDraw | ssNoPrefix})
			texts++
		case *buttonItem:
			out = append(out, wish{"button " + string(it.id), "Button", it.label.Said, it.id, it.r, bsOwnerDraw | wsTabStop})
		case *fieldItem:
			out = append(out, wish{"field", "Edit", "", ctlID, w.field.within(w, it.r), esCenter | esAutoHScroll | wsTabStop})
		}
	}
	return out
}

// arrange makes the controls those of the scene. What stays the same is left alone, so that nobody reads it out again.
func (w *wwindow) arrange() error {
	want := w.wishes()
	keys := make([]string, len(want))
	for i, x := range want {
		keys[i] = x.key
	}
	w.children = slices.DeleteFunc(w.children, func(c *child) bool {
		if slices.Contains(keys, c.key) {
			return false
		}
		w.remove(c)
		return true
	})
	sorted := make([]*child, len(want))
	for i, x := range want {
		c := w.childOf(x.key)
		if c == nil {
			var err error
			if c, err = w.newChild(x); err != nil {
				return err
			}
		}
		sorted[i] = c
		w.adjust(c, x)
	}
	if !slices.Equal(sorted, w.children) {
		after := uintptr(0) // HWND_TOP
		for _, c := range sorted {
			win32.Ask(procSetWindowPos, uintptr(c.hwnd), after, 0, 0, 0, 0, swpNoMove|swpNoSize|swpNoActivate)
			after = uintptr(c.hwnd)
		}
	}
	w.children = sorted
	w.field.show(w)
	return nil
}

// adjust gives a control its place and words.
func (w *wwindow) adjust(c *child, x wish) {
	if c.r != x.r {
		c.r = x.r
		win32.Ask(procSetWindowPos, uintptr(c.hwnd), 0, uintptr(x.r.Min.X), uintptr(x.r.Min.Y), uintptr(x.r.Dx()), uintptr(x.r.Dy()), swpNoZOrder|swpNoActivate)
	}
	if c.name != x.name && c.id != ctlID {
		c.name = x.name
		win32.Ask(procSetWindowText, uintptr(c.hwnd), uintptr(unsafe.Pointer(utf16(x.name))))
	}
}

func (w *wwindow) newChild(x wish) (*child, error) {
	h, err := win32.Call(procCreateWindowEx, 0, uintptr(unsafe.Pointer(utf16(x.class))), uintptr(unsafe.Pointer(utf16(x.name))), uintptr(x.style|wsChild|wsVisible),
		uintptr(x.r.Min.X), uintptr(x.r.Min.Y), uintptr(x.r.Dx()), uintptr(x.r.Dy()), uintptr(w.hwnd), 0, 0, 0)
	if err != nil {
		return nil, err
	}
	c := &child{hwnd: windows.HWND(h), key: x.key, id: x.id, name: x.name, r: x.r}
	remember(c.hwnd, target{w, c})
	if c.id == ctlNone {
		return c, nil
	}
	if c.proc, err = win32.Call(procSetWindowLongPtr, h, gwlpWndProc, callbacks().child); err != nil {
		return nil, err
	}
	if c.id == ctlID {
		w.field.born(w, c)
	}
	return c, nil
}

// remove destroys a control. The focus stays in the window.
func (w *wwindow) remove(c *child) {
	forget(c.hwnd)
	if w.held == c.hwnd {
		w.held = 0
	}
	if win32.Ask(procGetFocus) == uintptr(c.hwnd) {
		win32.Ask(procSetFocus, uintptr(w.hwnd))
	}
	win32.Ask(procDestroyWindow, uintptr(c.hwnd))
	if c.id == ctlID {
		w.field.gone()
	}
}

func (w *wwindow) childOf(key string) *child {
	for _, c := range w.children {
		if c.key == key {
			return c
		}
	}
	return nil
}

func (w *wwindow) controlOf(id control) *child {
	for _, c := range w.children {
		if id != ctlNone && c.id == id {
			return c
		}
	}
	return nil
}

// follow gives the keyboard to the control that has the pane's focus, when this is the window that is in use.
func (w *wwindow) follow() {
	if w.slot.loose() || !w.shown || win32.Ask(procGetActiveWindow) != uintptr(w.hwnd) {
		return
	}
	c := w.controlOf(w.pane.focus)
	switch {
	case c == nil:
		if win32.Ask(procGetFocus) != uintptr(w.hwnd) {
			win32.Ask(procSetFocus, uintptr(w.hwnd))
		}
	case win32.Ask(procGetFocus) != uintptr(c.hwnd):
		win32.Ask(procSetFocus, uintptr(c.hwnd))
	}
}
