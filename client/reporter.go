package client

import (
	"slices"
	"strings"
	"sync"
	"time"

	"deskhand/client/session"
	"deskhand/client/shell"
	"deskhand/wire"
)

// reportEvery is the time between two reports of what shells show.
const reportEvery = 500 * time.Millisecond

// reporter tells the server which shells there are, what they show, and how they ended. A report is sent again until the server says that it is kept.
type reporter struct {
	shells  *shell.Book
	tell    func(*wire.ClientSignal)
	listing *sync.Mutex // held from reading which shells there are until that is told

	online  chan struct{} // capacity 1, as the next
	kept    chan struct{}
	last    chan struct{} // as well
	told    chan struct{} // closed when the server has all, after finish
	stop    chan struct{}
	running sync.WaitGroup

	// Of run:
	endings int           // that the server was told
	listed  []shell.Entry // that the server was told
	sent    []shell.Piece // and not kept yet
	due     time.Time     // of the next report
	hurries bool          // finish was called
}

// newReporter begins to report when it is told to.
func newReporter(b *shell.Book, listing *sync.Mutex, tell func(*wire.ClientSignal)) *reporter {
	r := &reporter{
		shells: b, listing: listing, tell: tell, online: make(chan struct{}, 1), kept: make(chan struct{}, 1), last: make(chan struct{}, 1),
		told: make(chan struct{}), stop: make(chan struct{}),
	}
	r.running.Go(r.run)
	return r
}

// again begins anew: the server may have missed what was sent.
func (r *reporter) again() { poke(r.online) }

// keptAll says that the last report is kept.
func (r *reporter) keptAll() { poke(r.kept) }

// finish reports without a pause from now on. The channel is closed when all shells have ended and the server has kept all that they showed.
func (r *reporter) finish() <-chan struct{} {
	poke(r.last)
	return r.told
}

func poke(ch chan struct{}) {
	select {
	case ch <- struct{}{}:
	default:
	}
}

func (r *reporter) close() {
	close(r.stop)
	r.running.Wait()
}

func (r *reporter) run() {
	pause := time.NewTimer(time.Hour)
	defer pause.Stop()
	for {
		anyway := false
		select {
		case <-r.stop:
			return
		case <-r.online:
			r.endings, r.listed, r.sent = 0, nil, nil
			anyway = true
		case <-r.kept:
			r.shells.Kept(r.sent)
			r.sent = nil
		case <-r.shells.Told():
		case <-r.last:
			r.hurries = true
		case <-pause.C:
		}
		r.listed = r.list(anyway)
		if wait := r.output(); wait > 0 {
			pause.Reset(wait)
		}
		if r.hurries && r.sent == nil && r.shells.Over() {
			close(r.told)
			return
		}
	}
}

// list tells which shells have ended, and then names those that there are, when they are others than before. A shell that the list lacks has been told
// as ended.
func (r *reporter) list(anyway bool) []shell.Entry {
	r.listing.Lock()
	defer r.listing.Unlock()
	list := r.shells.List()
	r.tellEndings()
	slices.SortFunc(list, func(a, b shell.Entry) int { return strings.Compare(a.ID, b.ID) })
	if slices.Equal(list, r.listed) && !anyway {
		return list
	}
	m := &wire.PromptList{}
	for _, e := range list {
		m.Prompts = append(m.Prompts, &wire.Prompt{Id: e.ID, Shell: e.Program})
	}
	r.tell(&wire.ClientSignal{Message: &wire.ClientSignal_PromptList{PromptList: m}})
	return list
}

func (r *reporter) tellEndings() {
	endings, all := r.shells.Endings(r.endings)
	r.endings = all
	for _, e := range endings {
		r.tell(&wire.ClientSignal{Message: &wire.ClientSignal_PromptEnded{PromptEnded: session.EndedPrompt(e)}})
	}
}

// output reports what shells have shown, unless a report is under way. It returns when to look again; 0: when something happens.
func (r *reporter) output() time.Duration {
	if r.sent != nil {
		return 0
	}
	if wait := time.Until(r.due); wait > 0 && !r.hurries {
		return wait
	}
	r.sent = r.shells.Output()
	if r.sent == nil {
		return 0
	}
	r.due = time.Now().Add(reportEvery)
	m := &wire.PromptTranscript{}
	for _, p := range r.sent {
		m.Outputs = append(m.Outputs, &wire.PromptOutput{PromptId: p.ID, Offset: p.Offset, Data: p.Data, Columns: uint32(p.Columns)})
	}
	r.tell(&wire.ClientSignal{Message: &wire.ClientSignal_PromptTranscript{PromptTranscript: m}})
	return 0
}
