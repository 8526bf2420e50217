package auth

import (
	"testing"
	"time"
)

// The vectors of RFC 6238, appendix B, for SHA-1; of their eight digits an app shows the last six.
func TestTOTPVectors(t *testing.T) {
	secret := []byte("12345678901234567890")
	for second, code := range map[int64]string{
		59: "94287082", 1111111109: "07081804", 1111111111: "14050471", 1234567890: "89005924", 2000000000: "69279037", 20000000000: "65353130",
	} {
		if got := totpAt(secret, second/30); got != code[2:] {
			t.Errorf("at %d: %s, want %s", second, got, code[2:])
		}
	}
}

func TestTOTPTakesNeighbours(t *testing.T) {
	secret, now := []byte("12345678901234567890"), time.Unix(1234567890, 0)
	middle := now.Unix() / 30
	for step := int64(-3); step <= 3; step++ {
		counter, ok := matchTOTP(secret, totpAt(secret, middle+step), now)
		if near := step >= -1 && step <= 1; ok != near || ok && counter != middle+step {
			t.Errorf("%d steps off: %v, counter %d", step, ok, counter)
		}
	}
	if _, ok := matchTOTP(secret, "005 924", now); !ok {
		t.Error("a blank within the code")
	}
	for _, bad := range []string{"", "00592", "0059240", "-05924", "٠٠٥٩٢٤"} {
		if _, ok := matchTOTP(secret, bad, now); ok {
			t.Errorf("%q was taken", bad)
		}
	}
}

func TestTOTPURI(t *testing.T) {
	got := totpURI("Trotters & Sons", "rodney", []byte("12345678901234567890"))
	want := "otpauth://totp/Trotters%20%26%20Sons:rodney?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=Trotters%20%26%20Sons&algorithm=SHA1&digits=6&period=30"
	if got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}
