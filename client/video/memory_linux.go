package video

import (
	"fmt"
	"os"

	"golang.org/x/sys/unix"

	"deskhand/screen"
)

// memory is what is shared with the helper: the pixels of one frame. It only grows.
type memory struct {
	file *os.File
	data []byte
}

func newMemory() (*memory, error) {
	fd, err := unix.MemfdCreate("video", unix.MFD_CLOEXEC|unix.MFD_ALLOW_SEALING)
	if err != nil {
		return nil, fmt.Errorf("make shared memory for the video encoder: %w", err)
	}
	m := &memory{file: os.NewFile(uintptr(fd), "video memory")}
	if _, err := unix.FcntlInt(uintptr(fd), unix.F_ADD_SEALS, unix.F_SEAL_SHRINK|unix.F_SEAL_SEAL); err != nil {
		m.close()
		return nil, fmt.Errorf("seal the video encoder's memory: %w", err)
	}
	return m, nil
}

// put copies a frame to the memory's beginning, without gaps between its rows.
func (m *memory) put(src *screen.Frame) error {
	row := src.W * 4
	if need := row * src.H; need > len(m.data) {
		if err := m.grow(need); err != nil {
			return err
		}
	}
	for y := range src.H {
		copy(m.data[y*row:(y+1)*row], src.Row(y, 0, src.W))
	}
	return nil
}

func (m *memory) grow(size int) error {
	if err := m.file.Truncate(int64(size)); err != nil {
		return fmt.Errorf("size the video encoder's memory: %w", err)
	}
	m.unmap()
	data, err := unix.Mmap(int(m.file.Fd()), 0, size, unix.PROT_READ|unix.PROT_WRITE, unix.MAP_SHARED)
	if err != nil {
		return fmt.Errorf("map the video encoder's memory: %w", err)
	}
	m.data = data
	return nil
}

func (m *memory) unmap() {
	if m.data != nil {
		_ = unix.Munmap(m.data) // cannot fail for what was mapped
		m.data = nil
	}
}

func (m *memory) close() {
	m.unmap()
	m.file.Close()
}
