package service

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"

	"golang.org/x/sys/windows"

	"deskhand/internal/win32"
)

func moveOver(from, to string) error { return win32.MoveOver(from, to) }

// removeProgram takes the copy away, what an update keeps beside it, and the directory when nothing else is in it. A program that runs cannot be deleted:
// one that was told to end is waited for, and this one is deleted as soon as it has ended.
func (s *Service) removeProgram() error {
	dir := filepath.Dir(s.places.program)
	entries, err := os.ReadDir(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("taking the program away: %w", err)
	}
	exe, err := os.Executable()
	if err != nil {
		return fmt.Errorf("finding this program: %w", err)
	}
	own := ""
	for _, e := range entries {
		name := filepath.Join(dir, e.Name())
		switch {
		case !strings.HasPrefix(strings.ToLower(e.Name()), strings.ToLower(strings.TrimSuffix(Program, ".exe"))):
			continue
		case same(name, exe):
			own = name
			continue
		}
		if err := removeEnding(name); err != nil {
			return fmt.Errorf("taking the program away: %w", err)
		}
	}
	if own != "" {
		return eraseLater(own)
	}
	_ = os.Remove(dir) // only when it is empty
	return nil
}

func removeEnding(name string) error {
	return within(func() (bool, error) {
		err := os.Remove(name)
		if err == nil || errors.Is(err, fs.ErrNotExist) {
			return true, nil
		}
		return !errors.Is(err, windows.ERROR_ACCESS_DENIED) && !errors.Is(err, windows.ERROR_SHARING_VIOLATION), err
	})
}

// erase deletes a file as soon as it can, for a minute, and then its directory when nothing else is in it. The names come by variables, whose values the
// command interpreter does not read as commands.
const erase = `cmd.exe /d /q /c for /l %i in (1,1,60) do (del /f /q "%DESKHAND_FILE%" 2>nul & if exist "%DESKHAND_FILE%" (ping -n 2 127.0.0.1 >nul) else (rmdir "%DESKHAND_DIR%" 2>nul & exit))`

// eraseLater has the running program deleted after its end.
func eraseLater(program string) error {
	system, err := windows.GetSystemDirectory()
	if err != nil {
		return fmt.Errorf("finding the system's programs: %w", err)
	}
	cmd := exec.Command(filepath.Join(system, "cmd.exe"))
	cmd.SysProcAttr = &syscall.SysProcAttr{CmdLine: erase, CreationFlags: windows.CREATE_NO_WINDOW | windows.CREATE_NEW_PROCESS_GROUP}
	cmd.Env = append(os.Environ(), "DESKHAND_FILE="+program, "DESKHAND_DIR="+filepath.Dir(program))
	cmd.Dir = system
	if err := cmd.Start(); err != nil {
		return fmt.Errorf("having the program deleted after its end: %w", err)
	}
	return cmd.Process.Release()
}
