// Package xvfb starts a private virtual X display for a test and ends it with the test.
//
// The display number is picked by the server itself (-displayfd), access control is off and no
// TCP port is opened, so tests of several packages run side by side. Linux only.
package xvfb
