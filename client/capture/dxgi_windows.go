package capture

import (
	"errors"
	"fmt"
	"image"
	"unsafe"

	"golang.org/x/sys/windows"

	"deskhand/internal/win32"
	"deskhand/screen"
)

// duplication is a picture that the graphics cards copy: the Desktop Duplication API, which tells what has changed.
//
// Source: Microsoft, "Desktop Duplication API" and IDXGIOutputDuplication.
type duplication struct {
	outputs []*output
}

var (
	dxgi  = windows.NewLazySystemDLL("dxgi.dll")
	d3d11 = windows.NewLazySystemDLL("d3d11.dll")

	procCreateDXGIFactory1 = dxgi.NewProc("CreateDXGIFactory1")
	procD3D11CreateDevice  = d3d11.NewProc("D3D11CreateDevice")
)

// firstFrame is how long an output may take to bring its first frame, in milliseconds.
const firstFrame = 100

// openDuplication duplicates all displays of a layout.
func openDuplication(l layout) (_ picture, err error) {
	for _, p := range []*windows.LazyProc{procCreateDXGIFactory1, procD3D11CreateDevice} {
		if err := p.Find(); err != nil {
			return nil, fmt.Errorf("duplicate the screen: %w", err)
		}
	}
	var factory *com
	r, _, _ := procCreateDXGIFactory1.Call(uintptr(unsafe.Pointer(&iidFactory1)), uintptr(unsafe.Pointer(&factory)))
	if err := failed("open the graphics cards", r); err != nil {
		return nil, err
	}
	defer factory.free()
	d := &duplication{}
	defer func() {
		if err != nil {
			d.close()
		}
	}()
	err = factory.each("list the graphics cards", factoryEnumAdapters1, func(adapter *com) error {
		defer adapter.free()
		return adapter.each("list a graphics card's outputs", adapterEnumOutputs, func(o *com) error {
			defer o.free()
			opened, err := openOutput(adapter, o, l)
			if opened != nil {
				d.outputs = append(d.outputs, opened)
			}
			return err
		})
	})
	if err == nil && len(d.outputs) != len(l.displays) {
		err = fmt.Errorf("%d of %d displays can be duplicated", len(d.outputs), len(l.displays))
	}
	if err != nil {
		return nil, err
	}
	return d, nil
}

func (d *duplication) look(changed *screen.Region) error {
	for _, o := range d.outputs {
		if err := o.look(changed, 0); err != nil {
			return err
		}
	}
	return nil
}

func (d *duplication) copy(dst *screen.Frame, rects []image.Rectangle) error {
	covered := screen.Region{}
	for _, o := range d.outputs {
		if err := o.copy(dst, rects); err != nil {
			return err
		}
		covered.Add(o.bounds)
	}
	// What no display shows is black.
	for _, r := range rects {
		var rest screen.Region
		rest.Add(r)
		for _, c := range covered.Rects() {
			rest.Subtract(c)
		}
		for _, hole := range rest.Rects() {
			dst.Fill(hole, screen.Color{})
		}
	}
	return nil
}

func (d *duplication) close() {
	for _, o := range d.outputs {
		o.close()
	}
}

// output is one display.
type output struct {
	bounds   image.Rectangle // on the desktop
	size     image.Point     // of the picture, which is not rotated
	rotation rotation

	device, context *com
	frames          *com // IDXGIOutputDuplication
	staging         *com // the last frame, which the processor can read
	filled          bool // staging holds one
	metadata        []byte
}

// outputDesc is a DXGI_OUTPUT_DESC.
type outputDesc struct {
	name     [32]uint16
	bounds   win32.Rect
	attached int32
	rotation rotation
	monitor  uintptr
}

// duplicationDesc is a DXGI_OUTDUPL_DESC.
type duplicationDesc struct {
	width, height  uint32
	_              [5]uint32
	rotation       rotation
	inSystemMemory int32
}

