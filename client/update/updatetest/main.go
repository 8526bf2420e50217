// Command updatetest is a program that updates itself, for tests: "version" says which release it is, "run" starts as the unattended client does and
// writes what it came to. A release that is built sick never says that it works.
package main

import (
	"fmt"
	"os"
	"strconv"
	"syscall"

	"deskhand/client/update"
)

// The build sets them.
var (
	release = "0"
	sick    = ""
)

func main() {
	own, err := strconv.ParseUint(release, 10, 64)
	if err != nil {
		panic(err)
	}
	if len(os.Args) > 1 && os.Args[1] == "version" {
		fmt.Println("program test, release", release)
		return
	}
	program, err := os.Executable()
	if err != nil {
		panic(err)
	}
	p := update.Place{Program: program, Own: own}
	start, err := p.Begin()
	if err != nil {
		panic(err)
	}
	if start == update.TookBack {
		fmt.Println("release", own, "is taken back")
		panic(syscall.Exec(program, os.Args, os.Environ())) // returns only when it fails
	}
	if sick == "" {
		if err := p.Good(); err != nil {
			panic(err)
		}
	}
	fmt.Println("release", own, "runs")
}
