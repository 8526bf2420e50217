//go:build !windows

package service

import "context"

// Run runs the unattended client as what started it expects; here that is nothing in particular. final tells of an error after which starting anew is of
// no use.
func Run(ctx context.Context, _ Options, run func(context.Context) error, _ func(error) bool) error {
	return run(ctx)
}
