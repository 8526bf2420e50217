// Command shot saves what the client captures of its desktop as a PNG file, and prints the displays, one a line.
package main

import (
	"errors"
	"fmt"
	"image"
	"image/png"
	"os"

	"deskhand/client/capture"
	"deskhand/screen"
)

func main() {
	if err := run(os.Args[1]); err != nil {
		fmt.Fprintln(os.Stderr, "shot:", err)
		os.Exit(1)
	}
}

func run(file string) (err error) {
	src, err := capture.Open("")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, src.Close()) }()
	list, err := src.Displays()
	if err != nil {
		return err
	}
	var all image.Rectangle
	for _, d := range list {
		fmt.Println(d.Name, d.Bounds, d.Primary)
		all = all.Union(d.Bounds)
	}
	f, err := screen.NewFrame(all.Max.X, all.Max.Y)
	if err != nil {
		return err
	}
	if err := src.Grab(f, []image.Rectangle{f.Bounds()}); err != nil {
		return err
	}
	w, err := os.Create(file)
	if err != nil {
		return err
	}
	m := &image.RGBA{Pix: f.AppendRGBA(nil, f.Bounds()), Stride: f.W * 4, Rect: f.Bounds()}
	return errors.Join(png.Encode(w, m), w.Close())
}
