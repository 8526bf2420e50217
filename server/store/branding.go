package store

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"

	"deskhand"
)

// Names of the settings of the branding, besides the company.
const (
	settingColor        = "branding color"
	settingConsentWords = "branding consent words"
	settingLogo         = "branding logo"
	settingLogoHash     = "branding logo hash"
)

// Branding is how the product shows whose support it is.
func (s *Store) Branding(ctx context.Context) (b deskhand.Branding, err error) {
	err = s.read(ctx, func(t *tx) error {
		for name, to := range map[string]*string{
			settingCompany: &b.Company, settingColor: &b.Color, settingConsentWords: &b.ConsentWords, settingLogoHash: &b.Logo,
		} {
			value, err := t.setting(name)
			if err != nil {
				return err
			}
			*to = string(value)
		}
		return nil
	})
	if err != nil {
		err = fmt.Errorf("reading the branding: %w", err)
	}
	return b, err
}

// SetBranding changes the company, the colour and the words of the consent; the logo stays. Errors: CodeInvalid.
func (s *Store) SetBranding(ctx context.Context, actor deskhand.Actor, b deskhand.Branding) error {
	if b.Color != "" {
		if _, err := deskhand.PaletteOf(b.Color); err != nil {
			return err
		}
	}
	b.Company, b.ConsentWords = deskhand.CleanText(b.Company, deskhand.MaxCompany), deskhand.CleanText(b.ConsentWords, deskhand.MaxConsentWords)
	return s.write(ctx, actor, func(t *tx) error {
		for name, value := range map[string]string{settingCompany: b.Company, settingColor: b.Color, settingConsentWords: b.ConsentWords} {
			if err := t.put(name, []byte(value)); err != nil {
				return err
			}
		}
		t.audit("settings.branding", "", "company", b.Company, "color", b.Color, "consent words", b.ConsentWords)
		t.changed(deskhand.TopicSettings, "", "branding")
		return nil
	})
}

// Logo is the picture as PNG; CodeNotFound when there is none.
func (s *Store) Logo(ctx context.Context) (picture []byte, err error) {
	err = s.read(ctx, func(t *tx) error { picture, err = t.setting(settingLogo); return err })
	if err == nil && len(picture) == 0 {
		err = deskhand.Errorf(deskhand.CodeNotFound, "There is no logo.")
	}
	return picture, err
}

// SetLogo keeps a picture, which is PNG; an empty one removes it.
func (s *Store) SetLogo(ctx context.Context, actor deskhand.Actor, picture []byte) error {
	hash := ""
	if len(picture) > 0 {
		h := sha256.Sum256(picture)
		hash = hex.EncodeToString(h[:])
	}
	return s.write(ctx, actor, func(t *tx) error {
		if picture == nil {
			picture = []byte{} // the column takes no NULL
		}
		if err := t.put(settingLogo, picture); err != nil {
			return err
		}
		if err := t.put(settingLogoHash, []byte(hash)); err != nil {
			return err
		}
		t.audit("settings.logo", "", "SHA-256", hash)
		t.changed(deskhand.TopicSettings, "", "branding")
		return nil
	})
}

// setting is a setting's value; empty when it was never set.
func (t *tx) setting(name string) (value []byte, err error) {
	err = t.row("SELECT value FROM setting WHERE name = $1", name).Scan(&value)
	if none(err) {
		err = nil
	}
	return value, err
}
