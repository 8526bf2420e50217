package secure

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"pgregory.net/rapid"

	"deskhand/transport/transporttest"
	"deskhand/wire"
)

func link(t testing.TB, conn Frames, keys *Keys) *Link {
	t.Helper()
	l, err := NewLink(conn, keys)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.Close("") })
	return l
}

// testKeys are the keys of both ends of one exchange.
func testKeys(t testing.TB) (client, viewer *Keys) {
	t.Helper()
	ve, err := NewViewerExchange()
	if err != nil {
		t.Fatal(err)
	}
	ce, err := NewClientExchange(ve.Commitment())
	if err != nil {
		t.Fatal(err)
	}
	viewer, reveal, err := ve.finish(clientKey(t, ce, nil), nil)
	if err != nil {
		t.Fatal(err)
	}
	client, err = ce.finish(reveal)
	if err != nil {
		t.Fatal(err)
	}
	return client, viewer
}

// links are both ends over a network.
func links(t testing.TB, n transporttest.Link) (client, viewer *Link, network *transporttest.Conn) {
	t.Helper()
	a, b := transporttest.Pair(n)
	a.SetLimit(wire.MaxRelay)
	b.SetLimit(wire.MaxRelay)
	ck, vk := testKeys(t)
	return link(t, a, ck), link(t, b, vk), a
}

func TestMessagesOfAllSizes(t *testing.T) {
	client, viewer, _ := links(t, transporttest.Link{})
	sizes := []int{0, 1, MaxPart - 1, MaxPart, MaxPart + 1, 2 * MaxPart, 2*MaxPart + 1, 3 << 20}
	for _, size := range sizes {
		message := bytes.Repeat([]byte{byte(size), 2, 3}, size/3+1)[:size]
		var wg sync.WaitGroup
		wg.Go(func() {
			if err := client.Send(t.Context(), wire.ChannelScreen, message); err != nil {
				t.Error(err)
			}
		})
		channel, got, err := viewer.Receive()
		if err != nil {
			t.Fatal(err)
		}
		if channel != wire.ChannelScreen || !bytes.Equal(got, message) {
			t.Errorf("%d bytes: received %d on channel %d", size, len(got), channel)
		}
		wg.Wait()
	}
}

func TestBothDirections(t *testing.T) {
	client, viewer, _ := links(t, transporttest.Link{})
	for _, tt := range []struct {
		from, to *Link
		channel  wire.Channel
	}{
		{client, viewer, wire.ChannelControl},
		{viewer, client, wire.ChannelControl},
		{client, viewer, wire.ChannelCursor},
		{viewer, client, wire.ChannelInput},
		{viewer, client, wire.ChannelAck},
	} {
		want := fmt.Sprintf("on channel %d", tt.channel)
		if err := tt.from.Send(t.Context(), tt.channel, []byte(want)); err != nil {
			t.Fatal(err)
		}
		channel, got, err := tt.to.Receive()
		if err != nil || channel != tt.channel || string(got) != want {
			t.Errorf("%s: %q on %d, %v", want, got, channel, err)
		}
	}
}

func TestSendRefuses(t *testing.T) {
	client, viewer, _ := links(t, transporttest.Link{})
	for name, err := range map[string]error{
		"screen from the viewer": viewer.Send(t.Context(), wire.ChannelScreen, nil),
		"input from the client":  client.Send(t.Context(), wire.ChannelInput, nil),
		"unknown channel":        client.Send(t.Context(), 99, nil),
		"too large":              client.Send(t.Context(), wire.ChannelControl, make([]byte, wire.ChannelControl.MaxMessage()+1)),
	} {
		if err == nil {
			t.Errorf("%s was sent", name)
		}
	}
	if err := client.Send(t.Context(), wire.ChannelControl, []byte("still good")); err != nil {
		t.Error(err)
	}
}

// What is urgent overtakes a large update, between two of its parts.
func TestUrgentOvertakes(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		// 100 kB/s, and little on the way.
		client, viewer, _ := links(t, transporttest.Link{BytesPerSecond: 100_000, Buffer: 1})
		var wg sync.WaitGroup
		wg.Go(func() {
			if err := client.Send(t.Context(), wire.ChannelScreen, make([]byte, 1<<20)); err != nil {
				t.Error(err)
			}
		})
		var order []wire.Channel
		var cursorTook time.Duration
		begin := time.Now()
		wg.Go(func() {
			time.Sleep(2 * time.Second)
			sent := time.Now()
			if err := client.Send(t.Context(), wire.ChannelCursor, []byte("cursor")); err != nil {
				t.Error(err)
			}
			if time.Since(sent) != 0 {
				t.Errorf("an urgent message waited %v for a place", time.Since(sent))
			}
		})
		for range 2 {
			channel, _, err := viewer.Receive()
			if err != nil {
				t.Fatal(err)
			}
			order = append(order, channel)
			if channel == wire.ChannelCursor {
				cursorTook = time.Since(begin) - 2*time.Second
			}
		}
		wg.Wait()
		if order[0] != wire.ChannelCursor || cursorTook > 400*time.Millisecond {
			t.Errorf("order %v, the cursor took %v", order, cursorTook)
		}
		client.Close("")
		viewer.Close("")
	})
}

