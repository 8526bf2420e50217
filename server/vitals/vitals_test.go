package vitals

import (
	"context"
	"errors"
	"testing"
	"time"
)

func TestRecorder(t *testing.T) {
	now, cpu := time.Date(2026, 3, 1, 9, 0, 0, 0, time.UTC), time.Duration(0)
	var counts Counts
	var fault error
	r := New(func(context.Context) (Counts, error) { return counts, fault }, func() time.Time { return now })
	r.cpu, r.lastCPU = func() time.Duration { return cpu }, 0
	for i := range Kept + 100 {
		now, cpu = now.Add(Every), cpu+Every/2
		counts.Sessions, counts.Down, counts.Up = i, counts.Down+5000, counts.Up+50
		if err := r.Sample(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	list := r.Samples()
	if len(list) != Kept || list[0].Sessions != 100 || list[Kept-1].Sessions != Kept+99 || !list[Kept-1].At.Equal(now) {
		t.Fatalf("%d samples from %+v to %+v", len(list), list[0], list[len(list)-1])
	}
	for i, s := range list {
		if s.Down != 1000 || s.Up != 10 || s.CPU != 0.5 || s.Memory == 0 || s.Goroutines == 0 || i > 0 && !s.At.After(list[i-1].At) {
			t.Fatalf("sample %d: %+v", i, s)
		}
	}
	fault = errors.New("the database is gone")
	if err := r.Sample(t.Context()); !errors.Is(err, fault) || len(r.Samples()) != Kept {
		t.Fatal(err)
	}
}

func TestDisk(t *testing.T) {
	if free, size := Disk(t.TempDir()); size == 0 || free > size {
		t.Fatal(free, size)
	}
	if free, size := Disk("/nothing/here"); free != 0 || size != 0 {
		t.Fatal(free, size)
	}
	if cpuTime() <= 0 {
		t.Fatal("no time was used")
	}
}
