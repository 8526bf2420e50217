package keeper

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"os"

	"golang.org/x/sys/unix"
)

// peer is the process whose questions count.
type peer struct {
	pid int
	uid int
}

// serve answers the worker's questions until the connection ends. A question of another process, which has got hold of the socket, is not answered, nor is
// what is none.
func serve(conn *net.UnixConn, worker peer, k Keeper, box io.ReaderAt, log *slog.Logger) error {
	b, control := make([]byte, MaxRequest+1), make([]byte, unix.CmsgSpace(unix.SizeofUcred))
	for {
		n, cn, flags, _, err := conn.ReadMsgUnix(b, control)
		switch {
		case errors.Is(err, io.EOF) || err == nil && n == 0:
			return nil
		case err != nil:
			return fmt.Errorf("listening to the worker: %w", err)
		}
		from, err := sender(control[:cn], flags)
		if err != nil || int(from.Pid) != worker.pid || int(from.Uid) != worker.uid {
			log.Warn("a question that is not the worker's", "from", from, "err", err)
			continue
		}
		r, err := parse(b[:n])
		if err != nil {
			log.Warn("a question that is none", "err", err)
			continue
		}
		a, file := answer(k, r, box)
		out, err := json.Marshal(a)
		if err != nil {
			return fmt.Errorf("answering the worker: %w", err)
		}
		if send(conn, out, file) != nil {
			return nil // it is gone
		}
	}
}

// send sends an answer, and with it the file, which is closed here.
func send(conn *net.UnixConn, b []byte, file *os.File) error {
	var rights []byte
	if file != nil {
		defer file.Close()
		rights = unix.UnixRights(int(file.Fd()))
	}
	_, _, err := conn.WriteMsgUnix(b, rights, nil)
	return err
}

// sender is who the kernel says sent a message.
func sender(control []byte, flags int) (*unix.Ucred, error) {
	if flags&(unix.MSG_TRUNC|unix.MSG_CTRUNC) != 0 {
		return nil, errors.New("a message that was cut off")
	}
	messages, err := unix.ParseSocketControlMessage(control)
	if err != nil || len(messages) != 1 {
		return nil, errors.Join(errors.New("no sender"), err)
	}
	return unix.ParseUnixCredentials(&messages[0])
}
