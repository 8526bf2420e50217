package ui

import "image"

// part is something of a window that a person can read or use, for systems that have a control of their own in its place.
type part struct {
	kind partKind
	id   control // of a button or the field
	name string  // as it is read out
	r    image.Rectangle
}

type partKind int

const (
	textPart partKind = iota
	buttonPart
	fieldPart
)

// parts are those of a scene, in the order in which they are read.
func (s *scene) parts() []part {
	var out []part
	for _, it := range s.items {
		switch it := it.(type) {
		case *textItem:
			if !it.mute && it.t.Said != "" {
				out = append(out, part{textPart, ctlNone, it.t.Said, it.r})
			}
		case *buttonItem:
			out = append(out, part{buttonPart, it.id, it.label.Said, it.r})
		case *fieldItem:
			out = append(out, part{fieldPart, ctlID, "", it.r})
		}
	}
	return out
}

// alike tells whether parts are the same ones, but for their words and places.
func alike(a, b []part) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		if a[i].kind != b[i].kind || a[i].id != b[i].id {
			return false
		}
	}
	return true
}

// upwards is where a rectangle of pixels lies in a window of that height whose points are counted from the lower edge.
func upwards(r image.Rectangle, height int, scale float64) (x, y, w, h float64) {
	return float64(r.Min.X) / scale, float64(height-r.Max.Y) / scale, float64(r.Dx()) / scale, float64(r.Dy()) / scale
}
