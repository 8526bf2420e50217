package ui

import (
	"fmt"
	"image"
	"unsafe"

	"golang.org/x/sys/windows"
)

// The calls of Windows that golang.org/x/sys/windows does not have, by the names of Microsoft's documentation.
var (
	user32  = windows.NewLazySystemDLL("user32.dll")
	gdi32   = windows.NewLazySystemDLL("gdi32.dll")
	shell32 = windows.NewLazySystemDLL("shell32.dll")
	shcore  = windows.NewLazySystemDLL("shcore.dll")
	dwmapi  = windows.NewLazySystemDLL("dwmapi.dll")
	kernel  = windows.NewLazySystemDLL("kernel32.dll")

	procAdjustWindowRectExForDpi     = user32.NewProc("AdjustWindowRectExForDpi")
	procAppendMenu                   = user32.NewProc("AppendMenuW")
	procBeginPaint                   = user32.NewProc("BeginPaint")
	procCallWindowProc               = user32.NewProc("CallWindowProcW")
	procCloseClipboard               = user32.NewProc("CloseClipboard")
	procCreateDialogIndirectParam    = user32.NewProc("CreateDialogIndirectParamW")
	procCreateIconIndirect           = user32.NewProc("CreateIconIndirect")
	procCreatePopupMenu              = user32.NewProc("CreatePopupMenu")
	procCreateWindowEx               = user32.NewProc("CreateWindowExW")
	procDefWindowProc                = user32.NewProc("DefWindowProcW")
	procDestroyIcon                  = user32.NewProc("DestroyIcon")
	procDestroyMenu                  = user32.NewProc("DestroyMenu")
	procDestroyWindow                = user32.NewProc("DestroyWindow")
	procDispatchMessage              = user32.NewProc("DispatchMessageW")
	procDrawText                     = user32.NewProc("DrawTextW")
	procEndPaint                     = user32.NewProc("EndPaint")
	procFlashWindowEx                = user32.NewProc("FlashWindowEx")
	procGetActiveWindow              = user32.NewProc("GetActiveWindow")
	procGetClientRect                = user32.NewProc("GetClientRect")
	procGetClipboardData             = user32.NewProc("GetClipboardData")
	procGetCursorPos                 = user32.NewProc("GetCursorPos")
	procGetDC                        = user32.NewProc("GetDC")
	procGetDpiForMonitor             = shcore.NewProc("GetDpiForMonitor")
	procGetDpiForWindow              = user32.NewProc("GetDpiForWindow")
	procGetFocus                     = user32.NewProc("GetFocus")
	procGetKeyState                  = user32.NewProc("GetKeyState")
	procGetMessage                   = user32.NewProc("GetMessageW")
	procGetMessageExtraInfo          = user32.NewProc("GetMessageExtraInfo")
	procGetMessagePos                = user32.NewProc("GetMessagePos")
	procGetMonitorInfo               = user32.NewProc("GetMonitorInfoW")
	procGetProcessWindowStation      = user32.NewProc("GetProcessWindowStation")
	procGetSysColor                  = user32.NewProc("GetSysColor")
	procGetUserObjectInformation     = user32.NewProc("GetUserObjectInformationW")
	procGetWindow                    = user32.NewProc("GetWindow")
	procGetWindowRect                = user32.NewProc("GetWindowRect")
	procGetWindowText                = user32.NewProc("GetWindowTextW")
	procHideCaret                    = user32.NewProc("HideCaret")
	procIsIconic                     = user32.NewProc("IsIconic")
	procLoadCursor                   = user32.NewProc("LoadCursorW")
	procMonitorFromPoint             = user32.NewProc("MonitorFromPoint")
	procOpenClipboard                = user32.NewProc("OpenClipboard")
	procOpenDesktop                  = user32.NewProc("OpenDesktopW")
	procPostMessage                  = user32.NewProc("PostMessageW")
	procPostQuitMessage              = user32.NewProc("PostQuitMessage")
	procRedrawWindow                 = user32.NewProc("RedrawWindow")
	procRegisterClassEx              = user32.NewProc("RegisterClassExW")
	procRegisterHotKey               = user32.NewProc("RegisterHotKey")
	procRegisterWindowMessage        = user32.NewProc("RegisterWindowMessageW")
	procReleaseCapture               = user32.NewProc("ReleaseCapture")
	procReleaseDC                    = user32.NewProc("ReleaseDC")
	procSendMessage                  = user32.NewProc("SendMessageW")
	procSetCapture                   = user32.NewProc("SetCapture")
	procSetCursor                    = user32.NewProc("SetCursor")
	procSetDialogDpiChangeBehavior   = user32.NewProc("SetDialogDpiChangeBehavior")
	procSetFocus                     = user32.NewProc("SetFocus")
	procSetForegroundWindow          = user32.NewProc("SetForegroundWindow")
	procSetThreadDesktop             = user32.NewProc("SetThreadDesktop")
	procSetThreadDpiAwarenessContext = user32.NewProc("SetThreadDpiAwarenessContext")
	procSetTimer                     = user32.NewProc("SetTimer")
	procSetWindowLongPtr             = user32.NewProc("SetWindowLongPtrW")
	procSetWindowPos                 = user32.NewProc("SetWindowPos")
	procSetWindowRgn                 = user32.NewProc("SetWindowRgn")
	procSetWindowText                = user32.NewProc("SetWindowTextW")
	procShowCaret                    = user32.NewProc("ShowCaret")
	procShowWindow                   = user32.NewProc("ShowWindow")
	procSystemParametersInfo         = user32.NewProc("SystemParametersInfoW")
	procTrackMouseEvent              = user32.NewProc("TrackMouseEvent")
	procTrackPopupMenu               = user32.NewProc("TrackPopupMenu")
	procTranslateMessage             = user32.NewProc("TranslateMessage")
	procUnregisterHotKey             = user32.NewProc("UnregisterHotKey")
	procBitBlt                       = gdi32.NewProc("BitBlt")
	procCreateBitmap                 = gdi32.NewProc("CreateBitmap")
	procCreateCompatibleDC           = gdi32.NewProc("CreateCompatibleDC")
	procCreateDIBSection             = gdi32.NewProc("CreateDIBSection")
	procCreateFontIndirect           = gdi32.NewProc("CreateFontIndirectW")
	procCreateRoundRectRgn           = gdi32.NewProc("CreateRoundRectRgn")
	procCreateSolidBrush             = gdi32.NewProc("CreateSolidBrush")
	procDeleteDC                     = gdi32.NewProc("DeleteDC")
	procDeleteObject                 = gdi32.NewProc("DeleteObject")
	procGetTextMetrics               = gdi32.NewProc("GetTextMetricsW")
	procSelectObject                 = gdi32.NewProc("SelectObject")
	procSetBkColor                   = gdi32.NewProc("SetBkColor")
	procSetTextColor                 = gdi32.NewProc("SetTextColor")
	procGlobalLock                   = kernel.NewProc("GlobalLock")
	procGlobalSize                   = kernel.NewProc("GlobalSize")
	procGlobalUnlock                 = kernel.NewProc("GlobalUnlock")
	procDwmSetWindowAttribute        = dwmapi.NewProc("DwmSetWindowAttribute")
	procShellNotifyIcon              = shell32.NewProc("Shell_NotifyIconW")
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
	srcCopy        = 0x00cc0020
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

type winPoint struct{ x, y int32 }

type winRect struct{ left, top, right, bottom int32 }

func rectOf(r image.Rectangle) winRect {
	return winRect{int32(r.Min.X), int32(r.Min.Y), int32(r.Max.X), int32(r.Max.Y)}
}

func (r winRect) image() image.Rectangle {
	return image.Rect(int(r.left), int(r.top), int(r.right), int(r.bottom))
}

type winMsg struct {
	hwnd    windows.HWND
	message uint32
	wParam  uintptr
	lParam  uintptr
	time    uint32
	pt      winPoint
	private uint32
}

type paintStruct struct {
	hdc         uintptr
	erase       int32
	paint       winRect
	restore     int32
	incUpdate   int32
	rgbReserved [32]byte
}

type drawItemStruct struct {
	ctlType, ctlID, itemID, itemAction, itemState uint32
	hwndItem                                      windows.HWND
	hdc                                           uintptr
	item                                          winRect
	itemData                                      uintptr
}

type bitmapInfoHeader struct {
	size                         uint32
	width, height                int32
	planes, bitCount             uint16
	compression, sizeImage       uint32
	xPelsPerMeter, yPelsPerMeter int32
	clrUsed, clrImportant        uint32
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

type monitorInfo struct {
	size          uint32
	monitor, work winRect
	flags         uint32
}

type trackMouseEvent struct {
	size, flags uint32
	hwnd        windows.HWND
	hoverTime   uint32
}

type iconInfo struct {
	icon               int32
	xHotspot, yHotspot uint32
	mask, color        uintptr
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

type userObjectFlags struct {
	inherit, reserved int32
	flags             uint32
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

// call is for functions that return zero when they fail.
func call(p *windows.LazyProc, args ...uintptr) (uintptr, error) {
	if err := p.Find(); err != nil {
		return 0, err
	}
	r, _, err := p.Call(args...)
	if r == 0 {
		return 0, fmt.Errorf("%s: %w", p.Name, err)
	}
	return r, nil
}

// ask is for functions whose answer means no failure, whatever it is; zero where Windows is too old to have them.
func ask(p *windows.LazyProc, args ...uintptr) uintptr {
	if p.Find() != nil {
		return 0
	}
	r, _, _ := p.Call(args...)
	return r
}

func send(h windows.HWND, message uint32, w, l uintptr) uintptr {
	return ask(procSendMessage, uintptr(h), uintptr(message), w, l)
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
