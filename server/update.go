package server

import (
	"net/http"

	"deskhand"
	"deskhand/server/httpapi"
)

// How often one network may ask for updates: many computers stand behind one address.
const (
	updatesAtOnce    = 200
	updatesPerSecond = 5
)

// updateRoutes are by which unattended clients update themselves. Everybody may have the programs; nobody is asked who they are.
func (s *Server) updateRoutes() map[string]http.Handler {
	pace := deskhand.NewPace(updatesAtOnce, updatesPerSecond)
	guarded := func(h func(http.ResponseWriter, *http.Request) error) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			err := httpapi.RefuseBrowser(r)
			if err == nil {
				if wait := pace.Take(deskhand.Network(s.addressText(r))); wait > 0 {
					err = deskhand.TooMany(wait)
				}
			}
			if err == nil {
				err = h(w, r)
			}
			if err != nil {
				s.api.Fault(w, r, err)
			}
		})
	}
	return map[string]http.Handler{
		"GET /client/update":            guarded(s.serveRelease),
		"GET /client/update/{platform}": guarded(s.serveProgram),
	}
}

func (s *Server) serveRelease(w http.ResponseWriter, _ *http.Request) error {
	file, _, err := s.shelf.Signed()
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.Header().Set("Cache-Control", "no-cache")
	_, _ = w.Write(file)
	return nil
}

func (s *Server) serveProgram(w http.ResponseWriter, r *http.Request) error {
	c, err := s.shelf.Find(r.PathValue("platform"))
	if err != nil {
		return err
	}
	return s.shelf.ServeProgram(w, r, c)
}

// release is the number of the signed release on the shelf; 0: there is none.
func (s *Server) release() uint64 { return s.signedRelease().Number }

func (s *Server) signedRelease() deskhand.Release {
	_, r, err := s.shelf.Signed()
	if err != nil {
		if deskhand.CodeOf(err) != deskhand.CodeNotFound {
			s.config.Log.Warn("clients cannot update themselves", "err", err)
		}
		return deskhand.Release{}
	}
	return r
}
