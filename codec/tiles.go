package codec

import "deskhand/screen"

// checkTiles tells whether every tile that is recalled has been kept, with its size. It notes the sizes of those that the changes keep
// before any is: when the update turns out to be wrong, only a refresh can follow, which forgets them.
func (d *Decoder) checkTiles(changes []screen.Change) error {
	for _, c := range changes {
		if c.Kind != screen.Keep && c.Kind != screen.Recall {
			continue
		}
		if d.tiles == nil {
			d.tiles = make([]tile, screen.Slots)
		}
		slot := c.Slot
		for r := range screen.Tiles(c.Rect) {
			t := &d.tiles[slot]
			if c.Kind == screen.Keep {
				t.w, t.h = r.Dx(), r.Dy()
			} else if t.w != r.Dx() || t.h != r.Dy() {
				return invalid("slot %d holds no tile of %d×%d", slot, r.Dx(), r.Dy())
			}
			slot++
		}
	}
	return nil
}

func (d *Decoder) keep(c *screen.Change) {
	slot := c.Slot
	for r := range screen.Tiles(c.Rect) {
		t := &d.tiles[slot]
		t.w, t.h, t.pix = r.Dx(), r.Dy(), t.pix[:0]
		for y := r.Min.Y; y < r.Max.Y; y++ {
			t.pix = append(t.pix, d.row(r.Min.X, y, r.Dx()*4)...)
		}
		slot++
	}
}

func (d *Decoder) recall(c *screen.Change) {
	slot := c.Slot
	for r := range screen.Tiles(c.Rect) {
		pix := d.tiles[slot].pix
		for y := r.Min.Y; y < r.Max.Y; y++ {
			n := copy(d.row(r.Min.X, y, r.Dx()*4), pix)
			pix = pix[n:]
		}
		slot++
	}
}
