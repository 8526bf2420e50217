package keeper

import "strings"

// environment is what a worker gets of the parent's: how the network is reached, and the language.
func environment(all []string) []string {
	var some []string
	for _, word := range all {
		name, _, _ := strings.Cut(word, "=")
		switch strings.ToUpper(name) {
		case "PATH", "LANG", "LANGUAGE", "TZ", "HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY", "ALL_PROXY", "SSL_CERT_FILE", "SSL_CERT_DIR", "GOCOVERDIR":
			some = append(some, word)
		default:
			if strings.HasPrefix(name, "LC_") {
				some = append(some, word)
			}
		}
	}
	return append(some, "HOME=/nonexistent")
}
