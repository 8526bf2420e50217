package server

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/base64"
	"encoding/hex"
	"encoding/pem"
	"errors"
	"fmt"
	"io/fs"
	"math/big"
	"net"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"github.com/caddyserver/certmagic"
	"go.uber.org/zap"

	"deskhand"
)

// certificates is the server's TLS, and what clients are told to pin.
type certificates struct {
	config      *tls.Config // nil: plain
	fingerprint string      // self-signed: SHA-256 of the certificate, hex
	key         string      // self-signed: SHA-256 of its public key, base64
	manage      func(context.Context) error
	stop        func()
}

// openTLS prepares what --tls asks for.
func openTLS(c *Config, public *url.URL) (*certificates, error) {
	none := &certificates{manage: func(context.Context) error { return nil }, stop: func() {}}
	switch {
	case c.TLS == tlsOff:
		return none, nil
	case c.TLS == tlsAuto:
		return automatic(c, public)
	case c.TLS == tlsSelfSigned:
		return selfSigned(c, public)
	}
	certFile, keyFile, ok := strings.Cut(c.TLS, ",")
	if !ok {
		return nil, &deskhand.Error{
			Code: deskhand.CodeInvalid, Field: "tls", Fault: fmt.Sprintf("--tls %s is not known.", c.TLS),
			Hint: "Use auto, self-signed, off, or the files of a certificate and its key: --tls cert.pem,key.pem.",
		}
	}
	files := &pair{certFile: certFile, keyFile: keyFile}
	if _, err := files.get(nil); err != nil {
		return nil, &deskhand.Error{
			Code: deskhand.CodeInvalid, Field: "tls", Fault: "The certificate cannot be read.", Hint: "Check both files of --tls.", Err: err,
		}
	}
	none.config = &tls.Config{GetCertificate: files.get, MinVersion: tls.VersionTLS12}
	return none, nil
}

// pair is a certificate and its key in files; they are read again when they have changed.
type pair struct {
	certFile, keyFile string

	mu     sync.Mutex
	loaded *tls.Certificate // guarded by mu
	times  [2]time.Time     // guarded by mu: of the files that are loaded
	looked time.Time        // guarded by mu
}

// reloadEvery is how often the files are looked at, by a handshake.
const reloadEvery = 10 * time.Second

func (p *pair) get(*tls.ClientHelloInfo) (*tls.Certificate, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.loaded != nil && time.Since(p.looked) < reloadEvery {
		return p.loaded, nil
	}
	p.looked = time.Now()
	var times [2]time.Time
	for i, file := range []string{p.certFile, p.keyFile} {
		info, err := os.Stat(file)
		if err != nil {
			return p.loaded, p.keep(err)
		}
		times[i] = info.ModTime()
	}
	if p.loaded != nil && times == p.times {
		return p.loaded, nil
	}
	cert, err := tls.LoadX509KeyPair(p.certFile, p.keyFile)
	if err != nil {
		return p.loaded, p.keep(err) // perhaps one file of two is written
	}
	p.loaded, p.times = &cert, times
	return p.loaded, nil
}

// keep is nil while an older certificate serves.
func (p *pair) keep(err error) error {
	if p.loaded != nil {
		return nil
	}
	return fmt.Errorf("reading the certificate: %w", err)
}

