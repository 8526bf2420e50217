package win32

import (
	"fmt"
	"strings"
)

// firstWindows11 is the first build that calls itself Windows 11; its registry still says 10.
const firstWindows11 = 22000

func systemName(product, release string, build uint32, revision uint64) string {
	if build >= firstWindows11 {
		product = strings.Replace(product, "Windows 10", "Windows 11", 1)
	}
	if release != "" {
		product += " " + release
	}
	if revision > 0 {
		return fmt.Sprintf("%s (%d.%d)", product, build, revision)
	}
	return fmt.Sprintf("%s (%d)", product, build)
}
