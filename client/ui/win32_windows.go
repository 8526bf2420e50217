package ui

import (
	"image"
	"unsafe"

	"golang.org/x/sys/windows"

	"deskhand/internal/win32"
)

// What only this package calls in Windows, by the names of Microsoft's documentation.
var (
	shell32 = windows.NewLazySystemDLL("shell32.dll")
	shcore  = windows.NewLazySystemDLL("shcore.dll")
	dwmapi  = windows.NewLazySystemDLL("dwmapi.dll")

	procAdjustWindowRectExForDpi   = win32.User32.NewProc("AdjustWindowRectExForDpi")
	procAppendMenu                 = win32.User32.NewProc("AppendMenuW")
	procBeginPaint                 = win32.User32.NewProc("BeginPaint")
	procCallWindowProc             = win32.User32.NewProc("CallWindowProcW")
	procCloseClipboard             = win32.User32.NewProc("CloseClipboard")
	procCreateDialogIndirectParam  = win32.User32.NewProc("CreateDialogIndirectParamW")
	procCreateIconIndirect         = win32.User32.NewProc("CreateIconIndirect")
	procCreatePopupMenu            = win32.User32.NewProc("CreatePopupMenu")
	procCreateWindowEx             = win32.User32.NewProc("CreateWindowExW")
	procDefWindowProc              = win32.User32.NewProc("DefWindowProcW")
	procDestroyIcon                = win32.User32.NewProc("DestroyIcon")
	procDestroyMenu                = win32.User32.NewProc("DestroyMenu")
	procDestroyWindow              = win32.User32.NewProc("DestroyWindow")
	procDrawText                   = win32.User32.NewProc("DrawTextW")
	procEndPaint                   = win32.User32.NewProc("EndPaint")
	procFlashWindowEx              = win32.User32.NewProc("FlashWindowEx")
	procGetActiveWindow            = win32.User32.NewProc("GetActiveWindow")
	procGetClientRect              = win32.User32.NewProc("GetClientRect")
	procGetClipboardData           = win32.User32.NewProc("GetClipboardData")
	procGetDpiForMonitor           = shcore.NewProc("GetDpiForMonitor")
	procGetDpiForWindow            = win32.User32.NewProc("GetDpiForWindow")
	procGetFocus                   = win32.User32.NewProc("GetFocus")
	procGetMessageExtraInfo        = win32.User32.NewProc("GetMessageExtraInfo")
	procGetMessagePos              = win32.User32.NewProc("GetMessagePos")
	procGetSysColor                = win32.User32.NewProc("GetSysColor")
	procGetWindow                  = win32.User32.NewProc("GetWindow")
	procGetWindowText              = win32.User32.NewProc("GetWindowTextW")
	procHideCaret                  = win32.User32.NewProc("HideCaret")
	procIsIconic                   = win32.User32.NewProc("IsIconic")
	procMonitorFromPoint           = win32.User32.NewProc("MonitorFromPoint")
	procOpenClipboard              = win32.User32.NewProc("OpenClipboard")
	procPostMessage                = win32.User32.NewProc("PostMessageW")
	procPostQuitMessage            = win32.User32.NewProc("PostQuitMessage")
	procRedrawWindow               = win32.User32.NewProc("RedrawWindow")
	procRegisterClassEx            = win32.User32.NewProc("RegisterClassExW")
	procRegisterHotKey             = win32.User32.NewProc("RegisterHotKey")
	procRegisterWindowMessage      = win32.User32.NewProc("RegisterWindowMessageW")
	procReleaseCapture             = win32.User32.NewProc("ReleaseCapture")
	procSendMessage                = win32.User32.NewProc("SendMessageW")
	procSetCapture                 = win32.User32.NewProc("SetCapture")
	procSetCursor                  = win32.User32.NewProc("SetCursor")
	procSetDialogDpiChangeBehavior = win32.User32.NewProc("SetDialogDpiChangeBehavior")
	procSetFocus                   = win32.User32.NewProc("SetFocus")
	procSetForegroundWindow        = win32.User32.NewProc("SetForegroundWindow")
	procSetTimer                   = win32.User32.NewProc("SetTimer")
	procSetWindowLongPtr           = win32.User32.NewProc("SetWindowLongPtrW")
	procSetWindowPos               = win32.User32.NewProc("SetWindowPos")
	procSetWindowRgn               = win32.User32.NewProc("SetWindowRgn")
	procSetWindowText              = win32.User32.NewProc("SetWindowTextW")
	procShowCaret                  = win32.User32.NewProc("ShowCaret")
	procShowWindow                 = win32.User32.NewProc("ShowWindow")
	procSystemParametersInfo       = win32.User32.NewProc("SystemParametersInfoW")
	procTrackMouseEvent            = win32.User32.NewProc("TrackMouseEvent")
	procTrackPopupMenu             = win32.User32.NewProc("TrackPopupMenu")
	procUnregisterHotKey           = win32.User32.NewProc("UnregisterHotKey")
	procCreateBitmap               = win32.GDI32.NewProc("CreateBitmap")
	procCreateFontIndirect         = win32.GDI32.NewProc("CreateFontIndirectW")
	procCreateRoundRectRgn         = win32.GDI32.NewProc("CreateRoundRectRgn")
	procCreateSolidBrush           = win32.GDI32.NewProc("CreateSolidBrush")
	procGetTextMetrics             = win32.GDI32.NewProc("GetTextMetricsW")
	procSetBkColor                 = win32.GDI32.NewProc("SetBkColor")
	procSetTextColor               = win32.GDI32.NewProc("SetTextColor")
	procGlobalLock                 = win32.Kernel32.NewProc("GlobalLock")
	procGlobalSize                 = win32.Kernel32.NewProc("GlobalSize")
	procGlobalUnlock               = win32.Kernel32.NewProc("GlobalUnlock")
	procDwmSetWindowAttribute      = dwmapi.NewProc("DwmSetWindowAttribute")
	procShellNotifyIcon            = shell32.NewProc("Shell_NotifyIconW")
)

