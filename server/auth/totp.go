package auth

import (
	"crypto/hmac"
	"crypto/sha1" // RFC 6238's default, which every authenticator app has
	"crypto/subtle"
	"encoding/base32"
	"encoding/binary"
	"fmt"
	"net/url"
	"strings"
	"time"
)

// Codes of an authenticator app after RFC 6238: six digits, a new one every 30 seconds, HMAC-SHA-1.
const (
	totpStep   = 30 * time.Second
	totpDigits = 1_000_000
	totpSecret = 20 // bytes
	totpSkew   = 1  // steps that the app's clock may be ahead or behind
)

// totpAt is the code of a counter.
func totpAt(secret []byte, counter int64) string {
	mac := hmac.New(sha1.New, secret)
	mac.Write(binary.BigEndian.AppendUint64(nil, uint64(counter)))
	sum := mac.Sum(nil)
	at := sum[len(sum)-1] & 0xf
	return fmt.Sprintf("%06d", binary.BigEndian.Uint32(sum[at:])&0x7fffffff%totpDigits)
}

// matchTOTP finds the counter whose code this is; the most recent of those around now.
func matchTOTP(secret []byte, code string, now time.Time) (counter int64, ok bool) {
	code = strings.Map(func(r rune) rune {
		if r == ' ' || r == '-' || r == '\u00a0' {
			return -1
		}
		return r
	}, code)
	middle := now.Unix() / int64(totpStep/time.Second)
	for c := middle - totpSkew; c <= middle+totpSkew; c++ {
		if subtle.ConstantTimeCompare([]byte(totpAt(secret, c)), []byte(code)) == 1 {
			counter, ok = c, true
		}
	}
	return counter, ok
}

// totpText is a secret as people type it into an app.
func totpText(secret []byte) string {
	return base32.StdEncoding.WithPadding(base32.NoPadding).EncodeToString(secret)
}

// totpURI is what a QR code holds for an app.
func totpURI(issuer, account string, secret []byte) string {
	// Blanks as %20: some apps show a plus as it is.
	escape := func(s string) string { return strings.ReplaceAll(url.QueryEscape(s), "+", "%20") }
	return "otpauth://totp/" + escape(issuer) + ":" + escape(account) +
		"?secret=" + totpText(secret) + "&issuer=" + escape(issuer) + "&algorithm=SHA1&digits=6&period=30"
}
