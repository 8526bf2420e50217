package keeper

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strconv"
)

// boxVariable names the variable by which a worker learns the handle of the box. Its pipes are its standard input and output.
const boxVariable = "DESKHAND_WORKER_BOX"

// Become tells whether this process is a worker. It keeps the system's rights: nobody else may see the desktop that asks for passwords.
func Become() error {
	if _, err := boxHandle(); err != nil {
		return errors.New("this is what the service starts by itself; start RemoteSupport unattended")
	}
	return nil
}

func boxHandle() (uintptr, error) {
	h, err := strconv.ParseUint(os.Getenv(boxVariable), 10, 64)
	if err != nil || h == 0 {
		return 0, fmt.Errorf("%s names no handle", boxVariable)
	}
	return uintptr(h), nil
}

// ToParent takes up the connection to the parent. The context ends with it.
func ToParent(ctx context.Context) (*Parent, context.Context, error) {
	h, err := boxHandle()
	if err != nil {
		return nil, nil, err
	}
	p, ctx := parentOver(ctx, pipes{in: os.Stdin, out: os.Stdout, most: maxReply}, os.NewFile(h, "box"))
	return p, ctx, nil
}