// Messages.
const (
	wmDestroy        = 0x0002
	wmActivate       = 0x0006
	wmSetFocus       = 0x0007
	wmPaint          = 0x000f
	wmClose          = 0x0010
	wmEndSession     = 0x0016
	wmEraseBkgnd     = 0x0014
	wmShowWindow     = 0x0018
	wmSettingChange  = 0x001a
	wmSysColorChange = 0x0015
	wmSetCursor      = 0x0020
	wmMouseActivate  = 0x0021
	wmDrawItem       = 0x002b
	wmSetFont        = 0x0030
	wmWindowPosDone  = 0x0047 // WM_WINDOWPOSCHANGED
	wmContextMenu    = 0x007b
	wmDisplayChange  = 0x007e
	wmSetIcon        = 0x0080
	wmNCButtonDown   = 0x00a1 // WM_NCLBUTTONDOWN
	wmNCButtonLast   = 0x00a9 // WM_NCMBUTTONDBLCLK
	wmKeyDown        = 0x0100
	wmKeyUp          = 0x0101
	wmChar           = 0x0102
	wmSysKeyDown     = 0x0104
	wmSysKeyUp       = 0x0105
	wmSysChar        = 0x0106
	wmKeyLast        = 0x0109
	wmCommand        = 0x0111
	wmTimer          = 0x0113
	wmCtlColorEdit   = 0x0133
	wmMouseMove      = 0x0200
	wmLButtonDown    = 0x0201
	wmLButtonUp      = 0x0202
	wmLButtonDblClk  = 0x0203
	wmMouseLast      = 0x020e
	wmCaptureChanged = 0x0215
	wmMouseLeave     = 0x02a3
	wmDpiChanged     = 0x02e0
	wmPaste          = 0x0302
	wmHotKey         = 0x0312
	wmThemeChanged   = 0x031a
	wmApp            = 0x8000

	bmClick        = 0x00f5
	emGetSel       = 0x00b0
	emSetSel       = 0x00b1
	emSetCueBanner = 0x1501
	enChange       = 0x0300
)