// automatic gets a certificate from Let's Encrypt, whose terms of service --tls auto accepts. The challenge comes over TLS on port 443, so
// the public URL must lead to this program there.
func automatic(c *Config, public *url.URL) (*certificates, error) {
	if deskhand.IsLoopbackHost(public.Hostname()) || net.ParseIP(public.Hostname()) != nil {
		return nil, &deskhand.Error{
			Code: deskhand.CodeInvalid, Field: "tls", Fault: "--tls auto needs a public host name.",
			Hint: "Set --public-url https://support.example.com, with a name that leads to this server; on a local network use --tls self-signed.",
		}
	}
	var magic *certmagic.Config
	cache := certmagic.NewCache(certmagic.CacheOptions{
		GetConfigForCert: func(certmagic.Certificate) (*certmagic.Config, error) { return magic, nil },
		Logger:           zap.NewNop(),
	})
	magic = certmagic.New(cache, certmagic.Config{Storage: &certmagic.FileStorage{Path: filepath.Join(c.Data, "acme")}, Logger: zap.NewNop()})
	magic.OnEvent = func(ctx context.Context, event string, data map[string]any) error {
		switch event {
		case "cert_obtained":
			c.Log.InfoContext(ctx, "certificate obtained", "host", data["identifier"])
		case "cert_failed":
			c.Log.ErrorContext(ctx, "no certificate could be obtained; does the name lead to this server on port 443?", "host", data["identifier"], "err", data["error"])
		}
		return nil
	}
	magic.Issuers = []certmagic.Issuer{certmagic.NewACMEIssuer(magic, certmagic.ACMEIssuer{
		CA: certmagic.LetsEncryptProductionCA, Agreed: true, DisableHTTPChallenge: true, Logger: zap.NewNop(),
	})}
	config := magic.TLSConfig()
	config.NextProtos = append([]string{"h2", "http/1.1"}, config.NextProtos...)
	return &certificates{
		config: config, stop: cache.Stop,
		manage: func(ctx context.Context) error { return magic.ManageAsync(ctx, []string{public.Hostname()}) },
	}, nil
}

const selfSignedLife = 10 * 365 * 24 * time.Hour

// selfSigned is a certificate of our own, made once and kept in the data directory: clients pin it.
func selfSigned(c *Config, public *url.URL) (*certificates, error) {
	dir := filepath.Join(c.Data, "tls")
	cert, err := tls.LoadX509KeyPair(filepath.Join(dir, "cert.pem"), filepath.Join(dir, "key.pem"))
	if errors.Is(err, fs.ErrNotExist) {
		if err := makeSelfSigned(dir, public.Hostname(), c.Now()); err != nil {
			return nil, fmt.Errorf("making a certificate: %w", err)
		}
		cert, err = tls.LoadX509KeyPair(filepath.Join(dir, "cert.pem"), filepath.Join(dir, "key.pem"))
	}
	if err != nil {
		return nil, fmt.Errorf("reading the certificate in %s: %w", dir, err)
	}
	if cert.Leaf.VerifyHostname(public.Hostname()) != nil {
		return nil, &deskhand.Error{
			Code: deskhand.CodeConflict, Field: "public-url",
			Fault: fmt.Sprintf("The certificate in %s is for another host than %s.", dir, public.Hostname()),
			Hint:  "Use the old --public-url; or remove that directory to make a new certificate, which clients that know the old one refuse.",
		}
	}
	sum, key := sha256.Sum256(cert.Certificate[0]), sha256.Sum256(cert.Leaf.RawSubjectPublicKeyInfo)
	return &certificates{
		config:      &tls.Config{Certificates: []tls.Certificate{cert}, MinVersion: tls.VersionTLS12},
		fingerprint: hex.EncodeToString(sum[:]), key: base64.StdEncoding.EncodeToString(key[:]),
		manage: func(context.Context) error { return nil }, stop: func() {},
	}, nil
}

func makeSelfSigned(dir, host string, now time.Time) error {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return err
	}
	serial, err := rand.Int(rand.Reader, new(big.Int).Lsh(big.NewInt(1), 127))
	if err != nil {
		return err
	}
	t := &x509.Certificate{
		SerialNumber: serial, Subject: pkix.Name{CommonName: host, Organization: []string{"Deskhand"}},
		NotBefore: now.Add(-time.Hour), NotAfter: now.Add(selfSignedLife), KeyUsage: x509.KeyUsageDigitalSignature,
		ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth}, BasicConstraintsValid: true,
	}
	if ip := net.ParseIP(host); ip != nil {
		t.IPAddresses = []net.IP{ip}
	} else {
		t.DNSNames = []string{host}
	}
	der, err := x509.CreateCertificate(rand.Reader, t, t, key.Public(), key)
	if err != nil {
		return err
	}
	secret, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	if err := os.WriteFile(filepath.Join(dir, "key.pem"), pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: secret}), 0o600); err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(dir, "cert.pem"), pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}), 0o644)
}

// spoken is a fingerprint as people compare it: pairs of digits.
func spoken(fingerprint string) string {
	var b strings.Builder
	for i := 0; i+2 <= len(fingerprint); i += 2 {
		if i > 0 {
			b.WriteByte(':')
		}
		b.WriteString(strings.ToUpper(fingerprint[i : i+2]))
	}
	return b.String()
}
