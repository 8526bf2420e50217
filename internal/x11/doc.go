// Package x11 opens connections to an X server for the capabilities that need one: jezek/xgb with what a
// long-running program needs put right.
//
//   - xgb's Init functions write to process-wide tables that the readers of all other connections read without a lock.
//     Conn.Use keeps the tables of a connection's extensions in the connection; the process-wide tables are filled once,
//     before any connection exists. Use it in place of damage.Init, randr.Init and so on, everywhere.
//   - Close ends the connection at once, even when the server hangs (xgb waits for an answer first).
//   - Authority: XAUTHORITY is honoured for local displays, forwarded ones and those of other machines.
//   - Descriptors can be passed along with a request (MIT-SHM AttachFd).
//   - Nothing is printed to standard error.
//
// Linux only.
package x11
