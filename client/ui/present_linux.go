package ui

import (
	"bytes"
	"image"
	"math/bits"

	"github.com/jezek/xgb/xproto"
)

// present paints the pane and sends what changed.
func (w *window) present() {
	w.dirty = false
	w.pane.paint(w.canvas)
	w.tellControls()
	if w.shown == nil {
		w.shown = make([]byte, len(w.canvas.Pix))
		w.send(w.canvas.Rect)
	} else if r := w.changed(); !r.Empty() {
		w.send(r)
	}
}

// tellControls keeps the property by which programs that act for a person (xdotool scripts, tools for people who cannot use a
// mouse) find the controls of a window that has no widgets. It tells nothing that is not on the screen.
func (w *window) tellControls() {
	if now := w.pane.scene.whereabouts(); now != w.controls {
		w.controls = now
		w.x.setText(w.id, "_DESKHAND_CONTROLS", xproto.AtomString, now)
	}
}

// changed is the smallest rectangle around all pixels that differ from what is shown.
func (w *window) changed() image.Rectangle {
	var r image.Rectangle
	stride := w.canvas.Stride
	for y := range w.size.Y {
		now, before := w.canvas.Pix[y*stride:(y+1)*stride], w.shown[y*stride:(y+1)*stride]
		if bytes.Equal(now, before) {
			continue
		}
		lo, hi := 0, stride-1
		for now[lo] == before[lo] {
			lo++
		}
		for now[hi] == before[hi] {
			hi--
		}
		r = r.Union(image.Rect(lo/4, y, hi/4+1, y+1))
	}
	return r
}

// send puts a part of the canvas on the screen, in bands that fit a request.
func (w *window) send(r image.Rectangle) {
	stride := w.format.stride(r.Dx())
	limit := int(w.x.setup.MaximumRequestLength)*4 - 64
	band := max(1, limit/stride)
	for y := r.Min.Y; y < r.Max.Y; y += band {
		part := image.Rect(r.Min.X, y, r.Max.X, min(y+band, r.Max.Y))
		data := w.pack(part, stride)
		xproto.PutImage(w.x.Conn, xproto.ImageFormatZPixmap, xproto.Drawable(w.pixmap), w.gc,
			uint16(part.Dx()), uint16(part.Dy()), int16(part.Min.X), int16(part.Min.Y), 0, w.format.depth, data)
	}
	w.expose(r)
	for y := r.Min.Y; y < r.Max.Y; y++ {
		a, b := w.canvas.PixOffset(r.Min.X, y), w.canvas.PixOffset(r.Max.X, y)
		copy(w.shown[a:b], w.canvas.Pix[a:b])
	}
}

// expose copies a part of what was sent onto the window.
func (w *window) expose(r image.Rectangle) {
	xproto.CopyArea(w.x.Conn, xproto.Drawable(w.pixmap), xproto.Drawable(w.id), w.gc,
		int16(r.Min.X), int16(r.Min.Y), int16(r.Min.X), int16(r.Min.Y), uint16(r.Dx()), uint16(r.Dy()))
}

// stride is the number of bytes of a row.
func (f format) stride(width int) int {
	return (width*f.bits + f.pad - 1) / f.pad * f.pad / 8
}

// pack converts pixels to the server's form.
func (w *window) pack(r image.Rectangle, stride int) []byte {
	out := make([]byte, stride*r.Dy())
	big := w.x.setup.ImageByteOrder == xproto.ImageOrderMSBFirst
	for y := r.Min.Y; y < r.Max.Y; y++ {
		src := w.canvas.Pix[w.canvas.PixOffset(r.Min.X, y):]
		dst := out[(y-r.Min.Y)*stride:]
		for i := range r.Dx() {
			v := w.format.pixel(src[4*i], src[4*i+1], src[4*i+2], src[4*i+3])
			n := w.format.bits / 8
			for k := range n {
				at := k
				if big {
					at = n - 1 - k
				}
				dst[n*i+at] = byte(v >> (8 * k))
			}
		}
	}
	return out
}

// pixel packs one premultiplied colour. Without transparency the soft rim of a rounded corner gets its full colour.
func (f format) pixel(r, g, b, a byte) uint32 {
	if f.depth == 32 {
		return uint32(a)<<24 | uint32(r)<<16 | uint32(g)<<8 | uint32(b)
	}
	if a != 0 && a != 255 {
		r, g, b = full(r, a), full(g, a), full(b, a)
	}
	return channel(r, f.red) | channel(g, f.green) | channel(b, f.blue)
}

// channel puts the upper bits of a value into a mask.
func channel(v byte, mask uint32) uint32 {
	width := bits.OnesCount32(mask)
	shift := bits.TrailingZeros32(mask)
	if width >= 8 {
		return uint32(v) << (shift + width - 8) & mask
	}
	return uint32(v>>(8-width)) << shift
}
