package main

import (
	"errors"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"golang.org/x/sys/windows"
	"golang.org/x/sys/windows/registry"
	"golang.org/x/sys/windows/svc/mgr"

	"deskhand/client"
	"deskhand/client/service"
	"deskhand/server/servertest"
)

// ran runs a line that has to succeed.
func ran(t *testing.T, stdin string, args ...string) string {
	t.Helper()
	code, out, errs := runProgram(t.Context(), stdin, "RemoteSupport.exe", args...)
	if code != exitDone || errs != "" {
		t.Fatalf("%s: exit code %d, %q, %q", args[0], code, out, errs)
	}
	return out
}

// A computer's life under the service manager of Windows: set up by the manual's line, in reach, stopped, started, removed.
func TestServiceOfWindows(t *testing.T) {
	s := servertest.New(t)
	rodney := s.Login(s.Admin)
	attention(t, 2, true) // Ease of Access may make Ctrl+Alt+Del, services may not
	out := ran(t, s.Admin.Password+"\n", "/createcomputer", "/username", s.Admin.UserName, "/relayurl", s.URL.String())
	t.Cleanup(func() { runProgram(t.Context(), "", "RemoteSupport.exe", "removecomputer") })
	if !strings.Contains(out, "running and starts with the computer") {
		t.Errorf("setting up says %q", out)
	}
	awaitOnline(t, rodney, true)
	if out := ran(t, "", "service", "status"); !strings.Contains(out, "installed and running") {
		t.Errorf("the status is %q", out)
	}
	installedWell(t)
	if v, there := attentionNow(t); v != 3 {
		t.Errorf("the policy for Ctrl+Alt+Del is %d, %v", v, there)
	}

	ran(t, "", "service", "stop")
	awaitOnline(t, rodney, false)
	if out := ran(t, "", "service", "status"); !strings.Contains(out, "installed and stopped") {
		t.Errorf("the status is %q", out)
	}
	ran(t, "", "service", "start")
	awaitOnline(t, rodney, true)
	ran(t, "", "service", "install") // over the program that runs
	ran(t, "", "service", "start")
	awaitOnline(t, rodney, true)

	ran(t, "", "removecomputer")
	if l := computers(t, rodney); len(l) != 0 {
		t.Errorf("the server still has it: %+v", l)
	}
	nothingLeft(t)
	if v, there := attentionNow(t); v != 2 {
		t.Errorf("the policy for Ctrl+Alt+Del is left as %d, %v", v, there)
	}
}

const policies = `SOFTWARE\Microsoft\Windows\CurrentVersion\Policies\System`

// attention sets the policy for Ctrl+Alt+Del, or takes it away.
func attention(t *testing.T, to uint32, there bool) {
	t.Helper()
	k, _, err := registry.CreateKey(registry.LOCAL_MACHINE, policies, registry.SET_VALUE)
	if err != nil {
		t.Fatal(err)
	}
	defer k.Close()
	if there {
		err = k.SetDWordValue("SoftwareSASGeneration", to)
	} else if err = k.DeleteValue("SoftwareSASGeneration"); errors.Is(err, registry.ErrNotExist) {
		err = nil
	}
	if err != nil {
		t.Fatal(err)
	}
}

func attentionNow(t *testing.T) (v uint64, there bool) {
	t.Helper()
	k, err := registry.OpenKey(registry.LOCAL_MACHINE, policies, registry.QUERY_VALUE)
	if err != nil {
		t.Fatal(err)
	}
	defer k.Close()
	v, _, err = k.GetIntegerValue("SoftwareSASGeneration")
	return v, err == nil
}

