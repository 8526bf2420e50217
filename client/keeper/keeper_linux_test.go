package keeper

import (
	"crypto/ed25519"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"runtime"
	"strings"
	"syscall"
	"testing"

	"go.uber.org/goleak"
	"golang.org/x/sys/unix"
)

// TestMain is also what a test starts as another process: one that got hold of the socket and asks the parent.
func TestMain(m *testing.M) {
	switch os.Getenv("KEEPER_TEST") {
	case "stranger":
		stranger()
	case "become":
		become()
	default:
		goleak.VerifyTestMain(m)
	}
}

// fake is a keeper that notes what it was asked for.
type fake struct {
	asked   []Verb
	session Session
}

var key = ed25519.NewKeyFromSeed(make([]byte, ed25519.SeedSize))

func (f *fake) Identity() Identity {
	f.asked = append(f.asked, Who)
	return Identity{Server: "https://support.example.com", ComputerID: "c1", Name: "desk", GrantKey: []byte{1}, PublicKey: key.Public().(ed25519.PublicKey)}
}

func (f *fake) Sign(message []byte) ([]byte, error) {
	f.asked = append(f.asked, Sign)
	if string(message) != "good" {
		return nil, errors.New("this is nothing that a computer signs")
	}
	return ed25519.Sign(key, message), nil
}

func (f *fake) Session() Session {
	f.asked = append(f.asked, Display)
	return f.session
}

// Shell is a process that says hello.
func (f *fake) Shell() (*os.File, error) {
	f.asked = append(f.asked, Shell)
	fds, err := unix.Socketpair(unix.AF_UNIX, unix.SOCK_STREAM|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		return nil, err
	}
	defer unix.Close(fds[0])
	_, err = unix.Write(fds[0], []byte("hello"))
	return os.NewFile(uintptr(fds[1]), "shell"), err
}

// Offer reads what stands in the box.
func (f *fake) Offer(box io.ReaderAt) (uint64, error) {
	f.asked = append(f.asked, Offer)
	b := make([]byte, 7)
	if _, err := box.ReadAt(b, 0); err != nil || string(b) != "release" {
		return 0, errors.New("this is no release")
	}
	return 8, nil
}

func (f *fake) Good() error {
	f.asked = append(f.asked, Good)
	return nil
}

func (f *fake) Removed() { f.asked = append(f.asked, Removed) }

// served is a parent that serves this process as its worker. end closes it and returns what serve did.
func served(t *testing.T, k Keeper, worker peer) (theirs *os.File, end func() error) {
	t.Helper()
	ours, theirs, err := pair()
	if err != nil {
		t.Fatal(err)
	}
	done := make(chan error, 1)
	go func() { done <- serve(ours, worker, k, strings.NewReader("release"), slog.New(slog.DiscardHandler)) }()
	return theirs, func() error {
		theirs.Close()
		err := <-done
		ours.Close()
		return err
	}
}

func TestVerbs(t *testing.T) {
	k := &fake{session: Session{Display: ":1", Cookie: []byte("0123456789abcdef"), User: "ada"}}
	theirs, end := served(t, k, peer{os.Getpid(), os.Getuid()})
	conn, err := connOf(theirs)
	if err != nil {
		t.Fatal(err)
	}
	p, ctx := newParent(t.Context(), conn, nil)
	if id, err := p.Identity(); err != nil || id.ComputerID != "c1" || len(id.PublicKey) != ed25519.PublicKeySize {
		t.Errorf("who: %+v, %v", id, err)
	}
	signer := p.Signer(key.Public().(ed25519.PublicKey))
	if sig, err := signer.Sign(nil, []byte("good"), nil); err != nil || !ed25519.Verify(key.Public().(ed25519.PublicKey), []byte("good"), sig) {
		t.Errorf("sign: %v", err)
	}
	if _, err := signer.Sign(nil, []byte("anything"), nil); err == nil || !strings.Contains(err.Error(), "nothing that a computer signs") {
		t.Errorf("signing anything: %v", err)
	}
	if s, err := p.Session(); err != nil || !reflect.DeepEqual(s, k.session) {
		t.Errorf("session: %+v, %v", s, err)
	}
	if c, err := p.Shell(); err != nil {
		t.Errorf("shell: %v", err)
	} else {
		if b, err := io.ReadAll(c); err != nil || string(b) != "hello" {
			t.Errorf("the shell says %q, %v", b, err)
		}
		c.Close()
	}
	if err := p.Removed(); err != nil {
		t.Errorf("removed: %v", err)
	}
	p.Close()
	if err := end(); err != nil {
		t.Errorf("the parent ends with %v", err)
	}
	<-ctx.Done() // the worker ends with its parent
	if _, err := p.Identity(); !errors.Is(err, errGone) {
		t.Errorf("after the end: %v", err)
	}
	if want := []Verb{Who, Sign, Sign, Display, Shell, Removed}; !reflect.DeepEqual(k.asked, want) {
		t.Errorf("asked %v, want %v", k.asked, want)
	}
}

