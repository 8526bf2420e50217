package httpapi

import (
	"context"
	"net/http"
)

// Releases knows which clients the server offers.
type Releases interface {
	Downloads() ([]Download, error)
}

// Download is a client for one system.
type Download struct {
	System string `json:"system" enum:"windows,linux,macos"`
	Arch   string `json:"arch" example:"amd64"`
	URL    string `json:"url"`
	Size   int64  `json:"size" doc:"Bytes of the file at the address."`
	SHA256 string `json:"sha256" doc:"Of the same file, in hex."`
}

func (a *API) downloadRoutes() {
	add(a, route{AccessAgent, http.MethodGet, "/api/downloads", "list-downloads", "Downloads", "The clients that this server offers", 0, nil},
		func(context.Context, *struct{}) (*listOutput[Download], error) {
			items, err := a.Releases.Downloads()
			if err != nil {
				return nil, err
			}
			out := &listOutput[Download]{}
			out.Body.Items = append([]Download{}, items...)
			return out, nil
		})
}
