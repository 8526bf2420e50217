package audience

import (
	"log/slog"

	"deskhand/client/encode"
	"deskhand/client/video"
	"deskhand/screen"
)

// encoder is a stage's encode.Video.
type encoder struct {
	*video.Encoder
	frames [screen.MaxStreams][]byte // the last of each stream, for its memory
}

func newEncoder(log *slog.Logger) *encoder {
	return &encoder{Encoder: video.New(log, video.Options{})}
}

// Encode compresses the next picture of a stream's region.
func (e *encoder) Encode(stream uint8, picture *screen.Frame, q encode.Quality) (screen.VideoFrame, error) {
	f, err := e.Encoder.Encode(stream, picture, video.Quality{Codec: q.Codec, BitsPerSecond: q.BitsPerSecond, Key: q.Key}, e.frames[stream])
	if err == nil {
		e.frames[stream] = f.Data
	}
	return f, err
}
