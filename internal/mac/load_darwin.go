package mac

import (
	"errors"
	"fmt"
	"unsafe"

	"github.com/ebitengine/purego"
)

// Where functions are: the path of a framework's or a library's code.
const (
	CoreFoundation = "/System/Library/Frameworks/CoreFoundation.framework/CoreFoundation"
	Foundation     = "/System/Library/Frameworks/Foundation.framework/Foundation"
	CoreGraphics   = "/System/Library/Frameworks/CoreGraphics.framework/CoreGraphics"
	AppKit         = "/System/Library/Frameworks/AppKit.framework/AppKit"
	IOSurface      = "/System/Library/Frameworks/IOSurface.framework/IOSurface"
	System         = "/usr/lib/libSystem.B.dylib"
)

var errMissing = errors.New("it is not there")

// Load finds functions by their names, and makes them what the given pointers to Go functions call. One that this release of macOS does not have is an
// error, not a crash.
func Load(library string, functions map[string]any) error {
	lib, err := purego.Dlopen(library, purego.RTLD_NOW|purego.RTLD_GLOBAL)
	if err != nil {
		return fmt.Errorf("opening %s: %w", library, err)
	}
	for name, f := range functions {
		at, err := purego.Dlsym(lib, name)
		if err != nil || at == 0 {
			return fmt.Errorf("this release of macOS has no %s (%w)", name, errors.Join(errMissing, err))
		}
		purego.RegisterFunc(f, at)
	}
	return nil
}

// Constant is the value of a variable of the system that holds a pointer, such as a key.
func Constant(library, name string) (uintptr, error) {
	at, err := symbol(library, name)
	if err != nil || at == 0 {
		return 0, fmt.Errorf("this release of macOS has no %s (%w)", name, errors.Join(errMissing, err))
	}
	return **(**uintptr)(unsafe.Pointer(&at)), nil
}

// symbol is the address of a variable of the system.
func symbol(library, name string) (uintptr, error) {
	lib, err := purego.Dlopen(library, purego.RTLD_NOW|purego.RTLD_GLOBAL)
	if err != nil {
		return 0, fmt.Errorf("opening %s: %w", library, err)
	}
	return purego.Dlsym(lib, name)
}