// When nothing is read, Send waits: nothing grows.
func TestSendWaitsForASlowReader(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		client, viewer, network := links(t, transporttest.Link{Buffer: 64 << 10})
		ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
		defer cancel()
		sent := 0
		var err error
		for err == nil {
			if err = client.Send(ctx, wire.ChannelControl, make([]byte, 10_000)); err == nil {
				sent += 10_000
			}
		}
		if !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("error %v", err)
		}
		if most := MaxQueued + 64<<10 + MaxPart; sent > most {
			t.Errorf("%d bytes were taken although nobody reads; the most is %d", sent, most)
		}
		if got := network.InFlight(); got > 64<<10 {
			t.Errorf("%d bytes on the way", got)
		}
		// An update that has not begun can be called back; the link goes on.
		ctx, cancel = context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		if err := client.Send(ctx, wire.ChannelScreen, make([]byte, 100)); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("error %v", err)
		}
		for sent > 0 {
			channel, got, err := viewer.Receive()
			if err != nil || channel != wire.ChannelControl {
				t.Fatalf("channel %d, %v", channel, err)
			}
			sent -= len(got)
		}
		if err := client.Flush(t.Context()); err != nil {
			t.Error(err)
		}
		client.Close("")
		viewer.Close("")
	})
}

func TestBegunUpdateIsFinished(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		client, viewer, _ := links(t, transporttest.Link{Buffer: 1})
		ctx, cancel := context.WithCancel(t.Context())
		done := make(chan error, 1)
		go func() { done <- client.Send(ctx, wire.ChannelScreen, bytes.Repeat([]byte{9}, 100_000)) }()
		synctest.Wait() // the first part is out
		cancel()
		_, got, err := viewer.Receive()
		if err != nil || len(got) != 100_000 {
			t.Errorf("%d bytes, %v", len(got), err)
		}
		if err := <-done; err != nil {
			t.Errorf("Send: %v", err)
		}
		client.Close("")
		viewer.Close("")
	})
}

func TestFlushThenClose(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		client, viewer, _ := links(t, transporttest.Link{Delay: time.Second, BytesPerSecond: 1000})
		for i := range 3 {
			if err := client.Send(t.Context(), wire.ChannelControl, []byte{byte(i)}); err != nil {
				t.Fatal(err)
			}
		}
		if err := client.Flush(t.Context()); err != nil {
			t.Fatal(err)
		}
		if err := client.Close(wire.ReasonEndedByEndUser); err != nil {
			t.Fatal(err)
		}
		for i := range 3 {
			if _, got, err := viewer.Receive(); err != nil || got[0] != byte(i) {
				t.Fatalf("message %d: %v, %v", i, got, err)
			}
		}
		if _, _, err := viewer.Receive(); wire.ReasonOf(err) != wire.ReasonEndedByEndUser {
			t.Errorf("the end: %v", err)
		}
		if err := client.Send(t.Context(), wire.ChannelControl, nil); !errors.Is(err, ErrLinkClosed) {
			t.Errorf("Send after Close: %v", err)
		}
		if _, _, err := client.Receive(); !errors.Is(err, ErrLinkClosed) {
			t.Errorf("Receive after Close: %v", err)
		}
		if err := client.Flush(t.Context()); err != nil {
			t.Errorf("Flush of nothing: %v", err)
		}
		viewer.Close("")
	})
}

func TestLostNetworkEndsEveryCall(t *testing.T) {
	client, viewer, network := links(t, transporttest.Link{Buffer: 1})
	var wg sync.WaitGroup
	wg.Go(func() {
		if err := client.Send(t.Context(), wire.ChannelScreen, make([]byte, 1<<20)); !errors.Is(err, transporttest.ErrCut) {
			t.Errorf("Send: %v", err)
		}
	})
	wg.Go(func() {
		if _, _, err := client.Receive(); !errors.Is(err, transporttest.ErrCut) {
			t.Errorf("Receive: %v", err)
		}
	})
	wg.Go(func() {
		for {
			if _, _, err := viewer.Receive(); err != nil {
				if !errors.Is(err, transporttest.ErrCut) {
					t.Errorf("Receive: %v", err)
				}
				return
			}
		}
	})
	network.Cut()
	wg.Wait()
	if err := viewer.Send(t.Context(), wire.ChannelAck, nil); !errors.Is(err, transporttest.ErrCut) {
		t.Errorf("later Send: %v", err)
	}
}

