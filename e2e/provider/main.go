// Command provider is an OpenID provider for the browser's tests: three accounts, whose secret is their name.
package main

import (
	"fmt"
	"net/http"
	"os"
	"time"

	"deskhand/server/signon/signontest"
)

func main() {
	p, listener, err := signontest.Listen("127.0.0.1:0", os.Args[1],
		signontest.Account{Subject: "1001", UserName: "rodney", Name: "Rodney Example", Email: "rodney@example.com", EmailVerified: true},
		signontest.Account{Subject: "1002", UserName: "stranger", Name: "A. Stranger", Email: "stranger@example.com", EmailVerified: true},
		signontest.Account{Subject: "1003", UserName: "newcomer", Name: "Nia Newcomer", Email: "nia@example.com", EmailVerified: true},
	)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	fmt.Println("ready", p.Issuer)
	server := &http.Server{Handler: p, ReadHeaderTimeout: time.Minute}
	fmt.Fprintln(os.Stderr, server.Serve(listener))
}
