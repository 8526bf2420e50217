// Command stage plays the corpus's scenes on an X display, and looks at the display past the product that is measured. It is driven over HTTP:
//
//	GET  /play?scene=NAME[&rate=N]   plays a scene again and again; /stop ends it and leaves the screen as it is
//	GET  /stats                      frames drawn, keys pressed, the display's size, where the box is that changes with each key
//	GET  /shot?rect=X,Y,W,H          the screen's pixels as R, G, B, 255, at one moment
//	GET  /watch?rect=X,Y,W,H&seconds=N
//	                                 begins to keep every frame that is shown in rect
//	POST /compare?hole=X,Y,W,H       waits until the watch has ended; how far pictures of its rect (the body, one after the other) are from what was
//	                                 shown: for each the PSNR in dB to the frame that is nearest, 99 for the same; hole is left out
//
// While a scene plays, a bar code of 384×32 pixels at the top left holds the frame's number and the time, as the side-by-side harness draws
// it: row 0 is black, white, 16 bits of the number, 6 of a check sum; row 1 is 24 bits of the clock in ms.
package main

import (
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"image"
	"io"
	"log"
	"net"
	"net/http"
	"strconv"
	"time"

	"deskhand/bench/corpus"
)

func main() {
	display := flag.String("display", "", "X display; DISPLAY when empty")
	listen := flag.String("listen", "127.0.0.1:0", "where to listen; the address is printed")
	flag.Parse()
	if err := run(*display, *listen); err != nil {
		log.Fatal(err)
	}
}

func run(display, listen string) error {
	s, err := open(display)
	if err != nil {
		return err
	}
	l, err := net.Listen("tcp", listen)
	if err != nil {
		return err
	}
	fmt.Printf("ready http://%s\n", l.Addr())
	mux := http.NewServeMux()
	mux.HandleFunc("GET /play", s.servePlay)
	mux.HandleFunc("GET /stop", func(http.ResponseWriter, *http.Request) { s.stop() })
	mux.HandleFunc("GET /stats", func(w http.ResponseWriter, _ *http.Request) { _ = json.NewEncoder(w).Encode(s.stats()) })
	mux.HandleFunc("GET /shot", s.serveShot)
	mux.HandleFunc("GET /watch", s.serveWatch)
	mux.HandleFunc("POST /compare", s.serveCompare)
	return (&http.Server{Handler: mux, ReadHeaderTimeout: time.Minute}).Serve(l)
}

func (s *stage) servePlay(w http.ResponseWriter, r *http.Request) {
	scene, ok := corpus.Named(r.FormValue("scene"), s.size)
	if !ok {
		http.Error(w, "there is no such scene", http.StatusNotFound)
		return
	}
	if rate, err := strconv.Atoi(r.FormValue("rate")); err == nil && rate > 0 {
		scene.Rate = rate
	}
	s.stop()
	if err := s.play(scene); err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
	}
}

func (s *stage) serveShot(w http.ResponseWriter, r *http.Request) {
	box, err := s.box(r.FormValue("rect"))
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	f, err := s.shot(box)
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "application/octet-stream")
	_, _ = w.Write(f.AppendRGBA(nil, f.Bounds()))
}

func (s *stage) serveWatch(w http.ResponseWriter, r *http.Request) {
	box, err := s.box(r.FormValue("rect"))
	seconds, timeErr := strconv.ParseFloat(r.FormValue("seconds"), 64)
	if err := errors.Join(err, timeErr); err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	s.watch(box, time.Duration(seconds*float64(time.Second)))
}

func (s *stage) serveCompare(w http.ResponseWriter, r *http.Request) {
	hole, err := s.box(r.URL.Query().Get("hole"))
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	seen, err := s.watched()
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	var samples [][]byte
	for len(samples) < 64 {
		b := make([]byte, len(seen.frames[0].Pix))
		if _, err := io.ReadFull(r.Body, b); err != nil {
			break
		}
		samples = append(samples, b)
	}
	_ = json.NewEncoder(w).Encode(seen.compare(samples, hole))
}

// box reads X,Y,W,H; nothing is the whole screen.
func (s *stage) box(text string) (image.Rectangle, error) {
	if text == "" {
		return image.Rectangle{Max: s.size}, nil
	}
	var x, y, w, h int
	if _, err := fmt.Sscanf(text, "%d,%d,%d,%d", &x, &y, &w, &h); err != nil {
		return image.Rectangle{}, fmt.Errorf("read the rectangle %q: %w", text, err)
	}
	r := image.Rect(x, y, x+w, y+h)
	if r.Empty() || !r.In(image.Rectangle{Max: s.size}) {
		return image.Rectangle{}, fmt.Errorf("the rectangle %v is not on the screen of %v", r, s.size)
	}
	return r, nil
}
