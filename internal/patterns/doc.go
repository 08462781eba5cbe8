// Package patterns holds the ZeroMQ sockets: eleven socket types over one
// engine that binds, connects, reconnects and queues.
//
// A [Socket] is a [zmq4.Socket], so code written against that interface runs
// on it unchanged. What the interface can't say (contexts, batches, draining,
// monitoring) is a method of Socket itself.
//
// The engine knows endpoints, connections and bounded queues; how messages
// are routed between them is the business of one small strategy a pattern:
// [RFC 28] (request-reply), [RFC 29] (publish-subscribe), [RFC 30] (pipeline)
// and [RFC 31] (exclusive pair).
//
// # Ownership of messages
//
// A message that was handed to Send belongs to the socket: its frames must not
// be changed afterwards. A message that came out of Recv belongs to the
// caller, but its frames may share a buffer with those of other messages, so
// that a caller who keeps a small frame for long should copy it.
//
// [RFC 28]: https://rfc.zeromq.org/spec/28/
// [RFC 29]: https://rfc.zeromq.org/spec/29/
// [RFC 30]: https://rfc.zeromq.org/spec/30/
// [RFC 31]: https://rfc.zeromq.org/spec/31/
package patterns
