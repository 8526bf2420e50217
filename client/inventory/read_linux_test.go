package inventory

import (
	"bytes"
	"encoding/binary"
	"errors"
	"io/fs"
	"net"
	"net/netip"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"
)

func files(texts map[string]string) fstest.MapFS {
	all := fstest.MapFS{}
	for name, text := range texts {
		all[name] = &fstest.MapFile{Data: []byte(text)}
	}
	return all
}

var someComputer = files(map[string]string{
	"etc/os-release":                     "NAME=\"Debian\"\nPRETTY_NAME=\"Debian GNU/Linux 13 (trixie)\"\n",
	"proc/cpuinfo":                       "processor\t: 0\nvendor_id\t: Somebody\nmodel name\t: A  Processor   at 3 GHz\n\nprocessor\t: 1\nmodel name\t: A Processor\n",
	"proc/meminfo":                       "MemTotal:       16384 kB\nMemFree:        1 kB\n",
	"proc/stat":                          "cpu  1 2 3\nbtime 1700000000\nprocesses 1\n",
	"proc/sys/kernel/osrelease":          "6.12.0-amd64\n",
	"sys/class/dmi/id/sys_vendor":        "Maker\n",
	"sys/class/dmi/id/product_name":      "Product 7\n",
	"sys/class/net/docker0/bridge/id":    "x",
	"sys/class/net/docker0/brif/veth1/x": "",
	"sys/class/net/br0/bridge/id":        "x",
	"sys/class/net/br0/brif/eth0/x":      "",
	"sys/class/net/eth0/device/x":        "",
	"proc/self/mounts": "proc /proc proc rw 0 0\n/dev/vda1 / ext4 rw 0 0\n/dev/vda1 /srv/again ext4 rw 0 0\ntank/home /home\\040of\\040kim zfs rw 0 0\n" +
		"server:/x /mnt nfs rw 0 0\n/dev/loop0 /snap/x squashfs ro 0 0\n/dev/vdb1 /broken ext4 rw 0 0\ntmpfs /tmp tmpfs rw 0 0\nnonsense\n",
})

func TestHardware(t *testing.T) {
	r := someComputer
	if systemName(r) != "Debian GNU/Linux 13 (trixie)" || processor(r) != "A Processor at 3 GHz" || memory(r) != 16<<20 || model(r) != "Maker Product 7" ||
		!booted(r).Equal(time.Unix(1_700_000_000, 0)) {
		t.Errorf("read %q, %q, %d, %q, %v", systemName(r), processor(r), memory(r), model(r), booted(r))
	}
	nothing := files(nil)
	if systemName(nothing) != "Linux" || processor(nothing) != "" || memory(nothing) != 0 || model(nothing) != "" || !booted(nothing).IsZero() {
		t.Error("nothing to read is not nothing")
	}
	if !bridged(r, "docker0") || bridged(r, "br0") || bridged(r, "eth0") || bridged(nothing, "eth0") {
		t.Error("a bridge that joins programs only is not told from the others")
	}
}

func TestDisks(t *testing.T) {
	got := disks(someComputer, func(mount string) (uint64, uint64, error) {
		if mount == "/broken" {
			return 0, 0, errors.New("no medium")
		}
		return 100, 40, nil
	})
	want := []Disk{
		{Mount: "/", Device: "/dev/vda1", Format: "ext4", Size: 100, Free: 40},
		{Mount: "/home of kim", Device: "tank/home", Format: "zfs", Size: 100, Free: 40},
	}
	if !slices.Equal(got, want) {
		t.Errorf("disks %+v", got)
	}
	if unescape(`\0`) != `\0` || unescape(`a\134b\999`) != `a\b\999` {
		t.Errorf("unescaped %q", unescape(`a\134b\999`))
	}
}

func TestUsersOfLogind(t *testing.T) {
	r := files(map[string]string{
		"run/systemd/seats/seat0":        "IS_SEAT0=1\n",
		"run/systemd/sessions/1":         "USER=kim\nCLASS=user\nTYPE=x11\nSTATE=active\nDISPLAY=:0\nREALTIME=1700000000000000\n",
		"run/systemd/sessions/2":         "USER=lee\nCLASS=user\nTYPE=tty\nSTATE=active\nTTY=pts/3\nREMOTE_HOST=192.0.2.9\n",
		"run/systemd/sessions/c1":        "USER=lightdm\nCLASS=greeter\nTYPE=x11\nSTATE=online\n",
		"run/systemd/sessions/3":         "USER=old\nCLASS=user\nTYPE=x11\nSTATE=closing\n",
		"run/systemd/sessions/nonsense":  "\x00\x01",
		"run/systemd/sessions/1.ref/dir": "",
	})
	got := users(r)
	if len(got) != 2 || got[0] != (User{"kim", ":0", time.UnixMicro(1_700_000_000_000_000)}) || got[1].Name != "lee" || got[1].Place != "192.0.2.9" {
		t.Errorf("users %+v", got)
	}
	if !present(r, false) {
		t.Error("kim sits there")
	}
	delete(r, "run/systemd/sessions/1")
	if present(r, true) {
		t.Error("a greeter, and somebody from afar, count as somebody at the screen")
	}
}

