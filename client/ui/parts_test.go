package ui

import (
	"image"
	"testing"
)

func TestParts(t *testing.T) {
	lk := newBench(t, Main{Stage: AskID}).lk
	asked := mainScene(lk, Main{Stage: AskID}, NoProblem).parts()
	var fields, buttons, texts int
	for _, p := range asked {
		switch p.kind {
		case fieldPart:
			fields++
		case buttonPart:
			buttons++
		case textPart:
			texts++
		}
		if p.kind != fieldPart && p.name == "" || p.r.Empty() {
			t.Errorf("a part without words or place: %+v", p)
		}
	}
	if fields != 1 || buttons != 1 || texts < 4 {
		t.Errorf("%d fields, %d buttons, %d texts", fields, buttons, texts)
	}
	if short := mainScene(lk, Main{Stage: AskID}, IDShort).parts(); alike(asked, short) || !alike(short, short) {
		t.Error("a window that says more is taken for the same one")
	}
	if alike(asked, asked[1:]) {
		t.Error("a window with less is taken for the same one")
	}
}

func TestUpwards(t *testing.T) {
	x, y, w, h := upwards(image.Rect(20, 10, 60, 40), 200, 2)
	if x != 10 || y != 80 || w != 20 || h != 15 {
		t.Errorf("at %v, %v: %v × %v", x, y, w, h)
	}
}
