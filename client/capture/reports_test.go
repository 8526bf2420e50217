package capture

import (
	"context"
	"errors"
	"image"
	"testing"

	"deskhand/screen"
)

func TestReports(t *testing.T) {
	r := newReports()
	ctx, cancel := context.WithCancel(t.Context())
	r.damaged() // nothing
	r.tell(CursorChanged)
	if e, err := r.next(ctx); e != CursorChanged || err != nil {
		t.Errorf("heard %v, %v", e, err)
	}
	r.damaged(image.Rect(0, 0, 10, 10))
	r.damaged(image.Rect(5, 5, 30, 30))
	r.tell(DisplaysChanged)
	if e, err := r.next(ctx); e != Damaged|DisplaysChanged || err != nil {
		t.Errorf("heard %v, %v", e, err)
	}
	r.damaged(image.Rect(90, 90, 99, 99))
	select {
	case <-r.wake:
		t.Error("damage is told again before it was taken")
	default:
	}
	var got screen.Region
	r.take(&got, image.Pt(95, 95))
	if want := image.Rect(0, 0, 95, 95); got.Bounds() != want || got.Overlaps(image.Rect(40, 40, 80, 80)) {
		t.Errorf("taken %v", got.Rects())
	}
	r.damaged(image.Rect(1, 1, 2, 2))
	r.forget()
	got.Clear()
	if r.take(&got, image.Pt(95, 95)); !got.Empty() {
		t.Error("what was forgotten is taken")
	}
	cancel()
	<-r.wake // of what was forgotten
	if _, err := r.next(ctx); !errors.Is(err, context.Canceled) {
		t.Errorf("canceled: %v", err)
	}
	r.close()
	r.tell(CursorChanged)
	if _, err := r.next(t.Context()); !errors.Is(err, ErrDisplayGone) {
		t.Errorf("closed: %v", err)
	}
}