// stranger says each verb to the parent and tells how many answers came. Then the worker's own question must still be answered.
func stranger() {
	fd := os.NewFile(parentFD, "parent")
	conn, err := connOf(fd)
	if err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
	for i, v := range []Verb{Who, Sign, Display, Shell, Offer, Good, Removed} {
		r := request{Number: uint64(i), Verb: v}
		if v == Sign {
			r.Message = []byte("good")
		}
		b, _ := json.Marshal(r)
		if _, err := conn.Write(b); err != nil {
			fmt.Println(err)
			os.Exit(1)
		}
	}
}

// Another user's process, and another process of the worker's own user, call each verb over the very socket: none is done.
func TestStrangersAreRefused(t *testing.T) {
	for name, uid := range map[string]int{"another user": 12345, "another process of the worker's user": os.Getuid()} {
		t.Run(name, func(t *testing.T) {
			k := &fake{}
			theirs, end := served(t, k, peer{os.Getpid(), os.Getuid()})
			cmd := exec.Command("/proc/self/exe")
			cmd.Env, cmd.ExtraFiles = append(os.Environ(), "KEEPER_TEST=stranger"), []*os.File{theirs}
			cmd.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: uint32(uid), Gid: uint32(uid)}}
			if uid == os.Getuid() {
				cmd.SysProcAttr = nil
			}
			if out, err := cmd.CombinedOutput(); err != nil || len(out) > 0 {
				t.Fatalf("the stranger: %v %s", err, out)
			}
			conn, err := connOf(theirs)
			if err != nil {
				t.Fatal(err)
			}
			p, _ := newParent(t.Context(), conn, nil)
			if _, err := p.Identity(); err != nil { // whose answer comes after all that was done for the stranger
				t.Error(err)
			}
			p.Close()
			if err := end(); err != nil {
				t.Error(err)
			}
			if !reflect.DeepEqual(k.asked, []Verb{Who}) {
				t.Errorf("done: %v", k.asked)
			}
		})
	}
}

// A socket without the kernel's word on who sent is not believed.
func TestNoSenderIsNobody(t *testing.T) {
	for name, control := range map[string][]byte{"nothing": nil, "a descriptor": unix.UnixRights(0), "half": unix.UnixCredentials(&unix.Ucred{})[:8]} {
		if from, err := sender(control, 0); err == nil {
			t.Errorf("%s: %+v", name, from)
		}
	}
	if _, err := sender(unix.UnixCredentials(&unix.Ucred{Pid: 1}), unix.MSG_TRUNC); err == nil {
		t.Error("a message that was cut off is believed")
	}
}

func TestParseRefuses(t *testing.T) {
	for name, b := range map[string]string{
		"nothing":          "",
		"no verb":          `{"number":1}`,
		"another verb":     `{"verb":"reboot"}`,
		"a message":        `{"verb":"who","message":"AAAA"}`,
		"nothing to sign":  `{"verb":"sign"}`,
		"much to sign":     `{"verb":"sign","message":"` + strings.Repeat("AAAA", 100) + `"}`,
		"more fields":      `{"verb":"who","path":"/etc/shadow"}`,
		"two questions":    `{"verb":"who"}{"verb":"who"}`,
		"no object":        `"who"`,
		"a negative one":   `{"verb":"who","number":-1}`,
		"longer than ever": `{"verb":"who"}` + strings.Repeat(" ", MaxRequest),
	} {
		if r, err := parse([]byte(b)); err == nil {
			t.Errorf("%s: %+v", name, r)
		}
	}
}

func FuzzParse(f *testing.F) {
	for _, v := range []Verb{Who, Sign, Display, Shell, Offer, Good, Removed} {
		b, _ := json.Marshal(request{Number: 7, Verb: v})
		f.Add(b)
	}
	f.Add([]byte(`{"verb":"sign","message":"Z29vZA=="}`))
	f.Fuzz(func(t *testing.T, b []byte) {
		r, err := parse(b)
		if err != nil {
			return
		}
		again, err := json.Marshal(r)
		if err != nil {
			t.Fatal(err)
		}
		if twice, err := parse(again); err != nil || !reflect.DeepEqual(r, twice) {
			t.Errorf("%q becomes %+v, then %+v, %v", b, r, twice, err)
		}
		k := &fake{}
		if _, file := answer(k, r, strings.NewReader("release")); file != nil {
			file.Close()
		}
		if len(k.asked) != 1 || k.asked[0] != r.Verb {
			t.Errorf("%q has %v done", b, k.asked)
		}
	})
}