// Styles.
const (
	wsChild        = 0x40000000
	wsVisible      = 0x10000000
	wsPopup        = 0x80000000
	wsClipChildren = 0x02000000
	wsCaption      = 0x00c00000
	wsSysMenu      = 0x00080000
	wsMinimizeBox  = 0x00020000
	wsTabStop      = 0x00010000

	wsExTopmost    = 0x00000008
	wsExToolWindow = 0x00000080
	wsExAppWindow  = 0x00040000
	wsExNoActivate = 0x08000000

	bsOwnerDraw   = 0x0b
	ssOwnerDraw   = 0x0d
	ssNoPrefix    = 0x80
	esCenter      = 0x01
	esAutoHScroll = 0x80
)

const (
	swpNoSize     = 0x0001
	swpNoMove     = 0x0002
	swpNoZOrder   = 0x0004
	swpNoActivate = 0x0010

	swHide           = 0
	swShow           = 5
	swShowNoActivate = 4
	swRestore        = 9

	rdwInvalidate  = 0x0001
	rdwAllChildren = 0x0080
	rdwUpdateNow   = 0x0100

	gwlpWndProc    = ^uintptr(3) // -4
	dwlpMsgResult  = 0
	hwndTopmost    = ^uintptr(0)
	gwHwndPrev     = 3
	maNoActivate   = 3
	maNoActivateDo = 4
)

type wndClassEx struct {
	size, style                        uint32
	wndProc                            uintptr
	clsExtra, wndExtra                 int32
	instance, icon, cursor, background uintptr
	menuName, className                *uint16
	iconSm                             uintptr
}

type paintStruct struct {
	hdc         uintptr
	erase       int32
	paint       win32.Rect
	restore     int32
	incUpdate   int32
	rgbReserved [32]byte
}

type drawItemStruct struct {
	ctlType, ctlID, itemID, itemAction, itemState uint32
	hwndItem                                      windows.HWND
	hdc                                           uintptr
	item                                          win32.Rect
	itemData                                      uintptr
}

type logFont struct {
	height, width, escapement, orientation, weight                                       int32
	italic, underline, strikeOut, charSet, outPrecision, clipPrecision, quality, pitchAs byte
	faceName                                                                             [32]uint16
}

type textMetric struct {
	height, ascent, descent, internalLeading, externalLeading, aveCharWidth, maxCharWidth, weight, overhang, aspectX, aspectY int32
	firstChar, lastChar, defaultChar, breakChar                                                                               uint16
	italic, underlined, struckOut, pitchAndFamily, charSet                                                                    byte
}

type trackMouseEvent struct {
	size, flags uint32
	hwnd        windows.HWND
	hoverTime   uint32
}

type flashInfo struct {
	size    uint32
	hwnd    windows.HWND
	flags   uint32
	count   uint32
	timeout uint32
}

type highContrast struct {
	size, flags   uint32
	defaultScheme *uint16
}

type notifyIconData struct {
	size             uint32
	hwnd             windows.HWND
	id, flags        uint32
	callbackMessage  uint32
	icon             uintptr
	tip              [128]uint16
	state, stateMask uint32
	info             [256]uint16
	version          uint32
	infoTitle        [64]uint16
	infoFlags        uint32
	guid             windows.GUID
	balloonIcon      uintptr
}

//go:uintptrescapes
func send(h windows.HWND, message uint32, w, l uintptr) uintptr {
	return win32.Ask(procSendMessage, uintptr(h), uintptr(message), w, l)
}

// utf16 is a text for a call of Windows; a zero byte ends it.
func utf16(s string) *uint16 {
	p, err := windows.UTF16PtrFromString(s)
	if err != nil {
		p = new(uint16)
	}
	return p
}

// at reads the structure that a message's parameter points to.
func at[T any](l uintptr) *T { return *(**T)(unsafe.Pointer(&l)) }

func low(l uintptr) int  { return int(int16(l)) }
func high(l uintptr) int { return int(int16(l >> 16)) }

// pointOf is the place that a mouse message tells.
func pointOf(l uintptr) image.Point { return image.Pt(low(l), high(l)) }
