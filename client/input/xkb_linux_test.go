package input

import "testing"

// FuzzParseMap: no reply of a server, however broken, is read past its end, and every key of what comes out can be asked about.
func FuzzParseMap(f *testing.F) {
	f.Add(make([]byte, 40), make([]byte, 32))
	f.Add([]byte{
		1, 3, 0, 0, 0, 0, 0, 0, 0, 0, 8, 9, 7, 0, 0, 1, 1, 8, 4, 0, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 8, 1, 1, 0, 0, 0, 0, 0, 0,
		1, 1, 0, 0, 2, 1, 0, 0, 1, 1, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 1, 2, 2, 0, 97, 0, 0, 0, 65, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 8, 1, 0, 0,
	},
		make([]byte, 32))
	f.Fuzz(func(t *testing.T, mapped, named []byte) {
		m, err := parseMap(mapped)
		if err != nil {
			return
		}
		_ = m.parseNames(named)
		for group := range uint8(5) {
			for r := range m.in(group).runes {
				w, ok := m.find(state{group: group, locked: maskLock}, m.in(group).runes[r], r, maskControl)
				if ok && (w.mods&maskControl != 0 || w.mods&^w.mask != 0) {
					t.Errorf("%q by %+v", r, w)
				}
			}
		}
		m.groups()
		(&spares{}).update(m, 8)
	})
}
