//go:build videohelper && linux && cgo

#include "stream.h"

#include <libyuv/convert.h>
#include <stdlib.h>
#include <string.h>
#include <vpx/vp8cx.h>
#include <vpx/vpx_encoder.h>

enum { VP8 = 1, VP9 = 2 }; // as in package screen

struct stream {
	vpx_codec_ctx_t codec;
	vpx_codec_enc_cfg_t cfg;
	vpx_image_t *image; // even sizes: the right column and the bottom row may be there twice
	int w, h;
	int64_t last;                // time of the frame before
	vpx_enc_frame_flags_t flags; // of each frame
	int open;                    // codec has been initialised
};

// Both are tuned for processor time first; docs/design/0005-video-encoder.md has the figures.
static void tune_vp8(vpx_codec_ctx_t *c) {
	vpx_codec_control(c, VP8E_SET_CPUUSED, -12); // beyond -14 motion is no longer followed to parts of pixels
	vpx_codec_control(c, VP8E_SET_TOKEN_PARTITIONS, VP8_ONE_TOKENPARTITION);
}

static void tune_vp9(vpx_codec_ctx_t *c) {
	vpx_codec_control(c, VP8E_SET_CPUUSED, 9);
	vpx_codec_control(c, VP9E_SET_AQ_MODE, 0);
	vpx_codec_control(c, VP9E_SET_TILE_COLUMNS, 0);
	vpx_codec_control(c, VP9E_SET_FRAME_PARALLEL_DECODING, 0);
	vpx_codec_control(c, VP9E_SET_COLOR_SPACE, VPX_CS_BT_601);
}

static void configure(vpx_codec_enc_cfg_t *g, int codec, unsigned w, unsigned h, unsigned bits_per_second) {
	g->g_w = w;
	g->g_h = h;
	g->g_profile = codec == VP8 ? 1 : 0; // VP8's profile 1 has the simple filters: cheaper at both ends
	g->g_threads = 1; // more of them spin, and collapse on a busy machine
	g->g_timebase = (vpx_rational_t){1, 1000000};
	g->g_lag_in_frames = 0;
	g->g_error_resilient = 0; // what is sent arrives
	g->g_pass = VPX_RC_ONE_PASS;
	g->kf_mode = VPX_KF_DISABLED;
	g->rc_end_usage = VPX_CBR;
	g->rc_dropframe_thresh = 0; // the client paces
	g->rc_resize_allowed = 0;
	g->rc_target_bitrate = bits_per_second / 1000;
	g->rc_min_quantizer = 20; // finer ones cost twice the bytes for 0.1 dB; what rests is sent without loss anyway
	g->rc_max_quantizer = 63;
	g->rc_undershoot_pct = 100;
	g->rc_overshoot_pct = 15;
	g->rc_buf_initial_sz = 600; // ms
	g->rc_buf_optimal_sz = 600;
	g->rc_buf_sz = 1000;
}

stream *stream_new(int codec, int w, int h, unsigned bits_per_second, const char **why) {
	stream *s = calloc(1, sizeof *s);
	vpx_codec_iface_t *iface = codec == VP9 ? vpx_codec_vp9_cx() : vpx_codec_vp8_cx();
	vpx_codec_err_t err;
	*why = "no memory";
	if (s == NULL)
		return NULL;
	s->last = -1;
	s->w = w;
	s->h = h;
	s->image = vpx_img_alloc(NULL, VPX_IMG_FMT_I420, (w + 1) & ~1, (h + 1) & ~1, 32);
	if (s->image == NULL)
		goto failed;
	s->image->cs = VPX_CS_BT_601;
	s->image->range = VPX_CR_STUDIO_RANGE;
	if ((err = vpx_codec_enc_config_default(iface, &s->cfg, 0)) != VPX_CODEC_OK)
		goto codec_failed;
	configure(&s->cfg, codec, s->image->d_w, s->image->d_h, bits_per_second);
	if ((err = vpx_codec_enc_init(&s->codec, iface, &s->cfg, 0)) != VPX_CODEC_OK)
		goto codec_failed;
	s->open = 1;
	vpx_codec_control(&s->codec, VP8E_SET_STATIC_THRESHOLD, 1200); // squared differences of 16×16 pixels: 41 dB is near enough
	vpx_codec_control(&s->codec, VP8E_SET_MAX_INTRA_BITRATE_PCT, 450);
	if (codec == VP9)
		tune_vp9(&s->codec);
	else
		tune_vp8(&s->codec);
	if (codec == VP8) // a third picture to refer to only costs time and bytes
		s->flags = VP8_EFLAG_NO_REF_ARF | VP8_EFLAG_NO_UPD_ARF;
	return s;
codec_failed:
	*why = vpx_codec_err_to_string(err);
failed:
	stream_free(s);
	return NULL;
}

// pad repeats the last column and row of the luma plane where the image is one wider or higher than the frame. The chroma planes, of half
// the size rounded up, are whole already.
static void pad(stream *s) {
	uint8_t *y = s->image->planes[0];
	const int stride = s->image->stride[0];
	if (s->w & 1)
		for (int row = 0; row < s->h; row++)
			y[row * stride + s->w] = y[row * stride + s->w - 1];
	if (s->h & 1)
		memcpy(y + s->h * stride, y + (s->h - 1) * stride, s->image->d_w);
}

const char *stream_encode(stream *s, const uint8_t *bgrx, int64_t time, unsigned long duration, unsigned bits_per_second, int key, packet *out) {
	vpx_image_t *m = s->image;
	const vpx_codec_cx_pkt_t *p;
	vpx_codec_iter_t iter = NULL;
	memset(out, 0, sizeof *out);
	if (ARGBToI420(bgrx, s->w * 4, m->planes[0], m->stride[0], m->planes[1], m->stride[1], m->planes[2], m->stride[2], s->w, s->h) != 0)
		return "converting the frame failed";
	pad(s);
	if (time <= s->last)
		time = s->last + 1; // the codec wants each later than the one before
	s->last = time;
	if (bits_per_second / 1000 != s->cfg.rc_target_bitrate) {
		s->cfg.rc_target_bitrate = bits_per_second / 1000;
		if (vpx_codec_enc_config_set(&s->codec, &s->cfg) != VPX_CODEC_OK)
			return vpx_codec_error(&s->codec);
	}
	if (vpx_codec_encode(&s->codec, m, time, duration, s->flags | (key ? VPX_EFLAG_FORCE_KF : 0), VPX_DL_REALTIME) != VPX_CODEC_OK)
		return vpx_codec_error(&s->codec);
	while ((p = vpx_codec_get_cx_data(&s->codec, &iter)) != NULL) {
		if (p->kind != VPX_CODEC_CX_FRAME_PKT)
			continue;
		if (out->data != NULL)
			return "the codec gave two frames for one";
		out->data = p->data.frame.buf;
		out->size = p->data.frame.sz;
		out->key = (p->data.frame.flags & VPX_FRAME_IS_KEY) != 0;
	}
	if (out->data == NULL)
		return "the codec gave no frame";
	vpx_codec_control(&s->codec, VP8E_GET_LAST_QUANTIZER_64, &out->quantizer);
	return NULL;
}

void stream_free(stream *s) {
	if (s == NULL)
		return;
	if (s->open)
		vpx_codec_destroy(&s->codec);
	vpx_img_free(s->image);
	free(s);
}
