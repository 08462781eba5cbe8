package zmtp

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"fmt"
	"io"
	"net"
	"time"

	"github.com/go-zeromq/zmq4"
)

// pingHead is what a PING has in front of its context: 16 bits of time to live, of
// which 0 asks for no watch (RFC 37).
const pingHead = 2

// ping times round trips over a connection whose handshake is over, one after the
// other.
func (p *prober) ping(conn net.Conn) {
	r := bufio.NewReader(conn)
	for i := range p.cfg.Pings {
		context := binary.BigEndian.AppendUint32(nil, uint32(i))
		began := time.Now()
		_, err := conn.Write(AppendCommand(nil, zmq4.CmdPing, append(make([]byte, pingHead), context...)))
		if err == nil {
			err = awaitPong(r, context)
		}
		if err != nil {
			p.found.NoPings = p.late(err, "its PONG")
			return
		}
		p.found.RoundTrips = append(p.found.RoundTrips, time.Since(began))
	}
}

// awaitPong reads traffic up to the PONG that brings a context back. All else is
// read past, whatever its size.
func awaitPong(r *bufio.Reader, context []byte) error {
	for {
		h, err := readHead(r)
		if err != nil {
			return err
		}
		if h.size > maxHandshakeFrame || !h.command() {
			if h.size > 1<<62 {
				return fmt.Errorf("%w: a frame of %d bytes is announced", ErrTooLarge, h.size)
			}
			if _, err := io.CopyN(io.Discard, r, int64(h.size)); err != nil {
				return err
			}
			continue
		}
		var command bytes.Buffer // which grows with what comes
		command.Write(AppendHead(nil, h.flags&^FlagLong, int(h.size)))
		if _, err := io.CopyN(&command, r, int64(h.size)); err != nil {
			return err
		}
		name, body, err := parseCommand(command.Bytes())
		if err != nil {
			return err
		}
		if name == zmq4.CmdPong && bytes.Equal(body, context) {
			return nil
		}
	}
}

// readHead reads the head of a frame.
func readHead(r *bufio.Reader) (head, error) {
	b, err := r.Peek(shortHead)
	if err != nil {
		return head{}, err
	}
	h, ok, err := parseHead(b)
	if err == nil && !ok {
		if b, err = r.Peek(longHead); err == nil {
			h, _, err = parseHead(b)
		}
	}
	if err == nil {
		_, err = r.Discard(h.len)
	}
	return h, err
}

// parseCommand reads a command frame that is there to its end: the name and the
// data (RFC 23, "Commands").
func parseCommand(frame []byte) (name string, data []byte, err error) {
	h, ok, err := parseHead(frame)
	if err != nil {
		return "", nil, err
	}
	body := frame[min(h.len, len(frame)):]
	if !ok || !h.command() || h.more() || len(body) == 0 || int(body[0]) > len(body)-1 {
		return "", nil, fmt.Errorf("%w: a malformed command", ErrProtocol)
	}
	end := 1 + int(body[0])
	return string(body[1:end]), body[end:], nil
}
