package pty

import (
	"os"
	"path/filepath"
	"strings"

	"golang.org/x/sys/windows"
)

// Shells are the programs that Start takes: the command interpreter, Windows PowerShell and PowerShell, where they are there. None where Windows has no
// pseudo-consoles, which came with Windows 10, version 1809. They are found by where they are installed, never by PATH, which a user may set.
func Shells() []string {
	if !consoles() {
		return nil
	}
	system, err := windows.GetSystemDirectory()
	if err != nil {
		return nil
	}
	candidates := []string{filepath.Join(system, "cmd.exe"), filepath.Join(system, "WindowsPowerShell", "v1.0", "powershell.exe")}
	if programs, err := windows.KnownFolderPath(windows.FOLDERID_ProgramFiles, windows.KF_FLAG_DEFAULT); err == nil {
		candidates = append(candidates, filepath.Join(programs, "PowerShell", "7", "pwsh.exe"))
	}
	var there []string
	for _, c := range candidates {
		if st, err := os.Stat(c); err == nil && st.Mode().IsRegular() {
			there = append(there, c)
		}
	}
	return there
}

// line is how a shell is started: its programs are to speak UTF-8, as the terminal does.
func line(shell string) string {
	quoted := `"` + shell + `"` // a path has no quotation marks
	switch strings.ToLower(filepath.Base(shell)) {
	case "cmd.exe":
		return quoted + ` /k chcp 65001 >nul`
	case "powershell.exe", "pwsh.exe":
		return quoted + ` -NoLogo -NoExit -Command "chcp 65001 | Out-Null; [Console]::InputEncoding = [Console]::OutputEncoding = $OutputEncoding = [Text.UTF8Encoding]::new($false)"`
	}
	return quoted
}
