// Package wine gives a test a Windows of its own: a prefix (registry, drive C:, services) and an X display, gone with the test.
//
// Wine 8 lacks bcryptprimitives.dll, without which no Go program starts; testdata/prng.c, built with mingw, stands in for it. Making a prefix takes
// 15 s, so one is made once for each version of Wine and of this package, in the user's cache, and each test gets a copy: its files are links to the
// first, its registry its own. Linux only.
package wine
