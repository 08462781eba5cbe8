package shell

import (
	"context"
	"errors"
)

// errAllSent ends the receiving of a Converse that lasts until all is sent.
var errAllSent = errors.New("all is sent")

// Converse sends what src yields while it hands on what comes, on one socket.
// The end of src does not end it: Receive's options and ctx do. With untilSent it
// is the other way round, and it ends when Send would. A bad record ends both
// ways; what was received by then is still handled.
func Converse(ctx context.Context, src Source, sock interface {
	Sender
	Receiver
}, h Handler, send SendOptions, receive ReceiveOptions, untilSent bool) error {
	receiving, stopReceiving := context.WithCancelCause(ctx)
	defer stopReceiving(nil)
	sending, stopSending := context.WithCancel(ctx)
	defer stopSending()
	sent := make(chan error, 1)
	go func() {
		err := Send(sending, src, sock, send)
		switch {
		case err != nil:
			stopReceiving(err)
		case untilSent:
			stopReceiving(errAllSent)
		}
		sent <- err
	}()
	err := Receive(receiving, sock, h, receive)
	stopSending()
	<-sent
	if errors.Is(err, errAllSent) {
		return nil
	}
	return err
}