// receiving is a viewer's link whose frames the test makes.
func receiving(t *testing.T) (peer *transporttest.Conn, seal *direction, l *Link) {
	t.Helper()
	a, b := transporttest.Pair(transporttest.Link{})
	b.SetLimit(wire.MaxRelay)
	ck, vk := testKeys(t)
	seal, err := newDirection(ck.sends())
	if err != nil {
		t.Fatal(err)
	}
	return a, seal, link(t, b, vk)
}

func TestWrongFramesEndTheLink(t *testing.T) {
	good := func(d *direction) wire.Frame {
		return bytes.Clone(d.seal(part{channel: wire.ChannelControl, last: true, data: []byte("m")}))
	}
	tests := []struct {
		name string
		bad  func(d *direction, first wire.Frame) wire.Frame
		want wire.Reason
	}{
		{"replayed", func(_ *direction, first wire.Frame) wire.Frame { return first }, wire.ReasonProtocol},
		{"gap", func(d *direction, _ wire.Frame) wire.Frame { good(d); return good(d) }, wire.ReasonProtocol},
		{"changed", func(d *direction, _ wire.Frame) wire.Frame { f := good(d); f[len(f)-1] ^= 1; return f }, wire.ReasonProtocol},
		{"another channel", func(d *direction, _ wire.Frame) wire.Frame { f := good(d); f[wire.HeaderSize] ^= 1; return f }, wire.ReasonProtocol},
		{"before its turn", func(d *direction, _ wire.Frame) wire.Frame { d.next++; return good(d) }, wire.ReasonProtocol},
		{"short", func(*direction, wire.Frame) wire.Frame {
			return wire.NewFrame(wire.FrameSealed, make([]byte, overhead-1))
		}, wire.ReasonProtocol},
		{"in clear", func(*direction, wire.Frame) wire.Frame { return wire.NewFrame(wire.FrameClientKey, nil) }, wire.ReasonProtocol},
		{"wrong way", func(d *direction, _ wire.Frame) wire.Frame {
			return d.seal(part{channel: wire.ChannelInput, last: true, data: []byte{6}})
		}, wire.ReasonProtocol},
		{"empty part that is not the last", func(d *direction, _ wire.Frame) wire.Frame {
			return d.seal(part{channel: wire.ChannelScreen})
		}, wire.ReasonProtocol},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			peer, seal, l := receiving(t)
			first := good(seal)
			_ = peer.Write(first)
			if _, m, err := l.Receive(); err != nil || string(m) != "m" {
				t.Fatalf("%q, %v", m, err)
			}
			_ = peer.Write(tt.bad(seal, first))
			if _, _, err := l.Receive(); wire.ReasonOf(err) != tt.want {
				t.Errorf("Receive: %v", err)
			}
			if _, err := peer.ReadFrame(); wire.ReasonOf(err) != tt.want {
				t.Errorf("the offender is told %v", err)
			}
		})
	}
}

func TestFirstFrameWithOtherKeys(t *testing.T) {
	peer, _, l := receiving(t)
	other, _ := testKeys(t)
	d, err := newDirection(other.sends())
	if err != nil {
		t.Fatal(err)
	}
	_ = peer.Write(d.seal(part{channel: wire.ChannelControl, last: true}))
	if _, _, err := l.Receive(); wire.ReasonOf(err) != wire.ReasonBadKey {
		t.Errorf("Receive: %v", err)
	}
}

// A link does not open what it sealed itself: the relay cannot send an end its own words back.
func TestReflectedFrame(t *testing.T) {
	a, b := transporttest.Pair(transporttest.Link{})
	_, vk := testKeys(t)
	l := link(t, b, vk)
	if err := l.Send(t.Context(), wire.ChannelControl, []byte("m")); err != nil {
		t.Fatal(err)
	}
	f, err := a.ReadFrame()
	if err != nil {
		t.Fatal(err)
	}
	_ = a.Write(f)
	if _, _, err := l.Receive(); wire.ReasonOf(err) != wire.ReasonBadKey {
		t.Errorf("Receive: %v", err)
	}
}

