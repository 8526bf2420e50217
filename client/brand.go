package client

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"image"
	"image/png"

	"deskhand"
	"deskhand/client/ui"
	"deskhand/wire"
)

// brand makes the windows look as the server's operator wants ("Branding" in docs/protocol.md). What cannot be used is left out: help does not
// depend on it.
func (c *core) brand(h *wire.ServerHello) {
	var b ui.Brand
	if p, err := deskhand.PaletteOf(h.GetColor()); err == nil {
		light, dark := ui.Shades(p.Light), ui.Shades(p.Dark)
		b.Light, b.Dark = &light, &dark
	}
	if err := c.keepLogo(h); err != nil {
		c.log.Warn("the server's logo is not shown", "err", err)
	}
	if c.ui == nil {
		return
	}
	if c.logo != nil {
		b.Logo = c.logo
	}
	if err := c.ui.SetBrand(b); err != nil {
		c.log.Debug("branding the windows", "err", err)
	}
}

// keepLogo takes a new logo, or goes on with the one that the server knows to be here.
func (c *core) keepLogo(h *wire.ServerHello) (err error) {
	has := c.knownLogo()
	if len(h.GetLogo()) == 0 && len(has) > 0 && bytes.Equal(has, h.GetLogoHash()) {
		return nil
	}
	c.logo, has = nil, nil
	if len(h.GetLogo()) > 0 {
		hash := sha256.Sum256(h.GetLogo())
		has = hash[:] // also of one that cannot be used: it would be no better the next time
		if c.ui != nil {
			c.logo, err = decodeLogo(h.GetLogo())
		}
	}
	c.mu.Lock()
	c.logoHash = has
	c.mu.Unlock()
	return err
}

// knownLogo is the SHA-256 of the logo that is here. The signalling asks for it, too.
func (c *core) knownLogo() []byte {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.logoHash
}

// decodeLogo decodes a PNG from the server. Its size is known before anything is reserved for it.
func decodeLogo(file []byte) (image.Image, error) {
	if len(file) > deskhand.MaxClientLogo {
		return nil, fmt.Errorf("a logo of %d bytes", len(file))
	}
	config, err := png.DecodeConfig(bytes.NewReader(file))
	if err != nil {
		return nil, fmt.Errorf("reading the logo's size: %w", err)
	}
	if w, h := config.Width, config.Height; w < 1 || h < 1 || w > deskhand.MaxClientLogoSide || h > deskhand.MaxClientLogoSide {
		return nil, fmt.Errorf("a logo of %d × %d pixels", w, h)
	}
	m, err := png.Decode(bytes.NewReader(file))
	if err != nil {
		return nil, fmt.Errorf("decoding the logo: %w", err)
	}
	return m, nil
}
