package bench

import (
	"bufio"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"deskhand/server/httpapi"
	"deskhand/server/servertest"
)

// BenchmarkTimeToOnline starts the unattended client as its service does, and tells how long it takes until the server has it online, and what
// memory it holds then: as root of both processes, parent and worker. PSS shares what both map among them.
func BenchmarkTimeToOnline(b *testing.B) {
	s := servertest.New(b)
	rodney := s.Login(s.Admin)
	program, state := filepath.Join(b.TempDir(), "RemoteSupport"), filepath.Join(b.TempDir(), "state")
	build := exec.Command("go", "build", "-ldflags", "-s -w", "-o", program, "deskhand/cmd/remotesupport")
	build.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := build.CombinedOutput(); err != nil {
		b.Fatalf("building the client: %v: %s", err, out)
	}
	enrol := exec.Command(program, "/createcomputer", "/username", s.Admin.UserName, "/relayurl", s.URL.String(), "/state", state, "/noservice")
	enrol.Stdin = strings.NewReader(s.Admin.Password + "\n")
	if out, err := enrol.CombinedOutput(); err != nil {
		b.Fatalf("setting up: %v: %s", err, out)
	}
	online := func() bool {
		var l httpapi.List[httpapi.Computer]
		rodney.Must(http.MethodGet, "/api/computers", nil, &l)
		return len(l.Items) == 1 && l.Items[0].Status == "online"
	}
	var rss, pss int
	for b.Loop() {
		began := time.Now()
		client := exec.Command(program, "unattended", "--state", state)
		if err := client.Start(); err != nil {
			b.Fatal(err)
		}
		for !online() {
			if time.Since(began) > servertest.Within {
				b.Fatal("the computer does not come online")
			}
			time.Sleep(2 * time.Millisecond)
		}
		b.StopTimer()
		rss, pss = memory(b, client.Process.Pid)
		_ = client.Process.Signal(os.Interrupt)
		_ = client.Wait()
		for online() {
			time.Sleep(2 * time.Millisecond)
		}
		b.StartTimer()
	}
	b.ReportMetric(float64(rss)/1024, "RSS-MiB")
	b.ReportMetric(float64(pss)/1024, "PSS-MiB")
}

// memory is what a process and its children hold, in KiB.
func memory(b *testing.B, pid int) (rss, pss int) {
	b.Helper()
	f, err := os.Open("/proc/" + strconv.Itoa(pid) + "/smaps_rollup")
	if err != nil {
		b.Fatal(err)
	}
	defer f.Close()
	for lines := bufio.NewScanner(f); lines.Scan(); {
		if w := strings.Fields(lines.Text()); len(w) > 1 {
			n, _ := strconv.Atoi(w[1])
			switch w[0] {
			case "Rss:":
				rss = n
			case "Pss:":
				pss = n
			}
		}
	}
	tasks, _ := filepath.Glob("/proc/" + strconv.Itoa(pid) + "/task/*/children")
	for _, name := range tasks {
		children, _ := os.ReadFile(name)
		for _, child := range strings.Fields(string(children)) {
			n, _ := strconv.Atoi(child)
			r, p := memory(b, n)
			rss, pss = rss+r, pss+p
		}
	}
	return rss, pss
}
