package zzpace

import (
	"encoding/binary"
	"fmt"
	"io"
	"net"
	"slices"
	"sync"
	"testing"
	"time"

	"deskhand/bench/line/proxy"
	"deskhand/client/pace"
)

const ms = time.Millisecond

type work struct {
	every   time.Duration
	bytes   func(p *pace.Pacer) int
	add     bool
	video   bool
	pending int
	since   time.Time
	next    time.Time
	waits   []time.Duration
}

func one(name string, mbit float64, delay time.Duration, T time.Duration, works ...*work) {
	l, _ := net.Listen("tcp", "127.0.0.1:0")
	d := proxy.Direction{Rate: int(mbit * 1e6 / 8), Delay: delay}
	p, err := proxy.Listen("127.0.0.1:0", l.Addr().String(), d, d)
	if err != nil {
		panic(err)
	}
	defer p.Close()
	type upd struct {
		captured time.Time
		since    []time.Time
		ws       []*work
	}
	var mu sync.Mutex
	sentAt := map[uint32]upd{}
	var ages []time.Duration
	begin := time.Now()
	bytes := 0
	go func() { // viewer
		c, _ := l.Accept()
		head := make([]byte, 9)
		buf := make([]byte, 4<<20)
		for {
			if _, err := io.ReadFull(c, head); err != nil {
				return
			}
			id, n := binary.BigEndian.Uint32(head), binary.BigEndian.Uint32(head[4:])
			if _, err := io.ReadFull(c, buf[:n]); err != nil {
				return
			}
			if head[8] == 1 {
				_, _ = c.Write([]byte{0, 0, 0, 0, 1, head[0], head[1], head[2], head[3]})
				continue
			}
			arrived := time.Now()
			time.Sleep(3*ms + time.Duration(n)*50)
			mu.Lock()
			u := sentAt[id]
			if time.Since(begin) > time.Second {
				ages = append(ages, time.Since(u.captured)-delay)
				bytes += int(n)
				for i, w := range u.ws {
					w.waits = append(w.waits, time.Since(u.since[i])-delay)
				}
			}
			mu.Unlock()
			ack := make([]byte, 9)
			binary.BigEndian.PutUint32(ack, id)
			binary.BigEndian.PutUint32(ack[5:], uint32(time.Since(arrived).Microseconds()))
			_, _ = c.Write(ack)
		}
	}()
	c, _ := net.Dial("tcp", p.Addr().String())
	defer c.Close()
	pc := pace.New(time.Now())
	wake := make(chan struct{}, 1)
	var pl sync.Mutex
	go func() {
		b := make([]byte, 9)
		for {
			if _, err := io.ReadFull(c, b); err != nil {
				return
			}
			pl.Lock()
			if b[4] == 1 {
				sent := begin.Add(time.Duration(binary.BigEndian.Uint32(b[5:])) * time.Microsecond)
				pc.RoundTrip(time.Since(sent), time.Now())
			} else {
				pc.Acked(binary.BigEndian.Uint32(b), time.Duration(binary.BigEndian.Uint32(b[5:]))*time.Microsecond, 0, time.Now())
			}
			pl.Unlock()
			select {
			case wake <- struct{}{}:
			default:
			}
		}
	}()
	ping := func() {
		b := make([]byte, 9)
		binary.BigEndian.PutUint32(b, uint32(time.Since(begin).Microseconds()))
		b[8] = 1
		_, _ = c.Write(b)
	}
	ping()
	time.Sleep(200 * ms)
	lastPing := time.Now()
	id := uint32(0)
	for _, w := range works {
		w.next = time.Now()
	}
	payload := make([]byte, 4<<20)
	for time.Since(begin) < T {
		now := time.Now()
		if now.Sub(lastPing) > time.Second {
			lastPing = now
			ping()
		}
		next := now.Add(50 * ms)
		for _, w := range works {
			for !w.next.After(now) {
				n := w.bytes(pc)
				if w.pending == 0 || w.video {
					w.since = now
				}
				if w.add {
					n += w.pending
				}
				w.pending = n
				w.next = w.next.Add(w.every)
			}
			if w.next.Before(next) {
				next = w.next
			}
		}
		pl.Lock()
		ok, again := pc.Ready(now)
		budget := 0
		if ok {
			budget = pc.Budget(now)
		} else if pc.Small(now) {
			budget = pace.SmallUpdate
		}
		pl.Unlock()
		u := upd{captured: now}
		total := 0
		for _, w := range works {
			n := min(w.pending, budget)
			if n <= 0 || !ok && (w.video || w.pending > pace.SmallUpdate) {
				continue
			}
			budget -= n
			total += n
			u.since, u.ws = append(u.since, w.since), append(u.ws, w)
			if w.pending -= n; w.video {
				w.pending = 0
			}
		}
		if total > 0 {
			time.Sleep(3*ms + time.Duration(total)*40)
			id++
			mu.Lock()
			sentAt[id] = u
			mu.Unlock()
			head := make([]byte, 9)
			binary.BigEndian.PutUint32(head, id)
			binary.BigEndian.PutUint32(head[4:], uint32(total))
			pl.Lock()
			pc.Sent(id, total, time.Now())
			pl.Unlock()
			_, _ = c.Write(append(head, payload[:total]...))
			continue
		}
		if !ok && !again.IsZero() && again.Before(next) {
			next = again
		}
		select {
		case <-wake:
		case <-time.After(time.Until(next)):
		}
	}
	mu.Lock()
	defer mu.Unlock()
	q := func(d []time.Duration) string {
		if len(d) == 0 {
			return "none"
		}
		slices.Sort(d)
		return fmt.Sprintf("p50 %v p95 %v max %v", d[len(d)/2].Round(ms), d[len(d)*95/100].Round(ms), d[len(d)-1].Round(ms))
	}
	up, _ := p.Stats(false)
	e := pc.Estimate()
	fmt.Printf("%-28s age-delay %s | wait %s | %.1f upd/s util %.2f est %.2f rtt %v queue most %v\n", name, q(ages), q(works[0].waits), float64(len(ages))/(T-time.Second).Seconds(), float64(bytes)/(T-time.Second).Seconds()/(mbit*1e6/8), float64(e.Rate)*8e-6, e.RTT.Round(ms/10), up.MostDelay.Round(ms))
}

func fixed(every time.Duration, n int) *work {
	return &work{every: every, bytes: func(*pace.Pacer) int { return n }}
}
func typing() *work {
	return &work{every: 97 * ms, add: true, bytes: func(*pace.Pacer) int { return 300 }}
}
func video() *work {
	return &work{every: time.Second / 30, video: true, bytes: func(p *pace.Pacer) int { return min(p.VideoBitrate()/240, 13000) }}
}

func TestReal(t *testing.T) {
	for _, l := range []struct {
		m float64
		d time.Duration
	}{{10, 40 * ms}, {1, 80 * ms}, {1000, 0}} {
		n := func(s string) string { return fmt.Sprintf("%vM %v %s", l.m, l.d, s) }
		one(n("typing"), l.m, l.d, 4*time.Second, typing())
		one(n("scroll"), l.m, l.d, 4*time.Second, fixed(50*ms, 8000))
		one(n("flips"), l.m, l.d, 5*time.Second, fixed(700*ms, 115000))
		one(n("typing+video"), l.m, l.d, 6*time.Second, typing(), video())
		one(n("slides"), l.m, l.d, 6*time.Second, fixed(3*time.Second, 1500000))
		one(n("typing+full"), l.m, l.d, 8*time.Second, typing(), fixed(time.Hour, 1<<30))
	}
}
