package win32

import (
	"fmt"
	"strings"

	"golang.org/x/sys/windows"
	"golang.org/x/sys/windows/registry"
)

// SystemName is the system for people: "Windows 11 Pro 23H2 (22631.3007)".
func SystemName() string {
	v := windows.RtlGetVersion()
	name, release, revision := fmt.Sprintf("Windows %d", v.MajorVersion), "", uint64(0)
	if k, err := registry.OpenKey(registry.LOCAL_MACHINE, `SOFTWARE\Microsoft\Windows NT\CurrentVersion`, registry.QUERY_VALUE|registry.WOW64_64KEY); err == nil {
		defer k.Close()
		if s, _, err := k.GetStringValue("ProductName"); err == nil {
			name = strings.TrimPrefix(s, "Microsoft ")
		}
		release, _, _ = k.GetStringValue("DisplayVersion") // older ones have none
		revision, _, _ = k.GetIntegerValue("UBR")
	}
	return systemName(name, release, v.BuildNumber, revision)
}

// Languages are those that this user reads Windows in, the first one first: "de-DE".
func Languages() []string {
	names, err := windows.GetUserPreferredUILanguages(windows.MUI_LANGUAGE_NAME)
	if err != nil {
		return nil
	}
	return names
}

// DataDir is where programs keep what is not for people to open: of the whole computer, or of this user on this computer.
func DataDir(whole bool) (string, error) {
	folder := windows.FOLDERID_LocalAppData
	if whole {
		folder = windows.FOLDERID_ProgramData
	}
	return windows.KnownFolderPath(folder, windows.KF_FLAG_DEFAULT)
}
