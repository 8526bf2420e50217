package wine

import (
	"crypto/sha256"
	_ "embed"
	"encoding/hex"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
)

//go:embed shim/prng.c
var shim []byte

// windows10 makes Wine say that it is a Windows 10; without it, it is a Windows 7, for which Go programs are not made.
const windows10 = `REGEDIT4

[HKEY_CURRENT_USER\Software\Wine]
"Version"="win10"

[HKEY_CURRENT_USER\Software\Wine\WineDbg]
"ShowCrashDialog"=dword:00000000

[HKEY_CURRENT_USER\Control Panel\Desktop]
"FontSmoothing"="0"
`

// template returns the prefix of which all others are copies, and makes it when it is not there yet.
func template() (string, error) {
	version, err := exec.Command("wine", "--version").Output()
	if err != nil {
		return "", fmt.Errorf("wine --version: %w (are the packages wine and wine64 installed?)", err)
	}
	sum := sha256.New()
	for _, b := range [][]byte{version, shim, []byte(windows10)} {
		sum.Write(b)
	}
	cache, err := os.UserCacheDir()
	if err != nil {
		return "", err
	}
	dir := filepath.Join(cache, "deskhand-wine", hex.EncodeToString(sum.Sum(nil)[:6]))
	if err := os.MkdirAll(filepath.Dir(dir), 0o755); err != nil {
		return "", err
	}
	lock, err := os.Create(dir + ".lock")
	if err != nil {
		return "", err
	}
	defer lock.Close()
	if err := syscall.Flock(int(lock.Fd()), syscall.LOCK_EX); err != nil {
		return "", err
	}
	if _, err := os.Stat(dir); err == nil {
		return dir, nil
	}
	half := dir + ".new"
	if err := os.RemoveAll(half); err != nil {
		return "", err
	}
	if err := makeTemplate(half); err != nil {
		return "", err
	}
	return dir, os.Rename(half, dir)
}

func makeTemplate(dir string) error {
	run := func(name string, args ...string) error {
		cmd := exec.Command(name, args...)
		cmd.Env = environ(dir, "")
		if out, err := cmd.CombinedOutput(); err != nil {
			return fmt.Errorf("%s: %w\n%s", name, err, out)
		}
		return nil
	}
	if err := run("wineboot", "--init"); err != nil {
		return err
	}
	settings, source := filepath.Join(dir, "windows10.reg"), filepath.Join(dir, "prng.c")
	if err := os.WriteFile(settings, []byte(windows10), 0o600); err != nil {
		return err
	}
	if err := os.WriteFile(source, shim, 0o600); err != nil {
		return err
	}
	dll := filepath.Join(dir, "drive_c", "windows", "system32", "bcryptprimitives.dll")
	for _, step := range [][]string{
		{"wine", "regedit", "/S", settings},
		{"wineserver", "--wait"}, // writes the registry
		{"x86_64-w64-mingw32-gcc", "-shared", "-O2", "-s", "-o", dll, source, "-ladvapi32"},
	} {
		if err := run(step[0], step[1:]...); err != nil {
			return err
		}
	}
	return nil
}
