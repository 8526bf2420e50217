package httpapi

import (
	"context"
	"net/http"
	"time"

	"deskhand"
)

// Vitals say how the server is.
type Vitals interface {
	Health(ctx context.Context) (Health, error)
}

// Health is how the server is now, and how it was in the last hour.
type Health struct {
	Version     string                 `json:"version"`
	StartedAt   time.Time              `json:"startedAt"`
	Database    DatabaseHealth         `json:"database"`
	Bus         string                 `json:"bus" enum:"inside,cluster,lost" doc:"How the servers talk with each other: inside means that there is one."`
	Sessions    map[deskhand.State]int `json:"sessions" doc:"By state."`
	Viewers     int                    `json:"viewers"`
	Computers   int                    `json:"computers"`
	Online      int                    `json:"online" doc:"Computers that can be reached."`
	Clients     int                    `json:"clients" doc:"Connected to this server."`
	Consoles    int                    `json:"consoles" doc:"Connected to this server."`
	Cores       int                    `json:"cores"`
	DiskFree    uint64                 `json:"diskFree" doc:"Bytes, where the data are; 0 with diskSize 0: not known."`
	DiskSize    uint64                 `json:"diskSize"`
	Certificate *time.Time             `json:"certificate,omitempty" doc:"When it ends; absent: the server does not speak TLS itself."`
	Programs    []HealthProgram        `json:"programs" doc:"The clients that computers have, the newest first; at most 20."`
	Updates     *HealthUpdates         `json:"updates,omitempty" doc:"Absent: no signed release is offered."`
	Warnings    []HealthWarning        `json:"warnings"`
	Samples     []HealthSample         `json:"samples" doc:"The last hour of this server, the oldest first."`
}

// HealthProgram is a client that computers have.
type HealthProgram struct {
	Version   string `json:"version"`
	Release   uint64 `json:"release" doc:"0: none, which never updates itself."`
	Computers int    `json:"computers"`
}

// HealthUpdates is the release that is offered, and how computers stand to it.
type HealthUpdates struct {
	Version   string `json:"version"`
	Release   uint64 `json:"release"`
	Waiting   int    `json:"waiting" doc:"Have an older one and will take it."`
	TakenBack int    `json:"takenBack" doc:"It did not work there."`
	Never     int    `json:"never" doc:"Do not update themselves."`
}

// DatabaseHealth is how the database is.
type DatabaseHealth struct {
	Kind         string  `json:"kind"`
	Bytes        int64   `json:"bytes"`
	Milliseconds float64 `json:"milliseconds" doc:"That a small question took just now."`
}

// HealthWarning is something to be done.
type HealthWarning struct {
	Code string `json:"code" enum:"disk-low,certificate-ends,database-slow,bus-lost,webhooks-given-up,no-mail"`
}

// HealthSample is one moment.
type HealthSample struct {
	At         time.Time `json:"at"`
	Sessions   int       `json:"sessions"`
	Viewers    int       `json:"viewers"`
	Computers  int       `json:"computers"`
	Down       float64   `json:"down" doc:"Bytes a second that the relay carries from clients."`
	Up         float64   `json:"up" doc:"Bytes a second that the relay carries from viewers."`
	CPU        float64   `json:"cpu" doc:"Cores in use."`
	Memory     uint64    `json:"memory" doc:"Bytes."`
	Goroutines int       `json:"goroutines"`
}

func (a *API) healthRoutes() {
	type output struct{ Body Health }
	add(a, route{AccessMay(deskhand.MayManageSettings), http.MethodGet, "/api/health", "get-health", "Health", "How the server is, and was in the last hour", 0, nil},
		func(ctx context.Context, _ *struct{}) (*output, error) {
			h, err := a.Vitals.Health(ctx)
			return &output{Body: h}, err
		})
}
