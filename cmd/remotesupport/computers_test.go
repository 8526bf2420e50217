package main

import (
	"net/http"
	"testing"

	"deskhand/server/httpapi"
	"deskhand/server/servertest"
)

func computers(t *testing.T, a *servertest.Agent) []httpapi.Computer {
	t.Helper()
	var l httpapi.List[httpapi.Computer]
	a.Must(http.MethodGet, "/api/computers", nil, &l)
	return l.Items
}

func awaitOnline(t *testing.T, a *servertest.Agent, online bool) {
	t.Helper()
	servertest.Eventually(t, "the computer's state", func() bool {
		l := computers(t, a)
		return len(l) == 1 && (l[0].Status == "online") == online
	})
}
