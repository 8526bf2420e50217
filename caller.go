package deskhand

import "context"

// Caller is the agent on whose behalf a request runs, and by which login.
type Caller struct {
	Agent Agent
	Login Login
}

// Actor is the caller as the audit names it. address is where the request came from.
func (c Caller) Actor(address string) Actor {
	return Actor{AgentID: c.Agent.ID, Name: c.Agent.UserName, Address: address}
}

type callerKey struct{}

// WithCaller returns a context that carries c.
func WithCaller(ctx context.Context, c Caller) context.Context {
	return context.WithValue(ctx, callerKey{}, c)
}

// CallerFrom is the caller that ctx carries; ok is false when nobody is logged in.
func CallerFrom(ctx context.Context) (c Caller, ok bool) {
	c, ok = ctx.Value(callerKey{}).(Caller)
	return c, ok
}
