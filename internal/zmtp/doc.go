// Package zmtp is one ZeroMQ connection: it shakes hands, and it reads and
// writes frames in batches. It knows no sockets, queues or patterns.
//
// The handshake is zmq4.Open's, behind a guard that checks every byte of it
// before zmq4 sees it. What comes after the handshake is read by [Decoder] and
// written by the Append functions, as RFC 23 (ZMTP 3.0) lays it out.
//
// RFC 23: https://rfc.zeromq.org/spec/23/
package zmtp
