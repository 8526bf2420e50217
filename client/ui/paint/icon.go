package paint

import (
	"image"
	"image/color"
	"math"
	"strconv"
	"strings"
)

// Icon is a drawing on a 24 × 24 grid: strokes with round ends, and filled outlines.
type Icon struct {
	strokes []polyline
	fills   []polyline
}

type polyline []point

type point struct{ x, y float64 }

// The icons of the windows.
var (
	Screen  = icon("M4 5 H20 Q21.5 5 21.5 6.5 V15.5 Q21.5 17 20 17 H4 Q2.5 17 2.5 15.5 V6.5 Q2.5 5 4 5 Z M12 17 V20.5 M8 20.5 H16", "")
	Pointer = icon("M5.5 3.5 L19.5 10.6 L13.2 12.8 L10.6 19.2 Z M13.6 13.4 L19 19", "")
	Eye     = icon("M2.2 12 C6.6 3.6 17.4 3.6 21.8 12 C17.4 20.4 6.6 20.4 2.2 12 Z O12 12 3", "")
	Lock    = icon("M7 10.5 H17 Q19 10.5 19 12.5 V18.5 Q19 20.5 17 20.5 H7 Q5 20.5 5 18.5 V12.5 Q5 10.5 7 10.5 Z M8 10.5 V7.5 C8 2.3 16 2.3 16 7.5 V10.5", "")
	Clock   = icon("O12 12 9 M12 7 V12 L15.2 14.2", "")
	Warning = icon("M10.6 4.3 L2.7 18 Q1.7 20 4 20 H20 Q22.3 20 21.3 18 L13.4 4.3 Q12 2.2 10.6 4.3 Z M12 9.4 V13.4 M12 16.6 V16.7", "")
	Alert   = icon("O12 12 9 M12 7.6 V12.6 M12 16.2 V16.3", "")
	Check   = icon("O12 12 9 M8.2 12.3 L11 15 L15.9 9.6", "")
	Ended   = icon("O12 12 9 M9 9 L15 15 M15 9 L9 15", "")
	Retry   = icon("M19.6 9.2 C17.6 3.6 10.4 2 6.2 6.2 M4.4 14.8 C6.4 20.4 13.6 22 17.8 17.8 M20.4 4.6 V9.4 H15.6 M3.6 19.4 V14.6 H8.4", "")
	File    = icon("M13.5 3 H7 Q5 3 5 5 V19 Q5 21 7 21 H17 Q19 21 19 19 V8.5 Z M13.5 3 V8.5 H19", "")
	Prompt  = icon("M5.5 4 H18.5 Q21.5 4 21.5 7 V17 Q21.5 20 18.5 20 H5.5 Q2.5 20 2.5 17 V7 Q2.5 4 5.5 4 Z M7 9 L10 12 L7 15 M12.5 15.2 H17", "")
	Clip    = icon("M9 4.5 H7 Q5 4.5 5 6.5 V19 Q5 21 7 21 H17 Q19 21 19 19 V6.5 Q19 4.5 17 4.5 H15 M9.5 3 H14.5 Q15 3 15 3.5 V5.5 Q15 6 14.5 6 H9.5 Q9 6 9 5.5 V3.5 Q9 3 9.5 3 Z", "")
	Power   = icon("M12 3.5 V11 M7 6.2 C1.2 10.6 4.4 20.5 12 20.5 C19.6 20.5 22.8 10.6 17 6.2", "")
	Key     = icon("O8 15.5 4.5 M11.3 12.3 L19.5 4.5 M16 8 L18.8 10.8", "")
	Pause   = icon("", "M7.2 5 H8.8 Q10 5 10 6.2 V17.8 Q10 19 8.8 19 H7.2 Q6 19 6 17.8 V6.2 Q6 5 7.2 5 Z M15.2 5 H16.8 Q18 5 18 6.2 V17.8 Q18 19 16.8 19 H15.2 Q14 19 14 17.8 V6.2 Q14 5 15.2 5 Z")
	Play    = icon("", "M7 5.6 Q7 3.9 8.6 4.7 L19.2 10.9 Q20.6 12 19.2 13.1 L8.6 19.3 Q7 20.1 7 18.4 Z")
	Stop    = icon("", "M8 6 H16 Q18 6 18 8 V16 Q18 18 16 18 H8 Q6 18 6 16 V8 Q6 6 8 6 Z")
	Grip    = icon("M9 6 V6.1 M9 12 V12.1 M9 18 V18.1 M15 6 V6.1 M15 12 V12.1 M15 18 V18.1", "")
)

// Icon draws an icon into a square. width is the stroke's, on the 24 grid.
func (c *Canvas) Icon(ic *Icon, x, y, size int, width float64, col color.NRGBA) {
	k := float64(size) / 24
	for _, s := range ic.strokes {
		c.stroke(scaled(s, k, x, y), width*k/2, col)
	}
	for _, s := range ic.fills {
		c.fill(scaled(s, k, x, y), col)
	}
}

