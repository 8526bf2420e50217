//go:build videohelper && linux && cgo

package videotest

/*
#cgo LDFLAGS: -lvpx -lyuv -lm
#include <libyuv/convert_argb.h>
#include <stdlib.h>
#include <vpx/vp8dx.h>
#include <vpx/vpx_decoder.h>

static vpx_codec_ctx_t *open_decoder(int codec) {
	vpx_codec_ctx_t *c = calloc(1, sizeof *c);
	if (c != NULL && vpx_codec_dec_init(c, codec == 2 ? vpx_codec_vp9_dx() : vpx_codec_vp8_dx(), NULL, 0) != VPX_CODEC_OK) {
		free(c);
		return NULL;
	}
	return c;
}

static vpx_image_t *decode(vpx_codec_ctx_t *c, const unsigned char *data, unsigned n) {
	vpx_codec_iter_t iter = NULL;
	if (vpx_codec_decode(c, data, n, NULL, 0) != VPX_CODEC_OK)
		return NULL;
	return vpx_codec_get_frame(c, &iter);
}

static int to_bgrx(const vpx_image_t *m, unsigned char *dst, int stride, int w, int h) {
	return I420ToARGB(m->planes[0], m->stride[0], m->planes[1], m->stride[1], m->planes[2], m->stride[2], dst, stride, w, h);
}
*/
import "C"

import (
	"bytes"
	"errors"
	"fmt"
	"image/jpeg"
	"unsafe"

	"deskhand/screen"
)

// Decoder decodes one stream's frames, of whatever codec.
type Decoder struct {
	codec screen.VideoCodec
	vpx   *C.vpx_codec_ctx_t
}

// Decode returns the whole decoded picture, which may be larger than the frame that was encoded.
func (d *Decoder) Decode(f screen.VideoFrame) (*screen.Frame, error) {
	if f.Codec == screen.JPEG {
		return decodeJPEG(f.Data)
	}
	if d.vpx == nil || f.Codec != d.codec {
		d.Close()
		if d.codec, d.vpx = f.Codec, C.open_decoder(C.int(f.Codec)); d.vpx == nil {
			return nil, errors.New("no decoder")
		}
	}
	if len(f.Data) == 0 {
		return nil, errors.New("no data")
	}
	m := C.decode(d.vpx, (*C.uchar)(unsafe.Pointer(&f.Data[0])), C.uint(len(f.Data)))
	if m == nil {
		return nil, fmt.Errorf("decoding %d bytes: %s", len(f.Data), C.GoString(C.vpx_codec_error(d.vpx)))
	}
	out, err := screen.NewFrame(int(m.d_w), int(m.d_h))
	if err != nil {
		return nil, err
	}
	if C.to_bgrx(m, (*C.uchar)(unsafe.Pointer(&out.Pix[0])), C.int(out.Stride), C.int(out.W), C.int(out.H)) != 0 {
		return nil, errors.New("converting the picture failed")
	}
	return out, nil
}

// Close frees the decoder.
func (d *Decoder) Close() {
	if d.vpx != nil {
		C.vpx_codec_destroy(d.vpx)
		C.free(unsafe.Pointer(d.vpx))
		d.vpx = nil
	}
}

func decodeJPEG(data []byte) (*screen.Frame, error) {
	m, err := jpeg.Decode(bytes.NewReader(data))
	if err != nil {
		return nil, err
	}
	out, err := screen.NewFrame(m.Bounds().Dx(), m.Bounds().Dy())
	if err != nil {
		return nil, err
	}
	for y := range out.H {
		row := out.Row(y, 0, out.W)
		for x := range out.W {
			r, g, b, _ := m.At(x, y).RGBA()
			row[4*x], row[4*x+1], row[4*x+2] = uint8(b>>8), uint8(g>>8), uint8(r>>8)
		}
	}
	return out, nil
}
