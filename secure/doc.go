// Package secure is the end-to-end channel between a client and a viewer: the key exchange, the words that people compare,
// and sealed messages. The server and the relay between them see none of it, but the server signs the grants that name
// who is at the other end.
//
//	client                                   viewer
//	                                         NewViewerExchange → Commitment   (through the server)
//	NewClientExchange(commitment) → Nonce
//	VerifyGrant                              (the server signs the nonce and the commitment)
//	ClientExchange.Run  ── ClientKey ──→     ViewerExchange.Run
//	                    ←── Reveal ────
//	Keys.Words          (equal words)        Keys.Words
//	NewLink             ←── Sealed ───→      NewLink
//
// See "Key exchange", "Matching words" and "Sealed frame" in docs/protocol.md.
package secure
