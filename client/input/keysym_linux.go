package input

import "unicode/utf8"

// Keysyms are the X server's names for what a key makes: a character or a function. Characters have three forms: Latin-1 is its own
// keysym, the sets that X knew before Unicode have numbers of their own, and everything else is 0x01000000 plus the code point.

const unicodeKeysym = 0x01000000

// keysymOf returns the keysym of a character: the old one where there is one, since every program knows those.
func keysymOf(r rune) uint32 {
	if r < 0x100 {
		return uint32(r)
	}
	if s, ok := oldKeysyms[r]; ok {
		return s
	}
	return unicodeKeysym + uint32(r)
}

// runeOf returns the character of a keysym, -1 when it is no character. Keypad keysyms are none: what they make depends on Num Lock.
func runeOf(sym uint32) rune {
	switch {
	case sym >= 0x20 && sym < 0x7f, sym >= 0xa0 && sym < 0x100:
		return rune(sym)
	case sym >= unicodeKeysym && sym <= unicodeKeysym+utf8.MaxRune:
		return rune(sym - unicodeKeysym)
	}
	if r, ok := oldRunes[sym]; ok {
		return r
	}
	return -1
}

var oldRunes, oldKeysyms = func() (map[uint32]rune, map[rune]uint32) {
	runes, syms := map[uint32]rune{}, map[rune]uint32{}
	for _, run := range oldSets {
		sym := run.first
		for _, r := range run.runes {
			runes[sym], syms[r] = r, sym
			sym++
		}
	}
	return runes, syms
}()

