//go:build ignore

package main

import (
	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	. "github.com/mmcloughlin/avo/reg"
)

const (
	vectors   = 8   // of 8 pixels each: the pixels of one mask
	maskBytes = 256 // of pixels
	stride    = 512 // bytes between the masks of neighbouring tiles: a tile has 64 of them
)

// main writes mask_amd64.s.
func main() {
	Package("deskhand/client/damage")
	ConstraintExpr("amd64")
	TEXT("maskRowAVX2", NOSPLIT, "func(dst *uint64, a, b *byte, n int)")
	Doc("maskRowAVX2 is maskRow for n whole tiles, at least one, on processors with AVX2.")
	dst := Load(Param("dst"), GP64())
	a := Load(Param("a"), GP64())
	b := Load(Param("b"), GP64())
	n := Load(Param("n"), GP64())
	zero := YMM()
	VPXOR(zero, zero, zero)

	Label("tile")
	var x [vectors]VecVirtual
	for i := range x {
		x[i] = YMM()
		VMOVDQU(Mem{Base: a, Disp: i * 32}, x[i])
		VPXOR(Mem{Base: b, Disp: i * 32}, x[i], x[i])
	}
	any := [4]VecVirtual{YMM(), YMM(), YMM(), YMM()}
	for i := range any {
		VPOR(x[2*i], x[2*i+1], any[i])
	}
	VPOR(any[0], any[1], any[0])
	VPOR(any[2], any[3], any[2])
	VPOR(any[0], any[2], any[0])
	VPSLLD(U8(8), any[0], any[0]) // without the fourth byte
	mask := GP64()
	XORQ(mask, mask)
	VPTEST(any[0], any[0])
	JZ(LabelRef("store"))
	part := GP64()
	for i := vectors - 1; i >= 0; i-- {
		VPSLLD(U8(8), x[i], x[i])
		VPCMPEQD(zero, x[i], x[i])
		VMOVMSKPS(x[i], part.As32())
		SHLQ(U8(8), mask)
		ORQ(part, mask)
	}
	NOTQ(mask)
	Label("store")
	MOVQ(mask, Mem{Base: dst})
	ADDQ(U32(stride), dst)
	ADDQ(U32(maskBytes), a)
	ADDQ(U32(maskBytes), b)
	DECQ(n)
	JNZ(LabelRef("tile"))
	VZEROUPPER()
	RET()
	Generate()
}