// become loses all rights and tries to do what a parent can.
func become() {
	runtime.LockOSThread() // with cgo, as under -race, some of it holds for one thread
	if err := Become(); err != nil {
		fmt.Println(err)
		return
	}
	status, _ := os.ReadFile("/proc/self/status")
	for line := range strings.Lines(string(status)) {
		for _, name := range []string{"Uid:", "Gid:", "Groups:", "CapEff:", "CapPrm:"} {
			if strings.HasPrefix(line, name) {
				fmt.Print(strings.Join(strings.Fields(line), " "), "\n")
			}
		}
	}
	if nnp, err := unix.PrctlRetInt(unix.PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0); err != nil || nnp != 1 {
		fmt.Println("new privileges:", nnp, err)
	}
	if syscall.Setuid(0) == nil {
		fmt.Println("it is root again")
	}
	if _, err := os.ReadFile("/etc/shadow"); err == nil {
		fmt.Println("it reads /etc/shadow")
	}
	shutIn()
}

// shutIn tries what a user without rights could still do.
func shutIn() {
	if abi, _, _ := unix.Syscall(unix.SYS_LANDLOCK_CREATE_RULESET, 0, 0, unix.LANDLOCK_CREATE_RULESET_VERSION); int(abi) < withNet {
		return // the kernel has no Landlock, or an old one
	}
	dir := os.Getenv("KEEPER_TEST_DIR") // where everybody may do everything
	for what, err := range map[string]error{
		"makes a file":          os.WriteFile(filepath.Join(dir, "new"), nil, 0o600),
		"writes to a file":      os.WriteFile(filepath.Join(dir, "old"), []byte("x"), 0o600),
		"cuts a file off":       os.Truncate(filepath.Join(dir, "old"), 0),
		"removes a file":        os.Remove(filepath.Join(dir, "old")),
		"renames a file":        os.Rename(filepath.Join(dir, "old"), filepath.Join(dir, "else")),
		"makes a directory":     os.Mkdir(filepath.Join(dir, "sub"), 0o700),
		"makes a socket":        unix.Mknod(filepath.Join(dir, "socket"), unix.S_IFSOCK|0o600, 0),
		"makes a link":          os.Symlink("old", filepath.Join(dir, "link")),
		"runs a program":        exec.Command("/bin/true").Run(),
		"listens on a TCP port": listens(),
	} {
		if !errors.Is(err, fs.ErrPermission) {
			fmt.Println("it", what, err)
		}
	}
	memory, err := unix.MemfdCreate("test", unix.MFD_CLOEXEC)
	if err == nil {
		_, err = unix.Write(memory, []byte("x"))
	}
	err = errors.Join(err, unix.Ftruncate(memory, 0), os.WriteFile(os.DevNull, []byte("x"), 0))
	_, readable := os.ReadFile("/etc/passwd")
	if err = errors.Join(err, readable); err != nil {
		fmt.Println("it cannot do what it has to:", err)
	}
}

func listens() error {
	fd, err := unix.Socket(unix.AF_INET, unix.SOCK_STREAM|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		return nil
	}
	defer unix.Close(fd)
	return unix.Bind(fd, &unix.SockaddrInet4{Addr: [4]byte{127, 0, 0, 1}})
}

func TestAWorkerLosesAllRights(t *testing.T) {
	uid, err := freeUID()
	if err != nil {
		t.Fatal(err)
	}
	dir, err := os.MkdirTemp("", "keeper") // t.TempDir is below one that only its owner enters
	if err := errors.Join(err, os.Chmod(dir, 0o777), os.WriteFile(filepath.Join(dir, "old"), []byte("kept"), 0o600), os.Chmod(filepath.Join(dir, "old"), 0o666)); err != nil {
		t.Fatal(err)
	}
	defer os.RemoveAll(dir)
	out := func(env ...string) string {
		cmd := exec.Command("/proc/self/exe")
		cmd.Env = append([]string{"KEEPER_TEST=become", "KEEPER_TEST_DIR=" + dir}, env...)
		b, err := cmd.CombinedOutput()
		if err != nil {
			t.Fatal(err, string(b))
		}
		return string(b)
	}
	want := fmt.Sprintf("Uid: %[1]d %[1]d %[1]d %[1]d\nGid: %[1]d %[1]d %[1]d %[1]d\nGroups: %[1]d\nCapPrm: 0000000000000000\nCapEff: 0000000000000000\n", uid)
	if got := out(fmt.Sprintf("%s=%d", workerUID, uid)); got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	for _, bad := range []string{"", workerUID + "=0", workerUID + "=1000", workerUID + "=x"} {
		if got := out(bad); !strings.Contains(got, "RemoteSupport unattended") {
			t.Errorf("%q: %q", bad, got)
		}
	}
}

func TestEnvironmentOfAWorker(t *testing.T) {
	got := environment([]string{"HOME=/root", "PATH=/bin", "https_proxy=http://proxy:3128", "LC_ALL=C", "SECRET=x", "DISPLAY=:0", "XAUTHORITY=/root/.Xauthority"})
	if want := []string{"PATH=/bin", "https_proxy=http://proxy:3128", "LC_ALL=C", "HOME=/nonexistent"}; !reflect.DeepEqual(got, want) {
		t.Errorf("got %q", got)
	}
}