func TestMessageOverItsLimit(t *testing.T) {
	peer, seal, l := receiving(t)
	var wg sync.WaitGroup
	wg.Go(func() {
		for range wire.ChannelControl.MaxMessage()/MaxPart + 1 {
			if peer.Write(seal.seal(part{channel: wire.ChannelControl, data: make([]byte, MaxPart)})) != nil {
				return
			}
		}
	})
	if _, _, err := l.Receive(); wire.ReasonOf(err) != wire.ReasonProtocol {
		t.Errorf("Receive: %v", err)
	}
	wg.Wait()
}

func TestNewerPeersAreUnderstood(t *testing.T) {
	peer, seal, l := receiving(t)
	_ = peer.Write(
		wire.NewFrame(0x66, []byte("a frame of a newer version")),
		bytes.Clone(seal.seal(part{channel: 77, last: true, data: []byte("a channel of a newer version")})),
		bytes.Clone(seal.seal(part{channel: wire.ChannelControl, last: true, data: []byte("known")})),
	)
	if c, m, err := l.Receive(); err != nil || c != wire.ChannelControl || string(m) != "known" {
		t.Errorf("%q on %d, %v", m, c, err)
	}
}

func TestRelayEndsTheLink(t *testing.T) {
	peer, _, l := receiving(t)
	f, _ := wire.EncodeFrame(wire.FrameRelayClose, &wire.RelayClose{Reason: string(wire.ReasonClientLost)})
	_ = peer.Write(f)
	var closed *wire.ClosedError
	if _, _, err := l.Receive(); !errors.As(err, &closed) || closed.Reason != wire.ReasonClientLost {
		t.Errorf("Receive: %v", err)
	}
	if _, err := peer.ReadFrame(); !errors.Is(err, io.EOF) {
		t.Errorf("the relay's end: %v", err)
	}
}

// Parts of several channels in any order come out as the messages that went in.
func TestPartsInterleave(t *testing.T) {
	channels := []wire.Channel{wire.ChannelControl, wire.ChannelScreen, wire.ChannelCursor}
	rapid.Check(t, func(rt *rapid.T) {
		a := assembler{role: Viewer}
		sent, got := map[wire.Channel][]byte{}, map[wire.Channel][]byte{}
		for range rapid.IntRange(1, 40).Draw(rt, "parts") {
			c := rapid.SampledFrom(channels).Draw(rt, "channel")
			data := rapid.SliceOfN(rapid.Byte(), 1, 20).Draw(rt, "data")
			last := rapid.Bool().Draw(rt, "last")
			sent[c] = append(sent[c], data...)
			m, done, err := a.add(part{channel: c, last: last, data: data})
			if err != nil || done != last {
				rt.Fatalf("done %v, last %v, %v", done, last, err)
			}
			got[c] = append(got[c], m...)
		}
		for _, c := range channels {
			if !bytes.HasPrefix(sent[c], got[c]) {
				rt.Errorf("channel %d: %x came out of %x", c, got[c], sent[c])
			}
			if rest := sent[c][len(got[c]):]; !bytes.Equal(rest, a.pending[c]) {
				rt.Errorf("channel %d: %x waits, want %x", c, a.pending[c], rest)
			}
		}
	})
}

func FuzzSealedFrame(f *testing.F) {
	ck, vk := testKeys(f)
	seal, _ := newDirection(ck.sends())
	f.Add([]byte(seal.seal(part{channel: 1, last: true, data: []byte("data")}).Payload()))
	f.Add([]byte{})
	f.Fuzz(func(t *testing.T, payload []byte) {
		d, err := newDirection(vk.receives())
		if err != nil {
			t.Fatal(err)
		}
		// These keys are made anew in each process: what the corpus holds is junk to them.
		if p, err := d.open(wire.NewFrame(wire.FrameSealed, payload)); err == nil && len(payload) != overhead+len(p.data) {
			t.Errorf("opened %d bytes from a frame of %d", len(p.data), len(payload))
		}
	})
}

func FuzzParts(f *testing.F) {
	f.Add([]byte{1, 0, 3, 1, 2, 3, 1, 1, 1, 9})
	f.Add([]byte{0, 1, 0, 4, 1, 1, 6})
	f.Fuzz(func(t *testing.T, in []byte) {
		a := assembler{role: Viewer}
		for len(in) >= 3 {
			n := min(int(in[2]), len(in)-3)
			p := part{channel: wire.Channel(in[0]), last: in[1]&flagLast != 0, data: in[3 : 3+n]}
			m, done, err := a.add(p)
			if err != nil {
				return
			}
			if done && (!p.last || !bytes.HasSuffix(m, p.data) || len(m) > p.channel.MaxMessage()) {
				t.Errorf("message %x after part %x", m, p.data)
			}
			in = in[3+n:]
		}
	})
}
