// Package win32 holds what several parts of the client call in Windows, and what they must agree on to work together there.
package win32

// Injected marks input that the client makes for a viewer: the dwExtraInfo of every INPUT that it gives to SendInput. The client's own
// windows refuse what carries it (GetMessageExtraInfo), and who tells the end-user's own hand from a viewer's looks for it.
const Injected uintptr = 0x6465736b // "desk"
