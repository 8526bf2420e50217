//go:build videohelper && linux && cgo

// Command encoder compresses video for the client, as its helper process: libvpx and libyuv are C, and the client is not. It takes requests
// from its standard input, which is a socket, and answers there; package message says how. It reads no file, opens no connection and ends with
// its client.
//
//go:debug containermaxprocs=0
//go:debug updatemaxprocs=0
package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"runtime"
	"unsafe"

	"golang.org/x/sys/unix"

	"deskhand/client/video/message"
)

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run() error {
	runtime.GOMAXPROCS(1)
	runtime.LockOSThread() // all work is done on one thread, whose processor time is measured
	if err := confine(); err != nil {
		return err
	}
	e := &encoder{memory: memory{fd: message.Memory}}
	buf := make([]byte, message.RequestSize)
	var answer []byte
	for {
		if _, err := io.ReadFull(os.Stdin, buf); errors.Is(err, io.EOF) {
			return nil
		} else if err != nil {
			return fmt.Errorf("reading a request: %w", err)
		}
		r, err := message.ParseRequest(buf)
		if err != nil {
			return err
		}
		a, data := e.handle(r)
		answer = append(a.Append(answer[:0]), data...)
		if _, err := os.Stdin.Write(answer); err != nil {
			return fmt.Errorf("answering: %w", err)
		}
	}
}

// confine gives up what a codec never needs: more privileges by exec, a core file with pixels of the screen, further descriptors.
func confine() error {
	name := []byte("RemoteSupport-v\x00") // what process lists show; by itself it would be the number of the program's descriptor
	_ = unix.Prctl(unix.PR_SET_NAME, uintptr(unsafe.Pointer(&name[0])), 0, 0, 0)
	if err := unix.Prctl(unix.PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0); err != nil {
		return fmt.Errorf("giving up new privileges: %w", err)
	}
	for limit, n := range map[int]uint64{unix.RLIMIT_CORE: 0, unix.RLIMIT_NOFILE: 16, unix.RLIMIT_FSIZE: 0} {
		if err := unix.Setrlimit(limit, &unix.Rlimit{Cur: n, Max: n}); err != nil {
			return fmt.Errorf("setting resource limit %d: %w", limit, err)
		}
	}
	return nil
}

// encoder holds the streams.
type encoder struct {
	memory  memory
	streams [message.MaxStreams]*stream
}

func (e *encoder) handle(r message.Request) (message.Answer, []byte) {
	start := threadTime()
	a := message.Answer{Number: r.Number}
	var data []byte
	var err error
	switch r.Kind {
	case message.Drop:
		e.drop(r.Stream)
	case message.Encode:
		data, a.Key, a.Quantizer, err = e.encode(r)
	}
	if err == nil && len(data) > message.MaxData {
		err = fmt.Errorf("a compressed frame of %d bytes", len(data))
	}
	if err != nil {
		a.Failed, data = true, []byte(err.Error())
	}
	a.Length, a.CPU = uint32(len(data)), uint32(threadTime()-start)
	return a, data
}

func (e *encoder) encode(r message.Request) (data []byte, key bool, quantizer uint8, err error) {
	pixels, err := e.memory.first(int(r.Width) * int(r.Height) * 4)
	if err != nil {
		return nil, false, 0, err
	}
	s := e.streams[r.Stream]
	if s == nil || !s.fits(r) {
		e.drop(r.Stream)
		if s, err = newStream(r); err != nil {
			return nil, false, 0, err
		}
		e.streams[r.Stream] = s
	}
	return s.encode(r, pixels)
}

func (e *encoder) drop(id uint8) {
	if s := e.streams[id]; s != nil {
		s.free()
		e.streams[id] = nil
	}
}

// memory is what the client shares.
type memory struct {
	fd   int
	data []byte
}

// first returns the first n bytes, mapping the memory anew when it has grown.
func (m *memory) first(n int) ([]byte, error) {
	if n <= len(m.data) {
		return m.data[:n], nil
	}
	var st unix.Stat_t
	if err := unix.Fstat(m.fd, &st); err != nil {
		return nil, fmt.Errorf("asking for the shared memory's size: %w", err)
	}
	if st.Size < int64(n) {
		return nil, fmt.Errorf("a frame of %d bytes in shared memory of %d", n, st.Size)
	}
	if m.data != nil {
		if err := unix.Munmap(m.data); err != nil {
			return nil, fmt.Errorf("unmapping the shared memory: %w", err)
		}
		m.data = nil
	}
	data, err := unix.Mmap(m.fd, 0, int(st.Size), unix.PROT_READ, unix.MAP_SHARED)
	if err != nil {
		return nil, fmt.Errorf("mapping the shared memory: %w", err)
	}
	m.data = data
	return data[:n], nil
}

// threadTime is the processor time of this thread, µs.
func threadTime() int64 {
	var ts unix.Timespec
	if err := unix.ClockGettime(unix.CLOCK_THREAD_CPUTIME_ID, &ts); err != nil {
		return 0
	}
	return ts.Nano() / 1000
}