func TestPresentWithoutLogind(t *testing.T) {
	if none := files(nil); !present(none, true) || present(none, false) {
		t.Error("whoever can show windows counts, nobody else")
	}
}

func TestUsersOfUtmp(t *testing.T) {
	entry := func(kind int16, name, place, host string) []byte {
		e := record{Type: kind, Seconds: 1_700_000_000}
		copy(e.Line[:], place)
		copy(e.User[:], name)
		copy(e.Host[:], host)
		var b bytes.Buffer
		if err := binary.Write(&b, binary.NativeEndian, &e); err != nil {
			t.Fatal(err)
		}
		if b.Len() != 384 {
			t.Fatalf("a record has %d bytes", b.Len())
		}
		return b.Bytes()
	}
	file := slices.Concat(entry(2, "reboot", "~", ""), entry(userProcess, "kim", "tty7", ":0"), entry(userProcess, "kim", "tty7", ":0"), entry(8, "gone", "pts/1", ""), []byte("half"))
	r := fstest.MapFS{"run/utmp": &fstest.MapFile{Data: file}}
	if got := users(r); len(got) != 1 || got[0] != (User{"kim", ":0", time.Unix(1_700_000_000, 0)}) {
		t.Errorf("users %+v", got)
	}
}

// FuzzUsers reads whatever stands in the system's files.
func FuzzUsers(f *testing.F) {
	f.Add("USER=kim\nCLASS=user\n", []byte{7, 0, 0, 0})
	f.Fuzz(func(t *testing.T, session string, utmp []byte) {
		got := users(fstest.MapFS{
			"run/systemd/sessions/1": &fstest.MapFile{Data: []byte(session)}, "run/utmp": &fstest.MapFile{Data: utmp},
			"run/systemd/seats/seat0": &fstest.MapFile{},
		})
		if len(got) > maxUsers {
			t.Errorf("%d users", len(got))
		}
	})
}

func TestReadHere(t *testing.T) {
	i := Read()
	if i.System == "" || i.Kernel == "" || i.Cores == 0 || i.Memory == 0 || i.BootedAt.IsZero() || !Same(i, i) {
		t.Errorf("this computer is %+v", i)
	}
	for _, d := range i.Disks {
		if d.Size == 0 || d.Free > d.Size || strings.TrimSpace(d.Mount) == "" {
			t.Errorf("disk %+v", d)
		}
	}
	if _, err := fs.Stat(someComputer, "etc/os-release"); err != nil {
		t.Fatal(err)
	}
}

func TestSame(t *testing.T) {
	a := Inventory{
		System: "Debian", BootedAt: time.Unix(1_700_000_000, 0), Disks: []Disk{{Mount: "/", Size: 3200, Free: 1650}},
		Networks: []Network{{Name: "eth0", MAC: net.HardwareAddr{1}, Addresses: []netip.Prefix{netip.MustParsePrefix("192.0.2.1/24")}}},
		Users:    []User{{Name: "kim"}},
	}
	for name, change := range map[string]struct {
		do   func(*Inventory)
		same bool
	}{
		"nothing":            {func(*Inventory) {}, true},
		"a little written":   {func(i *Inventory) { i.Disks[0].Free = 1610 }, true},
		"much written":       {func(i *Inventory) { i.Disks[0].Free = 900 }, false},
		"the clock was set":  {func(i *Inventory) { i.BootedAt = i.BootedAt.Add(time.Second) }, true},
		"restarted":          {func(i *Inventory) { i.BootedAt = i.BootedAt.Add(time.Hour) }, false},
		"another address":    {func(i *Inventory) { i.Networks[0].Addresses = nil }, false},
		"somebody logged in": {func(i *Inventory) { i.Users = append(i.Users, User{Name: "lee"}) }, false},
	} {
		b := a
		b.Disks, b.Networks, b.Users = slices.Clone(a.Disks), slices.Clone(a.Networks), slices.Clone(a.Users)
		change.do(&b)
		if Same(a, b) != change.same {
			t.Errorf("%s: same is %t", name, Same(a, b))
		}
	}
}