func scaled(s polyline, k float64, x, y int) polyline {
	out := make(polyline, len(s))
	for i, p := range s {
		out[i] = point{p.x*k + float64(x), p.y*k + float64(y)}
	}
	return out
}

// stroke draws the points within half a width of the line.
func (c *Canvas) stroke(s polyline, half float64, col color.NRGBA) {
	c.shape(bounds(s, half+1), col, func(x, y float64) float64 {
		d := math.MaxFloat64
		for i := 1; i < len(s); i++ {
			d = min(d, segment(s[i-1], s[i], x, y))
		}
		return d - half
	})
}

// fill draws the inside of a closed outline (even-odd), softened by the distance to it.
func (c *Canvas) fill(s polyline, col color.NRGBA) {
	c.shape(bounds(s, 1), col, func(x, y float64) float64 {
		d, inside := math.MaxFloat64, false
		for i := range s {
			a, b := s[(i+len(s)-1)%len(s)], s[i]
			d = min(d, segment(a, b, x, y))
			if (a.y > y) != (b.y > y) && x < a.x+(y-a.y)/(b.y-a.y)*(b.x-a.x) {
				inside = !inside
			}
		}
		if inside {
			return -d
		}
		return d
	})
}

func bounds(s polyline, margin float64) image.Rectangle {
	lo, hi := s[0], s[0]
	for _, p := range s {
		lo = point{min(lo.x, p.x), min(lo.y, p.y)}
		hi = point{max(hi.x, p.x), max(hi.y, p.y)}
	}
	return image.Rect(int(math.Floor(lo.x-margin)), int(math.Floor(lo.y-margin)), int(math.Ceil(hi.x+margin)), int(math.Ceil(hi.y+margin)))
}

// segment is the distance from a point to a line segment.
func segment(a, b point, x, y float64) float64 {
	dx, dy := b.x-a.x, b.y-a.y
	t := 0.0
	if l := dx*dx + dy*dy; l > 0 {
		t = max(0, min(1, ((x-a.x)*dx+(y-a.y)*dy)/l))
	}
	return math.Hypot(x-a.x-t*dx, y-a.y-t*dy)
}

// icon parses drawings written with the absolute commands of SVG paths: M L H V Q C Z, and O cx cy r for a circle.
// It panics on others, at program start.
func icon(strokes, fills string) *Icon {
	return &Icon{strokes: flatten(strokes), fills: flatten(fills)}
}

const curveSteps = 12

func flatten(path string) []polyline {
	var out []polyline
	var cur polyline
	flush := func() {
		if len(cur) > 1 {
			out = append(out, cur)
		}
		cur = nil
	}
	f := strings.Fields(spaced(path))
	num := func(i int) float64 {
		v, err := strconv.ParseFloat(f[i], 64)
		if err != nil {
			panic("paint: icon: " + err.Error())
		}
		return v
	}
	at := func(i int) point { return point{num(i), num(i + 1)} }
	for i := 0; i < len(f); {
		op := f[i]
		i++
		switch op {
		case "M":
			flush()
			cur = polyline{at(i)}
			i += 2
		case "L":
			cur = append(cur, at(i))
			i += 2
		case "H":
			cur = append(cur, point{num(i), cur[len(cur)-1].y})
			i++
		case "V":
			cur = append(cur, point{cur[len(cur)-1].x, num(i)})
			i++
		case "Q":
			from, ctl, to := cur[len(cur)-1], at(i), at(i+2)
			cur = curve(cur, from, lerp(from, ctl, 2./3), lerp(to, ctl, 2./3), to)
			i += 4
		case "C":
			cur = curve(cur, cur[len(cur)-1], at(i), at(i+2), at(i+4))
			i += 6
		case "Z":
			cur = append(cur, cur[0])
		case "O":
			flush()
			out = append(out, circle(at(i), num(i+2)))
			i += 3
		default:
			panic("paint: icon: unknown command " + op)
		}
	}
	flush()
	return out
}

// spaced parts command letters from numbers.
func spaced(path string) string {
	var b strings.Builder
	for _, r := range path {
		if r >= 'A' && r <= 'Z' {
			b.WriteString(" " + string(r) + " ")
		} else {
			b.WriteRune(r)
		}
	}
	return b.String()
}

func lerp(a, b point, t float64) point { return point{a.x + (b.x-a.x)*t, a.y + (b.y-a.y)*t} }

func curve(line polyline, a, b, c, d point) polyline {
	for i := 1; i <= curveSteps; i++ {
		t := float64(i) / curveSteps
		ab, bc, cd := lerp(a, b, t), lerp(b, c, t), lerp(c, d, t)
		line = append(line, lerp(lerp(ab, bc, t), lerp(bc, cd, t), t))
	}
	return line
}

func circle(c point, r float64) polyline {
	const n = 48
	line := make(polyline, 0, n+1)
	for i := range n + 1 {
		sin, cos := math.Sincos(2 * math.Pi * float64(i) / n)
		line = append(line, point{c.x + r*cos, c.y + r*sin})
	}
	return line
}
