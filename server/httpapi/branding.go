package httpapi

import (
	"context"
	"net/http"

	"deskhand"
)

// Brandings keeps how the product shows whose support it is.
type Brandings interface {
	Branding(ctx context.Context) (deskhand.Branding, error)
	// SetBranding changes all but the logo.
	SetBranding(ctx context.Context, by deskhand.Actor, b deskhand.Branding) error
	// Logo is the picture as PNG; CodeNotFound when there is none.
	Logo(ctx context.Context) ([]byte, error)
	// SetLogo takes a picture as it was sent; an empty one removes the logo. CodeInvalid when it cannot be used.
	SetLogo(ctx context.Context, by deskhand.Actor, file []byte) error
}

// logoPath is where everybody gets the logo; its hash follows, so that it may be kept.
const logoPath = "/api/welcome/logo.png"

// Branding is what the operator chose.
type Branding struct {
	Company      string            `json:"company"`
	Color        string            `json:"color" doc:"#rrggbb; empty: the product's own."`
	ConsentWords string            `json:"consentWords" doc:"A line in the question to the end-user."`
	Logo         string            `json:"logo" doc:"Path of the picture; empty: there is none."`
	Palette      *deskhand.Palette `json:"palette,omitempty" doc:"What follows from the colour."`
}

// BrandingChange is what changes; nil leaves a field as it is.
type BrandingChange struct {
	Company      *string `json:"company,omitempty" maxLength:"80"`
	Color        *string `json:"color,omitempty" pattern:"^(#[0-9a-f]{6})?$" patternDescription:"a colour like #0b6b85"`
	ConsentWords *string `json:"consentWords,omitempty" maxLength:"200"`
}

func brandingOf(b deskhand.Branding) (Branding, error) {
	out := Branding{Company: b.Company, Color: b.Color, ConsentWords: b.ConsentWords}
	if b.Logo != "" {
		out.Logo = logoPath + "?v=" + b.Logo[:16]
	}
	if b.Color != "" {
		p, err := deskhand.PaletteOf(b.Color)
		if err != nil {
			return out, err
		}
		out.Palette = &p
	}
	return out, nil
}

type brandingOutput struct{ Body Branding }

func (a *API) branding(ctx context.Context) (*brandingOutput, error) {
	b, err := a.Brandings.Branding(ctx)
	if err != nil {
		return nil, err
	}
	body, err := brandingOf(b)
	return &brandingOutput{Body: body}, err
}

func (a *API) brandingRoutes() {
	add(a, route{AccessMay(deskhand.MayManageSettings), http.MethodGet, "/api/branding", "get-branding", "Branding", "Company, colour, logo and words of the consent", 0, nil},
		func(ctx context.Context, _ *struct{}) (*brandingOutput, error) { return a.branding(ctx) })

	type changeInput struct{ Body BrandingChange }
	add(a, route{AccessMay(deskhand.MayManageSettings), http.MethodPatch, "/api/branding", "change-branding", "Branding", "Change the branding", 0, nil},
		func(ctx context.Context, in *changeInput) (*brandingOutput, error) {
			b, err := a.Brandings.Branding(ctx)
			if err != nil {
				return nil, err
			}
			for to, from := range map[*string]*string{&b.Company: in.Body.Company, &b.Color: in.Body.Color, &b.ConsentWords: in.Body.ConsentWords} {
				if from != nil {
					*to = *from
				}
			}
			if err := a.Brandings.SetBranding(ctx, callerOf(ctx).Actor, b); err != nil {
				return nil, err
			}
			return a.branding(ctx)
		})

	type logoInput struct {
		RawBody []byte `contentType:"application/octet-stream"`
	}
	addLarge(a, deskhand.MaxLogo+1, route{
		AccessMay(deskhand.MayManageSettings), http.MethodPut, "/api/branding/logo", "set-logo", "Branding", "Set the logo: a PNG, JPEG or WebP file as the body", 0, []int{413},
	}, func(ctx context.Context, in *logoInput) (*brandingOutput, error) {
		if len(in.RawBody) == 0 {
			return nil, &deskhand.Error{Code: deskhand.CodeInvalid, Field: "logo", Fault: "The file is empty.", Hint: "Choose a picture."}
		}
		if err := a.Brandings.SetLogo(ctx, callerOf(ctx).Actor, in.RawBody); err != nil {
			return nil, err
		}
		return a.branding(ctx)
	})
	add(a, route{AccessMay(deskhand.MayManageSettings), http.MethodDelete, "/api/branding/logo", "remove-logo", "Branding", "Remove the logo", 0, nil},
		func(ctx context.Context, _ *struct{}) (*struct{}, error) {
			return nil, a.Brandings.SetLogo(ctx, callerOf(ctx).Actor, nil)
		})

	type paletteInput struct {
		Color string `query:"color" required:"true" pattern:"^#[0-9a-f]{6}$" patternDescription:"a colour like #0b6b85"`
	}
	type paletteOutput struct{ Body deskhand.Palette }
	add(a, route{AccessMay(deskhand.MayManageSettings), http.MethodGet, "/api/branding/palette", "get-palette", "Branding", "What follows from a colour, to look at before it is saved", 0, nil},
		func(_ context.Context, in *paletteInput) (*paletteOutput, error) {
			p, err := deskhand.PaletteOf(in.Color)
			return &paletteOutput{Body: p}, err
		})

	a.handle(http.MethodGet, logoPath, a.logo)
}

// logo is the picture, for the pages of everybody.
func (a *API) logo(w http.ResponseWriter, r *http.Request) {
	b, err := a.Brandings.Branding(r.Context())
	var picture []byte
	if err == nil {
		picture, err = a.Brandings.Logo(r.Context())
	}
	if err != nil {
		a.Fault(w, r, err)
		return
	}
	if v := r.URL.Query().Get("v"); v != "" && len(b.Logo) >= 16 && v == b.Logo[:16] {
		w.Header().Set("Cache-Control", "public, max-age=31536000, immutable")
	}
	w.Header().Set("Content-Type", "image/png")
	w.Header().Set("X-Content-Type-Options", "nosniff")
	_, _ = w.Write(picture)
}
