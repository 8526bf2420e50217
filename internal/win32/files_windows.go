package win32

import (
	"crypto/rand"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"unsafe"

	"golang.org/x/sys/windows"
)

// aside marks a program that ran while another took its place. It cannot be deleted before it ends.
const aside = ".aside-"

// MoveOver puts a file where another one stands. A program that runs cannot be replaced, but renamed: then it goes aside first, and comes back when the
// new one cannot be moved. Between the two renames nothing stands at to.
func MoveOver(from, to string) error {
	if err := moveFile(from, to); err == nil || !errors.Is(err, windows.ERROR_ACCESS_DENIED) && !errors.Is(err, windows.ERROR_SHARING_VIOLATION) {
		return err
	}
	away := to + aside + rand.Text()[:8]
	if err := moveFile(to, away); err != nil {
		return err
	}
	if err := moveFile(from, to); err != nil {
		return errors.Join(err, moveFile(away, to))
	}
	_ = os.Remove(away) // it may run still; RemoveAside does it later
	return nil
}

// RemoveAside deletes what MoveOver left beside a file and what has ended since.
func RemoveAside(file string) {
	for _, name := range beside(file, aside) {
		_ = os.Remove(name)
	}
}

// beside are the files whose names are that of a file and more.
func beside(file, suffix string) (names []string) {
	entries, err := os.ReadDir(filepath.Dir(file))
	if err != nil {
		return nil
	}
	for _, e := range entries {
		if strings.HasPrefix(strings.ToLower(e.Name()), strings.ToLower(filepath.Base(file)+suffix)) {
			names = append(names, filepath.Join(filepath.Dir(file), e.Name()))
		}
	}
	return names
}

// moveFile is on the disk when it returns.
func moveFile(from, to string) error {
	f, err1 := windows.UTF16PtrFromString(from)
	t, err2 := windows.UTF16PtrFromString(to)
	if err := errors.Join(err1, err2); err != nil {
		return err
	}
	if err := windows.MoveFileEx(f, t, windows.MOVEFILE_REPLACE_EXISTING|windows.MOVEFILE_WRITE_THROUGH); err != nil {
		return &os.LinkError{Op: "rename", Old: from, New: to, Err: err}
	}
	return nil
}

// private is the access list of what only the system, administrators and, without their rights, this user may read.
func private() (*windows.SECURITY_DESCRIPTOR, error) {
	text := "D:P(A;OICI;FA;;;SY)(A;OICI;FA;;;BA)"
	if !Elevated() {
		user, err := windows.GetCurrentProcessToken().GetTokenUser()
		if err != nil {
			return nil, fmt.Errorf("finding out who this user is: %w", err)
		}
		text += "(A;OICI;FA;;;" + user.User.Sid.String() + ")"
	}
	return windows.SecurityDescriptorFromString(text)
}

// Protect lets only the system, administrators and, without their rights, this user read a file.
func Protect(file string) error {
	sd, err := private()
	if err != nil {
		return err
	}
	dacl, _, err := sd.DACL()
	if err != nil {
		return fmt.Errorf("making an access list: %w", err)
	}
	if err := windows.SetNamedSecurityInfo(file, windows.SE_FILE_OBJECT, windows.DACL_SECURITY_INFORMATION|windows.PROTECTED_DACL_SECURITY_INFORMATION, nil, nil, dacl, nil); err != nil {
		return fmt.Errorf("setting the access list of %s: %w", file, err)
	}
	return nil
}

// MakePrivate makes a directory that is protected from its first moment on. One that is there is left as it is.
func MakePrivate(dir string) error {
	if st, err := os.Stat(dir); err == nil && st.IsDir() {
		return nil
	}
	if err := os.MkdirAll(filepath.Dir(dir), 0o755); err != nil {
		return err
	}
	sd, err := private()
	if err != nil {
		return err
	}
	name, err := windows.UTF16PtrFromString(dir)
	if err != nil {
		return err
	}
	sa := windows.SecurityAttributes{SecurityDescriptor: sd}
	sa.Length = uint32(unsafe.Sizeof(sa))
	if err := windows.CreateDirectory(name, &sa); err != nil && !errors.Is(err, windows.ERROR_ALREADY_EXISTS) {
		return &os.PathError{Op: "mkdir", Path: dir, Err: err}
	}
	return nil
}

// Trusted is nil when a file or directory belongs to the system, administrators or this user. What another user has laid there beforehand, where
// everybody may make directories, is not to be believed.
func Trusted(file string) error {
	sd, err := windows.GetNamedSecurityInfo(file, windows.SE_FILE_OBJECT, windows.OWNER_SECURITY_INFORMATION)
	if err != nil {
		return fmt.Errorf("asking whose %s is: %w", file, err)
	}
	owner, _, err := sd.Owner()
	if err != nil {
		return fmt.Errorf("asking whose %s is: %w", file, err)
	}
	user, err := windows.GetCurrentProcessToken().GetTokenUser()
	if err != nil {
		return fmt.Errorf("finding out who this user is: %w", err)
	}
	if owner.IsWellKnown(windows.WinLocalSystemSid) || owner.IsWellKnown(windows.WinBuiltinAdministratorsSid) || owner.Equals(user.User.Sid) {
		return nil
	}
	return fmt.Errorf("%s belongs to another user; delete it, or choose another place", file)
}