// installedWell looks at what Windows was told of the service.
func installedWell(t *testing.T) {
	t.Helper()
	k, err := registry.OpenKey(registry.LOCAL_MACHINE, `SYSTEM\CurrentControlSet\Services\`+service.Name, registry.QUERY_VALUE)
	if err != nil {
		t.Fatal(err)
	}
	defer k.Close()
	for name, want := range map[string]string{"DisplayName": "Deskhand", "ImagePath": `"C:\Program Files\Deskhand\RemoteSupport.exe" unattended --state C:\ProgramData\Deskhand`, "Description": "Lets support agents"} {
		if got, _, err := k.GetStringValue(name); err != nil || !strings.HasPrefix(got, want) {
			t.Errorf("%s is %q, %v", name, got, err)
		}
	}
	if start, _, err := k.GetIntegerValue("Start"); err != nil || start != mgr.StartAutomatic {
		t.Errorf("it starts as %d, %v", start, err)
	}
	dir, err := client.DefaultStateDir()
	if err != nil || filepath.Base(filepath.Dir(dir)) != "ProgramData" {
		t.Errorf("the state is in %s, %v", dir, err)
	}
	if _, err := client.LoadEnrolment(dir); err != nil {
		t.Errorf("the enrolment: %v", err)
	}
}

// Removed at the server, the service takes itself away, and the program that ran is deleted after its end.
func TestRemovedAtTheServer(t *testing.T) {
	s := servertest.New(t)
	rodney := s.Login(s.Admin)
	attention(t, 0, false)
	ran(t, s.Admin.Password+"\n", "/createcomputer", "/username", s.Admin.UserName, "/relayurl", s.URL.String())
	t.Cleanup(func() { runProgram(t.Context(), "", "RemoteSupport.exe", "removecomputer") })
	awaitOnline(t, rodney, true)
	if v, there := attentionNow(t); v != 1 {
		t.Errorf("the policy for Ctrl+Alt+Del is %d, %v", v, there)
	}
	rodney.Must(http.MethodDelete, "/api/computers/"+computers(t, rodney)[0].ID, nil, nil)
	nothingLeft(t)
	if v, there := attentionNow(t); there {
		t.Errorf("the policy for Ctrl+Alt+Del is left as %d", v)
	}
}

// nothingLeft waits until the service, its program, its state and its entry in the registry are gone.
func nothingLeft(t *testing.T) {
	t.Helper()
	state, err := client.DefaultStateDir()
	if err != nil {
		t.Fatal(err)
	}
	var left error
	for end := time.Now().Add(servertest.Within); ; time.Sleep(50 * time.Millisecond) {
		if left = remains(state, `C:\Program Files\Deskhand`); left == nil {
			return
		}
		if time.Now().After(end) {
			t.Fatal(left)
		}
	}
}

func remains(dirs ...string) error {
	for _, dir := range dirs {
		if _, err := os.Lstat(dir); !errors.Is(err, os.ErrNotExist) { // it is not opened, which would keep it from being removed
			return errors.Join(errors.New(dir+" is there"), err)
		}
	}
	m, err := mgr.Connect()
	if err != nil {
		return err
	}
	defer m.Disconnect()
	if s, err := m.OpenService(service.Name); err == nil {
		return errors.Join(errors.New("the service is there"), s.Close())
	} else if !errors.Is(err, windows.ERROR_SERVICE_DOES_NOT_EXIST) {
		return err
	}
	if k, err := registry.OpenKey(registry.LOCAL_MACHINE, `SYSTEM\CurrentControlSet\Services\`+service.Name, registry.QUERY_VALUE); err == nil {
		return errors.Join(errors.New("its entry is there"), k.Close())
	}
	k, err := registry.OpenKey(registry.CURRENT_USER, `Software\Microsoft\Windows\CurrentVersion\Run`, registry.QUERY_VALUE)
	if err != nil {
		return nil
	}
	defer k.Close()
	if v, _, err := k.GetStringValue(service.Name); err == nil {
		return errors.New("it starts with a login: " + v)
	}
	return nil
}

// Without an administrator's rights the program starts when this user logs in.
func TestServiceOfOneUser(t *testing.T) {
	s := servertest.New(t)
	rodney := s.Login(s.Admin)
	state := filepath.Join(t.TempDir(), "state of one user")
	ran(t, s.Admin.Password+"\n", "/createcomputer", "/username", s.Admin.UserName, "/relayurl", s.URL.String(), "/state", state, "/noservice")
	ran(t, "", "service", "install", "--user", "--state", state)
	t.Cleanup(func() { runProgram(t.Context(), "", "RemoteSupport.exe", "removecomputer", "--user", "--state", state) })
	if out := ran(t, "", "service", "status", "--user", "--state", state); !strings.Contains(out, "installed and stopped") {
		t.Errorf("the status is %q", out)
	}
	ran(t, "", "service", "start", "--user", "--state", state)
	awaitOnline(t, rodney, true)
	if out := ran(t, "", "service", "status", "--user", "--state", state); !strings.Contains(out, "installed and running") {
		t.Errorf("the status is %q", out)
	}
	ran(t, "", "removecomputer", "--user", "--state", state)
	if l := computers(t, rodney); len(l) != 0 {
		t.Errorf("the server still has it: %+v", l)
	}
	local, err := windows.KnownFolderPath(windows.FOLDERID_LocalAppData, windows.KF_FLAG_DEFAULT)
	if err != nil {
		t.Fatal(err)
	}
	if err := remains(state, filepath.Join(local, "Programs", "Deskhand")); err != nil {
		t.Error(err)
	}
}
