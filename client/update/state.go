package update

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// state is what has to be known at the next start:
//
//	nothing is tried ──put──→ tried, not started ──Begin of the new program──→ tried, started ──Good──→ nothing is tried
//	        ↑                         │ Begin of the old program: it never came to it        │
//	        ├─────────────────────────┘                                                      │ Begin of the new program once more
//	        └──────────────────────────────── the old program is back, bad ←─────────────────┘
type state struct {
	Trying  uint64 `json:"trying,omitempty"`  // release
	Started bool   `json:"started,omitempty"` // it has been, and has not said yet that it works
	Bad     uint64 `json:"bad,omitempty"`     // the highest release that was taken back
}

const maxState = 4 << 10 // bytes

func (p *Place) statePath() string { return p.Program + ".update" }

// load reads the state. What cannot be read counts as nothing: it must not keep the program from starting.
func (p *Place) load() (s state, err error) {
	info, err := os.Stat(p.statePath())
	if errors.Is(err, fs.ErrNotExist) {
		return s, nil
	}
	if err != nil {
		return s, fmt.Errorf("reading what is being tried: %w", err)
	}
	if info.Size() > maxState {
		return s, nil
	}
	text, err := os.ReadFile(p.statePath())
	if err != nil {
		return s, fmt.Errorf("reading what is being tried: %w", err)
	}
	if json.Unmarshal(text, &s) != nil {
		return state{}, nil
	}
	return s, nil
}

// save writes the state, whole or not at all.
func (p *Place) save(s state) error {
	text, err := json.Marshal(s)
	if err != nil {
		return err
	}
	f, err := os.CreateTemp(filepath.Dir(p.Program), filepath.Base(p.statePath())+".*")
	if err != nil {
		return fmt.Errorf("noting what is being tried: %w", err)
	}
	_, err = f.Write(append(text, '\n'))
	err = errors.Join(err, f.Sync(), f.Close())
	if err == nil {
		err = p.rename(f.Name(), p.statePath())
	}
	if err != nil {
		_ = os.Remove(f.Name())
		return fmt.Errorf("noting what is being tried: %w", err)
	}
	return nil
}

// Start is what a start is.
type Start int

// The starts.
const (
	Usual    Start = iota
	Trial          // of a new release: Good has to follow, or the next start takes it back
	TookBack       // the program is the previous one again, which has to be started now
)

// Begin is the first thing that a program does.
func (p *Place) Begin() (Start, error) {
	_ = p.sweep() // what still runs is left to the next start
	s, err := p.load()
	if err != nil || s.Trying == 0 {
		return Usual, err
	}
	switch {
	case s.Trying == p.Own && !s.Started:
		s.Started = true
		return Trial, p.save(s)
	case s.Trying == p.Own:
		return p.takeBack(s)
	case s.Started: // it was taken back, and not noted any more
		return Usual, p.forget(s)
	default: // it never took the program's place
		s.Trying = 0
		return Usual, errors.Join(p.discard(), p.save(s))
	}
}

func (p *Place) takeBack(s state) (Start, error) {
	if _, err := os.Stat(p.previous()); err != nil {
		// There is nothing to go back to. Better this program than none.
		s.Trying, s.Started = 0, false
		return Usual, errors.Join(fmt.Errorf("taking release %d back: %w", p.Own, err), p.save(s))
	}
	p.next(stepBack)
	if err := p.swap(p.previous()); err != nil {
		return Usual, fmt.Errorf("taking release %d back: %w", p.Own, err)
	}
	p.next(stepForget)
	return TookBack, p.forget(s)
}

// forget remembers a release that was taken back, so that it is not tried again.
func (p *Place) forget(s state) error {
	s.Bad = max(s.Bad, s.Trying)
	s.Trying, s.Started = 0, false
	return p.save(s)
}

// Good says that the new release works.
func (p *Place) Good() error {
	s, err := p.load()
	if err != nil || s.Trying != p.Own || p.Own == 0 {
		return err
	}
	s.Trying, s.Started = 0, false
	return p.save(s)
}

// Bad is the highest release that was taken back; 0: none.
func (p *Place) Bad() uint64 {
	s, err := p.load()
	if err != nil {
		return 0
	}
	return s.Bad
}
