//go:build windows || darwin

package input

// Key implements Injector.
func (in *injector) Key(k Key, down bool) error {
	if err := k.check(); err != nil {
		return err
	}
	return in.call(func(interrupted <-chan struct{}) error { return carryOut(in, in.held, k, down, interrupted) })
}

// Text implements Injector.
func (in *injector) Text(s string) error {
	if err := checkText(s); err != nil {
		return err
	}
	return in.call(func(interrupted <-chan struct{}) error { return in.typeText(s, interrupted) })
}

// typeText types characters one by one.
func (in *injector) typeText(s string, interrupted <-chan struct{}) error {
	for _, r := range characters(s) {
		if err := stopped(interrupted); err != nil {
			return err
		}
		if err := in.character(r); err != nil {
			return err
		}
	}
	return nil
}

// SetOwnWindows implements Injector. A window's handle has 32 bits that count, on 64-bit Windows too.
func (in *injector) SetOwnWindows(ids []uint32) {
	in.mu.Lock()
	defer in.mu.Unlock()
	in.own = map[uint32]bool{}
	for _, id := range ids {
		in.own[id] = true
	}
}

// ReleaseAll implements Injector.
func (in *injector) ReleaseAll() error {
	in.interrupt()
	return in.call(func(<-chan struct{}) error { return in.releaseAll() })
}
