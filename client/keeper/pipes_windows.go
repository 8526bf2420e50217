package keeper

import (
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
)

// pipes carries packets over a pair of pipes: each is its length, in four bytes, and itself. No files go with them.
type pipes struct {
	in, out *os.File
	most    uint32 // bytes of a packet that is believed
}

func (p pipes) close() error { return errors.Join(p.in.Close(), p.out.Close()) }

func (p pipes) send(packet []byte) error {
	_, err := p.out.Write(append(binary.LittleEndian.AppendUint32(nil, uint32(len(packet))), packet...))
	return err
}

func (p pipes) receive() (packet []byte, _ *os.File, err error) {
	var head [4]byte
	if _, err := io.ReadFull(p.in, head[:]); err != nil {
		return nil, nil, err
	}
	n := binary.LittleEndian.Uint32(head[:])
	if n > p.most {
		return nil, nil, fmt.Errorf("a packet of %d bytes", n)
	}
	packet = make([]byte, n)
	_, err = io.ReadFull(p.in, packet)
	return packet, nil, err
}

// serve answers the worker's questions until the pipes end. Nobody else has their other ends.
func serve(l link, k Keeper, box io.ReaderAt, log *slog.Logger) {
	for {
		b, _, err := l.receive()
		if err != nil {
			return
		}
		r, err := parse(b)
		if err != nil {
			log.Warn("a question that is none", "err", err)
			continue
		}
		a, file := answer(k, r, box)
		if file != nil { // no verb of this system has one
			file.Close()
		}
		out, err := json.Marshal(a)
		if err != nil {
			log.Error("answering the worker", "err", err)
			return
		}
		if l.send(out) != nil {
			return // it is gone
		}
	}
}