// oldSets are the keysyms older than Unicode, as runs of consecutive numbers. Source: the X Window System Protocol, appendix A, and
// keysymdef.h of xorgproto; those that have exactly one character there.
var oldSets = []struct {
	first uint32
	runes string
}{
	{0x01a1, "\u0104\u02d8\u0141"},
	{0x01a5, "\u013d\u015a"},
	{0x01a9, "\u0160\u015e\u0164\u0179"},
	{0x01ae, "\u017d\u017b"},
	{0x01b1, "\u0105\u02db\u0142"},
	{0x01b5, "\u013e\u015b\u02c7"},
	{0x01b9, "\u0161\u015f\u0165\u017a\u02dd\u017e\u017c\u0154"},
	{0x01c3, "\u0102"},
	{0x01c5, "\u0139\u0106"},
	{0x01c8, "\u010c"},
	{0x01ca, "\u0118"},
	{0x01cc, "\u011a"},
	{0x01cf, "\u010e\u0110\u0143\u0147"},
	{0x01d5, "\u0150"},
	{0x01d8, "\u0158\u016e"},
	{0x01db, "\u0170"},
	{0x01de, "\u0162"},
	{0x01e0, "\u0155"},
	{0x01e3, "\u0103"},
	{0x01e5, "\u013a\u0107"},
	{0x01e8, "\u010d"},
	{0x01ea, "\u0119"},
	{0x01ec, "\u011b"},
	{0x01ef, "\u010f\u0111\u0144\u0148"},
	{0x01f5, "\u0151"},
	{0x01f8, "\u0159\u016f"},
	{0x01fb, "\u0171"},
	{0x01fe, "\u0163\u02d9"},
	{0x02a1, "\u0126"},
	{0x02a6, "\u0124"},
	{0x02a9, "\u0130"},
	{0x02ab, "\u011e\u0134"},
	{0x02b1, "\u0127"},
	{0x02b6, "\u0125"},
	{0x02b9, "\u0131"},
	{0x02bb, "\u011f\u0135"},
	{0x02c5, "\u010a\u0108"},
	{0x02d5, "\u0120"},
	{0x02d8, "\u011c"},
	{0x02dd, "\u016c\u015c"},
	{0x02e5, "\u010b\u0109"},
	{0x02f5, "\u0121"},
	{0x02f8, "\u011d"},
	{0x02fd, "\u016d\u015d"},
	{0x03a2, "\u0138\u0156"},
	{0x03a5, "\u0128\u013b"},
	{0x03aa, "\u0112\u0122\u0166"},
	{0x03b3, "\u0157"},
	{0x03b5, "\u0129\u013c"},
	{0x03ba, "\u0113\u0123\u0167\u014a"},
	{0x03bf, "\u014b\u0100"},
	{0x03c7, "\u012e"},
	{0x03cc, "\u0116"},
	{0x03cf, "\u012a"},
	{0x03d1, "\u0145\u014c\u0136"},
	{0x03d9, "\u0172"},
	{0x03dd, "\u0168\u016a"},
	{0x03e0, "\u0101"},
	{0x03e7, "\u012f"},
	{0x03ec, "\u0117"},
	{0x03ef, "\u012b"},
	{0x03f1, "\u0146\u014d\u0137"},
	{0x03f9, "\u0173"},
	{0x03fd, "\u0169\u016b"},
	{0x047e, "\u203e"},
	{0x04a1, "\u3002\u300c\u300d\u3001\u30fb\u30f2\u30a1\u30a3\u30a5\u30a7\u30a9\u30e3\u30e5\u30e7\u30c3\u30fc\u30a2\u30a4\u30a6\u30a8"},
	{0x04b5, "\u30aa\u30ab\u30ad\u30af\u30b1\u30b3\u30b5\u30b7\u30b9\u30bb\u30bd\u30bf\u30c1\u30c4\u30c6\u30c8\u30ca\u30cb\u30cc\u30cd"},
	{0x04c9, "\u30ce\u30cf\u30d2\u30d5\u30d8\u30db\u30de\u30df\u30e0\u30e1\u30e2\u30e4\u30e6\u30e8\u30e9\u30ea\u30eb\u30ec\u30ed\u30ef"},
	{0x04dd, "\u30f3\u309b\u309c"},
	{0x05ac, "\u060c"},
	{0x05bb, "\u061b"},
	{0x05bf, "\u061f"},
	{0x05c1, "\u0621\u0622\u0623\u0624\u0625\u0626\u0627\u0628\u0629\u062a\u062b\u062c\u062d\u062e\u062f\u0630\u0631\u0632\u0633\u0634"},
	{0x05d5, "\u0635\u0636\u0637\u0638\u0639\u063a"},
	{0x05e0, "\u0640\u0641\u0642\u0643\u0644\u0645\u0646\u0647\u0648\u0649\u064a\u064b\u064c\u064d\u064e\u064f\u0650\u0651\u0652"},
	{0x06a1, "\u0452\u0453\u0451\u0454\u0455\u0456\u0457\u0458\u0459\u045a\u045b\u045c\u0491\u045e\u045f\u2116\u0402\u0403\u0401\u0404"},
	{0x06b5, "\u0405\u0406\u0407\u0408\u0409\u040a\u040b\u040c\u0490\u040e\u040f\u044e\u0430\u0431\u0446\u0434\u0435\u0444\u0433\u0445"},
	{0x06c9, "\u0438\u0439\u043a\u043b\u043c\u043d\u043e\u043f\u044f\u0440\u0441\u0442\u0443\u0436\u0432\u044c\u044b\u0437\u0448\u044d"},
	{0x06dd, "\u0449\u0447\u044a\u042e\u0410\u0411\u0426\u0414\u0415\u0424\u0413\u0425\u0418\u0419\u041a\u041b\u041c\u041d\u041e\u041f"},
	{0x06f1, "\u042f\u0420\u0421\u0422\u0423\u0416\u0412\u042c\u042b\u0417\u0428\u042d\u0429\u0427\u042a"},
	{0x07a1, "\u0386\u0388\u0389\u038a\u03aa"},
	{0x07a7, "\u038c\u038e\u03ab"},
	{0x07ab, "\u038f"},
	{0x07ae, "\u0385\u2015"},
	{0x07b1, "\u03ac\u03ad\u03ae\u03af\u03ca\u0390\u03cc\u03cd\u03cb\u03b0\u03ce"},
	{0x07c1, "\u0391\u0392\u0393\u0394\u0395\u0396\u0397\u0398\u0399\u039a\u039b\u039c\u039d\u039e\u039f\u03a0\u03a1\u03a3"},
	{0x07d4, "\u03a4\u03a5\u03a6\u03a7\u03a8\u03a9"},
	{0x07e1, "\u03b1\u03b2\u03b3\u03b4\u03b5\u03b6\u03b7\u03b8\u03b9\u03ba\u03bb\u03bc\u03bd\u03be\u03bf\u03c0\u03c1\u03c3\u03c2\u03c4"},
	{0x07f5, "\u03c5\u03c6\u03c7\u03c8\u03c9"},
	{0x08a1, "\u23b7"},
	{0x08a4, "\u2320\u2321"},
	{0x08a7, "\u23a1\u23a3\u23a4\u23a6\u239b\u239d\u239e\u23a0\u23a8\u23ac"},
	{0x08bc, "\u2264\u2260\u2265\u222b\u2234\u221d\u221e"},
	{0x08c5, "\u2207"},
	{0x08c8, "\u223c\u2243"},
	{0x08cd, "\u21d4\u21d2\u2261"},
	{0x08d6, "\u221a"},
	{0x08da, "\u2282\u2283\u2229\u222a\u2227\u2228"},
	{0x08ef, "\u2202"},
	{0x08f6, "\u0192"},
	{0x08fb, "\u2190\u2191\u2192\u2193"},
	{0x09e0, "\u25c6\u2592\u2409\u240c\u240d\u240a"},
	{0x09e8, "\u2424\u240b\u2518\u2510\u250c\u2514\u253c\u23ba\u23bb\u2500\u23bc\u23bd\u251c\u2524\u2534\u252c\u2502"},
	{0x0aa1, "\u2003\u2002\u2004\u2005\u2007\u2008\u2009\u200a\u2014\u2013"},
	{0x0aae, "\u2026\u2025\u2153\u2154\u2155\u2156\u2157\u2158\u2159\u215a\u2105"},
	{0x0abb, "\u2012"},
	{0x0ac3, "\u215b\u215c\u215d\u215e"},
	{0x0ac9, "\u2122"},
	{0x0ad0, "\u2018\u2019\u201c\u201d\u211e\u2030\u2032\u2033"},
	{0x0ad9, "\u271d"},
	{0x0aec, "\u2663\u2666\u2665"},
	{0x0af0, "\u2720\u2020\u2021\u2713\u2717\u266f\u266d\u2642\u2640\u260e\u2315\u2117\u2038\u201a\u201e"},
	{0x0bc2, "\u22a4"},
	{0x0bc4, "\u230a"},
	{0x0bca, "\u2218"},
	{0x0bcc, "\u2395"},
	{0x0bce, "\u22a5\u25cb"},
	{0x0bd3, "\u2308"},
	{0x0bdc, "\u22a3"},
	{0x0bfc, "\u22a2"},
	{0x0cdf, "\u2017\u05d0\u05d1\u05d2\u05d3\u05d4\u05d5\u05d6\u05d7\u05d8\u05d9\u05da\u05db\u05dc\u05dd\u05de\u05df\u05e0\u05e1\u05e2"},
	{0x0cf3, "\u05e3\u05e4\u05e5\u05e6\u05e7\u05e8\u05e9\u05ea"},
	{0x0da1, "\u0e01\u0e02\u0e03\u0e04\u0e05\u0e06\u0e07\u0e08\u0e09\u0e0a\u0e0b\u0e0c\u0e0d\u0e0e\u0e0f\u0e10\u0e11\u0e12\u0e13\u0e14"},
	{0x0db5, "\u0e15\u0e16\u0e17\u0e18\u0e19\u0e1a\u0e1b\u0e1c\u0e1d\u0e1e\u0e1f\u0e20\u0e21\u0e22\u0e23\u0e24\u0e25\u0e26\u0e27\u0e28"},
	{0x0dc9, "\u0e29\u0e2a\u0e2b\u0e2c\u0e2d\u0e2e\u0e2f\u0e30\u0e31\u0e32\u0e33\u0e34\u0e35\u0e36\u0e37\u0e38\u0e39\u0e3a"},
	{0x0ddf, "\u0e3f\u0e40\u0e41\u0e42\u0e43\u0e44\u0e45\u0e46\u0e47\u0e48\u0e49\u0e4a\u0e4b\u0e4c\u0e4d"},
	{0x0df0, "\u0e50\u0e51\u0e52\u0e53\u0e54\u0e55\u0e56\u0e57\u0e58\u0e59"},
	{0x0ea1, "\u3131\u3132\u3133\u3134\u3135\u3136\u3137\u3138\u3139\u313a\u313b\u313c\u313d\u313e\u313f\u3140\u3141\u3142\u3143\u3144"},
	{0x0eb5, "\u3145\u3146\u3147\u3148\u3149\u314a\u314b\u314c\u314d\u314e\u314f\u3150\u3151\u3152\u3153\u3154\u3155\u3156\u3157\u3158"},
	{0x0ec9, "\u3159\u315a\u315b\u315c\u315d\u315e\u315f\u3160\u3161\u3162\u3163\u11a8\u11a9\u11aa\u11ab\u11ac\u11ad\u11ae\u11af\u11b0"},
	{0x0edd, "\u11b1\u11b2\u11b3\u11b4\u11b5\u11b6\u11b7\u11b8\u11b9\u11ba\u11bb\u11bc\u11bd\u11be\u11bf\u11c0\u11c1\u11c2\u316d\u3171"},
	{0x0ef1, "\u3178\u317f\u3181\u3184\u3186\u318d\u318e\u11eb\u11f0\u11f9"},
	{0x13bc, "\u0152\u0153\u0178"},
	{0x20ac, "\u20ac"},
}
