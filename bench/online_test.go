package bench

import (
	"crypto/ed25519"
	"fmt"
	"runtime"
	"testing"

	"deskhand"
	"deskhand/server/servertest"
)

// idleComputers is how many computers are connected at once.
const idleComputers = 1000

// BenchmarkIdleComputers tells what memory one connected computer costs that does nothing: both ends of its connection, since client and server
// are one process here, so the server's share is less. The time is that of one more computer that connects, proves its key and is accepted (at most idleComputers, so -benchtime 1000x).
func BenchmarkIdleComputers(b *testing.B) {
	s := servertest.New(b)
	owner := s.AddAgent("tom", deskhand.RoleAgent)
	st := s.Store()
	type computer struct {
		id  string
		key ed25519.PrivateKey
	}
	computers := make([]computer, idleComputers)
	for i := range computers {
		public, private, err := ed25519.GenerateKey(nil)
		if err != nil {
			b.Fatal(err)
		}
		c, err := st.EnrolComputer(b.Context(), deskhand.Actor{AgentID: owner.ID, Name: owner.UserName}, deskhand.Computer{Name: fmt.Sprintf("PC-%d", i), System: "Debian GNU/Linux 12", PublicKey: public})
		if err != nil {
			b.Fatal(err)
		}
		computers[i] = computer{c.ID, private}
	}
	before := held()
	for i := 0; b.Loop(); i++ {
		if i < idleComputers {
			s.Computer(fmt.Sprintf("PC-%d", i), computers[i].id, computers[i].key)
		}
	}
	b.ReportMetric(float64(held()-before)/1024/float64(min(b.N, idleComputers)), "KiB/computer")
}

// held is the memory in use after a collection: heap and stacks.
func held() uint64 {
	var m runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&m)
	return m.HeapInuse + m.StackInuse
}