// frameInfo is a DXGI_OUTDUPL_FRAME_INFO.
type frameInfo struct {
	lastPresent, lastMouse         int64
	accumulated                    uint32
	coalesced, protected           int32
	pointer                        win32.Point
	pointerVisible                 int32
	metadataSize, pointerShapeSize uint32
}

// moveRect is a DXGI_OUTDUPL_MOVE_RECT.
type moveRect struct {
	from win32.Point
	to   win32.Rect
}

// textureDesc is a D3D11_TEXTURE2D_DESC.
type textureDesc struct {
	width, height, mipLevels, arraySize, format    uint32
	samples, quality                               uint32
	usage, bindFlags, processorAccess, otherwiseIs uint32
}

// mapped is a D3D11_MAPPED_SUBRESOURCE.
type mapped struct {
	data                 unsafe.Pointer
	rowPitch, depthPitch uint32
}

const (
	formatBGRA   = 87      // DXGI_FORMAT_B8G8R8A8_UNORM
	usageStaging = 3       // D3D11_USAGE_STAGING
	accessRead   = 0x20000 // D3D11_CPU_ACCESS_READ
	mapRead      = 1       // D3D11_MAP_READ
	sdkVersion   = 7       // D3D11_SDK_VERSION
)

// openOutput duplicates an output that shows a part of the desktop; nil for one that does not.
func openOutput(adapter, from *com, l layout) (_ *output, err error) {
	var desc outputDesc
	if err := from.call("describe an output", outputGetDesc, uintptr(unsafe.Pointer(&desc))); err != nil {
		return nil, err
	}
	if desc.attached == 0 {
		return nil, nil
	}
	o := &output{bounds: desc.bounds.Image().Sub(l.origin)}
	defer func() {
		if err != nil {
			o.close()
		}
	}()
	r, _, _ := procD3D11CreateDevice.Call(uintptr(unsafe.Pointer(adapter)), 0, 0, 0, 0, 0, sdkVersion,
		uintptr(unsafe.Pointer(&o.device)), 0, uintptr(unsafe.Pointer(&o.context)))
	if err := failed("open a graphics card", r); err != nil {
		return nil, err
	}
	output1, err := from.as(&iidOutput1)
	if err != nil {
		return nil, err
	}
	defer output1.free()
	if err := output1.call("duplicate a display", outputDuplicateOutput, uintptr(unsafe.Pointer(o.device)), uintptr(unsafe.Pointer(&o.frames))); err != nil {
		return nil, err
	}
	var mode duplicationDesc
	_ = o.frames.call("describe a display's frames", duplicationGetDesc, uintptr(unsafe.Pointer(&mode))) // it returns nothing
	o.size, o.rotation = image.Pt(int(mode.width), int(mode.height)), mode.rotation
	if o.rotation.size(o.size) != o.bounds.Size() {
		return nil, fmt.Errorf("a display of %v with frames of %v, rotation %d", o.bounds.Size(), o.size, o.rotation)
	}
	t := textureDesc{
		width: mode.width, height: mode.height, mipLevels: 1, arraySize: 1, format: formatBGRA, samples: 1, usage: usageStaging, processorAccess: accessRead,
	}
	if err := o.device.call("make a texture", deviceCreateTexture2D, uintptr(unsafe.Pointer(&t)), 0, uintptr(unsafe.Pointer(&o.staging))); err != nil {
		return nil, err
	}
	return o, o.look(new(screen.Region), firstFrame)
}

// look takes the next frame, when there is one within so many milliseconds.
func (o *output) look(changed *screen.Region, wait uintptr) error {
	var info frameInfo
	var resource *com
	err := o.frames.call("take a frame", duplicationAcquireNextFrame, wait, uintptr(unsafe.Pointer(&info)), uintptr(unsafe.Pointer(&resource)))
	switch {
	case errors.Is(err, dxgiWaitTimeout):
		return nil
	case lost(err):
		return errors.Join(errLost, err)
	case err != nil:
		return err
	}
	defer resource.free()
	if info.lastPresent != 0 || !o.filled { // else only the pointer has moved
		err = o.take(&info, resource, changed)
	}
	err = errors.Join(err, o.frames.call("give a frame back", duplicationReleaseFrame))
	if lost(err) {
		return errors.Join(errLost, err)
	}
	return err
}

