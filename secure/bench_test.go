package secure

import (
	"testing"

	"deskhand/transport/transporttest"
	"deskhand/wire"
)

func BenchmarkSealAndOpen(b *testing.B) {
	ck, vk := testKeys(b)
	seal, _ := newDirection(ck.sends())
	open, _ := newDirection(vk.receives())
	data := make([]byte, MaxPart)
	b.SetBytes(MaxPart)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := open.open(seal.seal(part{channel: wire.ChannelScreen, last: true, data: data})); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkLink(b *testing.B) {
	client, viewer, _ := links(b, transporttest.Link{})
	message := make([]byte, 1<<20)
	b.SetBytes(int64(len(message)))
	b.ReportAllocs()
	go func() {
		for client.Send(b.Context(), wire.ChannelScreen, message) == nil {
		}
	}()
	for b.Loop() {
		if _, _, err := viewer.Receive(); err != nil {
			b.Fatal(err)
		}
	}
	_ = viewer.Close("")
}
