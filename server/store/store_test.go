package store_test

import (
	"testing"

	"deskhand/server/store/storetest"
)

func TestMain(m *testing.M) { storetest.Main(m) }

func TestOpen(t *testing.T) {
	storetest.Run(t, func(t *testing.T, s *storetest.Store) {
		if err := s.Ping(t.Context()); err != nil {
			t.Fatal(err)
		}
	})
}
