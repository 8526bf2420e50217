package damage

import (
	"image"
	"time"

	"deskhand/screen"
)

type Motion struct{}

func (m *Motion) Observe(changes []screen.Change, now *screen.Frame, at time.Time) {}
func (m *Motion) Touched(damage *screen.Region, at time.Time)                      {}
func (m *Motion) Expire(at time.Time)                                              {}
func (m *Motion) NextExpiry() time.Time                                            { return time.Time{} }
func (m *Motion) Regions() []image.Rectangle                                       { return nil }
