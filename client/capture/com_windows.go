package capture

import (
	"errors"
	"fmt"
	"syscall"
	"unsafe"

	"golang.org/x/sys/windows"
)

// com is an object of COM: a pointer to its methods, by their place in the header files of the Windows SDK, and what else is its own.
type com struct{ methods *[64]uintptr }

// The places of the methods that are called here.
const (
	queryInterface = 0
	release        = 2

	factoryEnumAdapters1 = 12 // IDXGIFactory1

	adapterEnumOutputs = 7 // IDXGIAdapter

	outputGetDesc         = 7  // IDXGIOutput
	outputDuplicateOutput = 22 // IDXGIOutput1

	duplicationGetDesc          = 7 // IDXGIOutputDuplication
	duplicationAcquireNextFrame = 8
	duplicationGetDirtyRects    = 9
	duplicationGetMoveRects     = 10
	duplicationReleaseFrame     = 14

	deviceCreateTexture2D = 5 // ID3D11Device

	contextMap          = 14 // ID3D11DeviceContext
	contextUnmap        = 15
	contextCopyResource = 47
)

var (
	iidFactory1  = windows.GUID{Data1: 0x770aae78, Data2: 0xf26f, Data3: 0x4dba, Data4: [8]byte{0xa8, 0x29, 0x25, 0x3c, 0x83, 0xd1, 0xb3, 0x87}}
	iidOutput1   = windows.GUID{Data1: 0x00cddea8, Data2: 0x939b, Data3: 0x4b83, Data4: [8]byte{0xa3, 0x40, 0xa6, 0x85, 0x22, 0x66, 0x66, 0xcc}}
	iidTexture2D = windows.GUID{Data1: 0x6f15aaf2, Data2: 0xd208, Data3: 0x4e89, Data4: [8]byte{0x9a, 0xb4, 0x48, 0x95, 0x35, 0xd3, 0x4f, 0x9c}}
)

// hresult is how methods fail.
type hresult uint32

// What is acted upon; the others are only told.
const (
	dxgiNotFound     hresult = 0x887A0002 // DXGI_ERROR_NOT_FOUND: there is no further one
	dxgiAccessLost   hresult = 0x887A0026 // DXGI_ERROR_ACCESS_LOST
	dxgiWaitTimeout  hresult = 0x887A0027 // DXGI_ERROR_WAIT_TIMEOUT
	dxgiInvalidCall  hresult = 0x887A0001
	dxgiRemoved      hresult = 0x887A0005 // DXGI_ERROR_DEVICE_REMOVED
	dxgiReset        hresult = 0x887A0007
	dxgiUnsupported  hresult = 0x887A0004
	dxgiTooMany      hresult = 0x887A0022 // DXGI_ERROR_NOT_CURRENTLY_AVAILABLE
	dxgiDisconnected hresult = 0x887A0028 // DXGI_ERROR_SESSION_DISCONNECTED
	accessDenied     hresult = 0x80070005 // E_ACCESSDENIED
	notImplemented   hresult = 0x80004001 // E_NOTIMPL
)

func (h hresult) Error() string {
	switch h {
	case dxgiAccessLost:
		return "the desktop or its mode has changed"
	case dxgiUnsupported:
		return "this graphics card or session does not support it"
	case dxgiTooMany:
		return "too many programs do that already"
	case dxgiDisconnected:
		return "the session has no screen now"
	case dxgiRemoved, dxgiReset:
		return "the graphics card was reset"
	case accessDenied:
		return "Windows does not allow it on this desktop"
	}
	return fmt.Sprintf("code %#x", uint32(h))
}

// failed makes an error of what a method or function returned; nil when it did what it should.
func failed(doing string, r uintptr) error {
	if h := hresult(uint32(r)); h&0x80000000 != 0 {
		return fmt.Errorf("%s: %w", doing, h)
	}
	return nil
}

// call calls a method.
//
//go:uintptrescapes
func (c *com) call(doing string, method int, args ...uintptr) error {
	r, _, _ := syscall.SyscallN(c.methods[method], append([]uintptr{uintptr(unsafe.Pointer(c))}, args...)...)
	return failed(doing, r)
}

// free gives the object back. nil has nothing to give.
func (c *com) free() {
	if c != nil {
		syscall.SyscallN(c.methods[release], uintptr(unsafe.Pointer(c)))
	}
}

// as asks the object for another of its interfaces.
func (c *com) as(iid *windows.GUID) (other *com, err error) {
	err = c.call("ask for an interface", queryInterface, uintptr(unsafe.Pointer(iid)), uintptr(unsafe.Pointer(&other)))
	return other, err
}

// each calls f for what a method lists, until it has no more. f owns what it is given.
func (c *com) each(doing string, method int, f func(*com) error) error {
	for i := uintptr(0); ; i++ {
		var item *com
		err := c.call(doing, method, i, uintptr(unsafe.Pointer(&item)))
		if errors.Is(err, dxgiNotFound) {
			return nil
		}
		if err == nil {
			err = f(item)
		}
		if err != nil {
			return err
		}
	}
}
