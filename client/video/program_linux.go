package video

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"strconv"

	"github.com/klauspost/compress/zstd"
	"golang.org/x/sys/unix"
)

// maxProgram bounds the unpacked program, in bytes.
const maxProgram = 64 << 20

// inMemory unpacks the program to a file that lies in no directory. release frees it; a process that was started from it keeps running.
func inMemory(packed []byte) (name string, release func(), err error) {
	f, err := memoryFile()
	if err != nil {
		return "", nil, err
	}
	if err := inflate(f, packed); err != nil {
		f.Close()
		return "", nil, err
	}
	return "/proc/self/fd/" + strconv.Itoa(int(f.Fd())), func() { f.Close() }, nil
}

// memoryFile returns an empty file in memory that may be run.
func memoryFile() (*os.File, error) {
	const flags = unix.MFD_CLOEXEC
	fd, err := unix.MemfdCreate("video encoder", flags|unix.MFD_EXEC)
	if errors.Is(err, unix.EINVAL) { // Linux before 6.3 knows no MFD_EXEC, and lets every such file run
		fd, err = unix.MemfdCreate("video encoder", flags)
	}
	if err != nil {
		return nil, fmt.Errorf("make a file in memory: %w", err)
	}
	// Clear of the first descriptors, which are replaced between fork and exec.
	high, err := unix.FcntlInt(uintptr(fd), unix.F_DUPFD_CLOEXEC, 10)
	unix.Close(fd)
	if err != nil {
		return nil, fmt.Errorf("move a descriptor: %w", err)
	}
	return os.NewFile(uintptr(high), "video encoder"), nil
}

// inTemporaryFile unpacks the program to a file of its own, which release removes.
func inTemporaryFile(packed []byte) (name string, release func(), err error) {
	f, err := os.CreateTemp("", "video-encoder-")
	if err != nil {
		return "", nil, fmt.Errorf("make a temporary file: %w", err)
	}
	release = func() { os.Remove(f.Name()) }
	err = inflate(f, packed)
	if err == nil {
		err = f.Chmod(0o700)
	}
	if closeErr := f.Close(); err == nil {
		err = closeErr
	}
	if err != nil {
		release()
		return "", nil, fmt.Errorf("write a temporary file: %w", err)
	}
	return f.Name(), release, nil
}

func inflate(w io.Writer, packed []byte) error {
	z, err := zstd.NewReader(bytes.NewReader(packed), zstd.WithDecoderConcurrency(1), zstd.WithDecoderMaxMemory(maxProgram))
	if err != nil {
		return fmt.Errorf("unpack the video encoder: %w", err)
	}
	defer z.Close()
	if _, err := io.Copy(w, z); err != nil {
		return fmt.Errorf("unpack the video encoder: %w", err)
	}
	return nil
}
