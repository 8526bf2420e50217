package main

import (
	"bufio"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/alecthomas/kong"
)

// readConfig reads a configuration file: one "name = value" per line, named as the flags are; empty lines and lines that begin with #
// are skipped. A flag on the command line wins, then the environment, then this file.
func readConfig(r io.Reader) (kong.Resolver, error) {
	values := map[string]string{}
	s := bufio.NewScanner(r)
	for n := 1; s.Scan(); n++ {
		line := strings.TrimSpace(s.Text())
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		name, value, ok := strings.Cut(line, "=")
		if !ok {
			return nil, fmt.Errorf("configuration line %d: want name = value", n)
		}
		values[strings.TrimPrefix(strings.TrimSpace(name), "--")] = strings.TrimSpace(value)
	}
	if err := s.Err(); err != nil {
		return nil, fmt.Errorf("reading the configuration: %w", err)
	}
	return config(values), nil
}

// config holds the lines of a configuration file.
type config map[string]string

// Validate refuses a name that no verb has.
func (c config) Validate(app *kong.Application) error {
	known := map[string]bool{}
	err := kong.Visit(app, func(n kong.Visitable, next kong.Next) error {
		if f, ok := n.(*kong.Flag); ok {
			known[f.Name] = true
		}
		return next(nil)
	})
	if err != nil {
		return err
	}
	for name := range c {
		if !known[name] {
			return fmt.Errorf("the configuration sets %q, which is not a flag", name)
		}
	}
	return nil
}

// Resolve gives a flag's value from the file, unless the environment sets it.
func (c config) Resolve(_ *kong.Context, _ *kong.Path, flag *kong.Flag) (any, error) {
	for _, env := range flag.Envs {
		if _, set := os.LookupEnv(env); set {
			return nil, nil
		}
	}
	if v, ok := c[flag.Name]; ok {
		return v, nil
	}
	return nil, nil
}
