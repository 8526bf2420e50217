package input

import (
	"unicode/utf16"

	"golang.org/x/sys/windows"

	"deskhand/internal/win32"
)

// layout is the keyboard layout of the program that would get a key press (an HKL).
type layout uintptr

// key is a key of a layout.
type key struct {
	vk, scan uint16
	extended bool
}

func (k key) flags() uint32 {
	if k.extended {
		return win32.KeyExtended
	}
	return 0
}

func (k key) press() event { return keyEvent(k.vk, k.scan, k.flags()) }
func (k key) up() event    { return keyEvent(k.vk, k.scan, k.flags()|win32.KeyUp) }
func (k key) tap() []event { return []event{k.press(), k.up()} }

// key is the key that sends a virtual key. Programs that know keys by their place read the scan code.
func (l layout) key(vk uint16) key {
	scan, _, _ := procMapVirtualKeyEx.Call(uintptr(vk), vkToScan, uintptr(l))
	return key{vk: vk, scan: uint16(scan & 0xFF), extended: extendedKeys[vk] || scan>>8 == 0xE0}
}

// at is the key at a place; false when the layout has none there.
func (l layout) at(scan uint16) (key, bool) {
	if scan == 0 {
		return key{}, false
	}
	vk, _, _ := procMapVirtualKeyEx.Call(uintptr(scan), scanToVK, uintptr(l))
	if vk == 0 && scan>>8 == 0xE0 {
		vk, _, _ = procMapVirtualKeyEx.Call(uintptr(scan&0xFF), scanToVK, uintptr(l)) // older ones know no prefix
	}
	k := key{vk: uint16(vk), scan: scan & 0xFF, extended: scan>>8 == 0xE0}
	if k.extended && scan == 0xE01D {
		k.vk = vkRControl
	}
	if k.extended && scan == 0xE038 {
		k.vk = vkRMenu
	}
	return k, vk != 0
}

// What VkKeyScanEx says must be held for a character.
const (
	withShift   = 1
	withControl = 2
	withAlt     = 4
)

// find finds the key of a character and what must be held for it. Characters beyond the basic plane have none.
func (l layout) find(r rune) (k key, with uint8, ok bool) {
	if r > 0xFFFF {
		return key{}, 0, false
	}
	found, _, _ := procVkKeyScanEx.Call(uintptr(r), uintptr(l))
	vk, with := uint16(found&0xFF), uint8(found>>8)
	if vk == 0xFF || with > withShift|withControl|withAlt {
		return key{}, 0, false
	}
	return l.key(vk), with, true
}

// types tells whether a key with these held makes just this character: no dead key, and not another one because of Caps Lock.
func (l layout) types(k key, with uint8, capsLock bool, r rune) bool {
	var state [256]byte
	for bit, vks := range map[uint8][2]uint16{withShift: {vkShift, vkLShift}, withControl: {vkControl, vkLControl}, withAlt: {vkMenu, vkRMenu}} {
		if with&bit != 0 {
			state[vks[0]], state[vks[1]] = 0x80, 0x80
		}
	}
	if capsLock {
		state[vkCapital] = 1
	}
	var made [8]uint16
	n := windows.ToUnicodeEx(uint32(k.vk), uint32(k.scan), &state[0], &made[0], int32(len(made)), keepsState, windows.Handle(l))
	return n == 1 && rune(made[0]) == r && !utf16.IsSurrogate(r)
}
