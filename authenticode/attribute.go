package authenticode

import (
	"bytes"
	"encoding/binary"
	"slices"

	"golang.org/x/crypto/cryptobyte"
	"golang.org/x/crypto/cryptobyte/asn1"
)

// codeAttribute is the attribute's object identifier in DER: 2.25.278165471706286891641255380646796071815, one of those that a UUID gives to everybody.
var codeAttribute = cryptobyte.String{0x06, 0x14, 0x69, 0x83, 0xa2, 0xc4, 0xdc, 0xa7, 0x9f, 0xbb, 0xa2, 0x9e, 0x83, 0xb0, 0x87, 0xd3, 0xe3, 0xbc, 0xa8, 0xb8, 0xa7, 0x07}

// What stands in the table of certificates before a signature: its length with this header and what fills it up to 8 bytes, a revision, a kind.
const (
	entryHeader   = 8
	entryRevision = 0x0200
	entryKind     = 0x0002 // PKCS #7 SignedData
)

const (
	tagSigned     = asn1.Tag(0xa0) // [0] in ContentInfo and SignedData
	tagAttributes = asn1.Tag(0xa1) // [1] in SignerInfo
)

// signature is a PKCS #7 SignedData, taken apart as far as its first signer's unauthenticated attributes.
type signature struct {
	contentType []byte   // of the whole
	before      []byte   // in SignedData, what stands before the signers
	signer      []byte   // in SignerInfo, what stands before the attributes
	attributes  [][]byte // each whole
	others      []byte   // signers behind the first
}

// readSignature takes the first signature of a table apart, and gives what follows it in the table.
func readSignature(table []byte) (s signature, rest []byte, err error) {
	if len(table) < entryHeader {
		return s, nil, ErrForeign
	}
	length := int64(binary.LittleEndian.Uint32(table))
	padded := (length + 7) &^ 7
	if binary.LittleEndian.Uint16(table[4:]) != entryRevision || binary.LittleEndian.Uint16(table[6:]) != entryKind || length < entryHeader || padded > int64(len(table)) {
		return s, nil, ErrForeign
	}
	var outer, content, signed, signers, signer, attributes cryptobyte.String
	in := cryptobyte.String(table[entryHeader:length])
	if !in.ReadASN1(&outer, asn1.SEQUENCE) || !zeros(in) ||
		!outer.ReadASN1Element((*cryptobyte.String)(&s.contentType), asn1.OBJECT_IDENTIFIER) || !outer.ReadASN1(&content, tagSigned) || !outer.Empty() ||
		!content.ReadASN1(&signed, asn1.SEQUENCE) || !content.Empty() {
		return s, nil, ErrForeign
	}
	// version, digestAlgorithms, contentInfo, [0] certificates, [1] crls, signerInfos: the last one alone matters here.
	all := signed
	for !signed.Empty() {
		var element cryptobyte.String
		var tag asn1.Tag
		s.before = all[:len(all)-len(signed)]
		if !signed.ReadAnyASN1(&element, &tag) {
			return s, nil, ErrForeign
		}
		if signed.Empty() && tag == asn1.SET {
			signers = element
		}
	}
	if !signers.ReadASN1(&signer, asn1.SEQUENCE) {
		return s, nil, ErrForeign
	}
	s.others, s.signer = signers, signer
	for whole := signer; !signer.Empty(); {
		var tag asn1.Tag
		behind := whole[:len(whole)-len(signer)]
		var element cryptobyte.String
		if !signer.ReadAnyASN1(&element, &tag) {
			return s, nil, ErrForeign
		}
		if signer.Empty() && tag == tagAttributes {
			s.signer, attributes = behind, element
		}
	}
	for !attributes.Empty() {
		var one cryptobyte.String
		if !attributes.ReadASN1Element(&one, asn1.SEQUENCE) {
			return s, nil, ErrForeign
		}
		s.attributes = append(s.attributes, one)
	}
	return s, table[padded:], nil
}

func zeros(b []byte) bool { return len(bytes.TrimLeft(b, "\x00")) == 0 }

// entry puts the signature together again, as an entry of the table.
func (s signature) entry() ([]byte, error) {
	slices.SortFunc(s.attributes, bytes.Compare) // DER orders sets
	var b cryptobyte.Builder
	b.AddASN1(asn1.SEQUENCE, func(b *cryptobyte.Builder) {
		b.AddBytes(s.contentType)
		b.AddASN1(tagSigned, func(b *cryptobyte.Builder) {
			b.AddASN1(asn1.SEQUENCE, func(b *cryptobyte.Builder) {
				b.AddBytes(s.before)
				b.AddASN1(asn1.SET, func(b *cryptobyte.Builder) {
					b.AddASN1(asn1.SEQUENCE, func(b *cryptobyte.Builder) {
						b.AddBytes(s.signer)
						if len(s.attributes) > 0 {
							b.AddASN1(tagAttributes, func(b *cryptobyte.Builder) { b.AddBytes(slices.Concat(s.attributes...)) })
						}
					})
					b.AddBytes(s.others)
				})
			})
		})
	})
	der, err := b.Bytes()
	if err != nil {
		return nil, err
	}
	length := (entryHeader + len(der) + 7) &^ 7
	out := binary.LittleEndian.AppendUint32(make([]byte, 0, length), uint32(length))
	out = binary.LittleEndian.AppendUint16(out, entryRevision)
	out = binary.LittleEndian.AppendUint16(out, entryKind)
	return append(out, der...)[:length], nil
}

// code is what our attribute says; empty: there is none.
func (s signature) code() (string, error) {
	for _, a := range s.attributes {
		value, ours := cutCode(a)
		if !ours {
			continue
		}
		var set, text cryptobyte.String
		if !value.ReadASN1(&set, asn1.SET) || !value.Empty() || !set.ReadASN1(&text, asn1.UTF8String) || !set.Empty() || len(text) > maxBlock {
			return "", ErrForeign
		}
		return string(text), nil
	}
	return "", nil
}

// setCode puts our attribute in, in place of one that is there.
func (s *signature) setCode(code string) error {
	s.attributes = slices.DeleteFunc(s.attributes, func(a []byte) bool { _, ours := cutCode(a); return ours })
	if code == "" {
		return nil
	}
	var b cryptobyte.Builder
	b.AddASN1(asn1.SEQUENCE, func(b *cryptobyte.Builder) {
		b.AddBytes(codeAttribute)
		b.AddASN1(asn1.SET, func(b *cryptobyte.Builder) {
			b.AddASN1(asn1.UTF8String, func(b *cryptobyte.Builder) { b.AddBytes([]byte(code)) })
		})
	})
	a, err := b.Bytes()
	s.attributes = append(s.attributes, a)
	return err
}

// cutCode gives the values of an attribute, when it is ours.
func cutCode(attribute []byte) (values cryptobyte.String, ours bool) {
	in := cryptobyte.String(attribute)
	var body, id cryptobyte.String
	ok := in.ReadASN1(&body, asn1.SEQUENCE) && body.ReadASN1Element(&id, asn1.OBJECT_IDENTIFIER) && bytes.Equal(id, codeAttribute)
	return body, ok
}