// lost tells whether the duplication has ended for good and can be made again.
func lost(err error) bool {
	for _, h := range []hresult{dxgiAccessLost, dxgiInvalidCall, dxgiRemoved, dxgiReset} {
		if errors.Is(err, h) {
			return true
		}
	}
	return false
}

// take copies a frame and adds what it says has changed.
func (o *output) take(info *frameInfo, resource *com, changed *screen.Region) error {
	texture, err := resource.as(&iidTexture2D)
	if err != nil {
		return err
	}
	defer texture.free()
	// It returns nothing; what goes wrong is told by the next call.
	_ = o.context.call("copy a frame", contextCopyResource, uintptr(unsafe.Pointer(o.staging)), uintptr(unsafe.Pointer(texture)))
	if !o.filled || info.metadataSize == 0 {
		o.filled = true
		changed.Add(o.bounds)
		return nil
	}
	return o.changes(info.metadataSize, changed)
}

// changes adds what the frame says was moved and drawn.
func (o *output) changes(size uint32, changed *screen.Region) error {
	if uint32(len(o.metadata)) < size {
		o.metadata = make([]byte, size)
	}
	for _, kind := range []struct {
		doing  string
		method int
		each   uintptr
		where  func(unsafe.Pointer) win32.Rect
	}{
		{"read what has moved", duplicationGetMoveRects, unsafe.Sizeof(moveRect{}), func(p unsafe.Pointer) win32.Rect { return (*moveRect)(p).to }},
		{"read what was drawn", duplicationGetDirtyRects, unsafe.Sizeof(win32.Rect{}), func(p unsafe.Pointer) win32.Rect { return *(*win32.Rect)(p) }},
	} {
		var used uint32
		err := o.frames.call(kind.doing, kind.method, uintptr(len(o.metadata)), uintptr(unsafe.Pointer(&o.metadata[0])), uintptr(unsafe.Pointer(&used)))
		if err != nil {
			return err
		}
		for at := uintptr(0); at+kind.each <= uintptr(min(int(used), len(o.metadata))); at += kind.each {
			part := kind.where(unsafe.Pointer(&o.metadata[at])).Image().Intersect(image.Rectangle{Max: o.size})
			changed.Add(o.rotation.display(part, o.size).Add(o.bounds.Min))
		}
	}
	return nil
}

// copy copies what rects share with the display. Before its first frame it is black.
func (o *output) copy(dst *screen.Frame, rects []image.Rectangle) error {
	var m mapped
	if o.filled {
		if err := o.context.call("read a frame", contextMap, uintptr(unsafe.Pointer(o.staging)), 0, mapRead, 0, uintptr(unsafe.Pointer(&m))); err != nil {
			return err
		}
		defer o.context.call("leave a frame", contextUnmap, uintptr(unsafe.Pointer(o.staging)), 0) // it returns nothing
	}
	for _, r := range rects {
		r = r.Intersect(o.bounds)
		if r.Empty() {
			continue
		}
		if !o.filled {
			dst.Fill(r, screen.Color{})
			continue
		}
		picture := screen.Frame{
			Pix:    unsafe.Slice((*byte)(m.data), int(m.rowPitch)*(o.size.Y-1)+o.size.X*4),
			Stride: int(m.rowPitch), W: o.size.X, H: o.size.Y,
		}
		o.rotation.copy(dst, o.bounds.Min, &picture, r.Sub(o.bounds.Min))
	}
	return nil
}

func (o *output) close() {
	for _, c := range []*com{o.staging, o.frames, o.context, o.device} {
		c.free()
	}
}
