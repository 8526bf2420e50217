// One video stream: conversion to planes and the codec.
#include <stddef.h>
#include <stdint.h>

typedef struct stream stream;

typedef struct {
	const uint8_t *data; // valid until the stream's next frame
	size_t size;
	int key;
	int quantizer; // 0 to 63
} packet;

// stream_new returns a stream for frames of w×h pixels, or NULL with *why set. codec is 1 (VP8) or 2 (VP9).
stream *stream_new(int codec, int w, int h, unsigned bits_per_second, const char **why);

// stream_encode compresses the next frame: w×h pixels B, G, R, X without gaps. Time and duration are µs. It returns NULL or what went wrong.
const char *stream_encode(stream *s, const uint8_t *bgrx, int64_t time, unsigned long duration, unsigned bits_per_second, int key, packet *out);

void stream_free(stream *s);
