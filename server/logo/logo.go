// Package logo takes an operator's picture in and makes a PNG of our own from it: nothing of the file that was sent is passed on.
package logo

import (
	"bytes"
	"fmt"
	"image"
	_ "image/jpeg" // the kinds that are taken
	"image/png"

	_ "golang.org/x/image/webp"

	"deskhand"
)

// PNG decodes a PNG, JPEG or WebP picture and encodes it again. Errors: CodeInvalid with what is wrong with it.
func PNG(file []byte) ([]byte, error) {
	if len(file) > deskhand.MaxLogo {
		return nil, fault(fmt.Sprintf("The picture has %d kB.", len(file)>>10), fmt.Sprintf("Use one of at most %d kB.", deskhand.MaxLogo>>10))
	}
	config, _, err := image.DecodeConfig(bytes.NewReader(file)) // the size is known before anything is reserved for it
	if err != nil {
		return nil, fault("This is not a picture that can be used.", "Use a PNG, JPEG or WebP file.")
	}
	if config.Width > deskhand.MaxLogoSide || config.Height > deskhand.MaxLogoSide || config.Width < 1 || config.Height < 1 {
		return nil, fault(fmt.Sprintf("The picture is %d × %d pixels.", config.Width, config.Height),
			fmt.Sprintf("Use one of at most %d × %[1]d pixels.", deskhand.MaxLogoSide))
	}
	picture, _, err := image.Decode(bytes.NewReader(file))
	if err != nil {
		return nil, fault("The picture is damaged.", "Save it anew as PNG, JPEG or WebP.")
	}
	var b bytes.Buffer
	encoder := png.Encoder{CompressionLevel: png.BestCompression}
	if err := encoder.Encode(&b, picture); err != nil {
		return nil, fmt.Errorf("encoding the logo: %w", err)
	}
	if b.Len() > 4*deskhand.MaxLogo {
		return nil, fault("The picture has too much detail for a logo.", "Use a smaller one.")
	}
	return b.Bytes(), nil
}

func fault(what, hint string) error {
	return &deskhand.Error{Code: deskhand.CodeInvalid, Field: "logo", Fault: what, Hint: hint}
}
