// Package keys is what a user keeps in files to be known by: CURVE keys in
// certificates, whom a CURVE server lets in, and the names and passwords of
// PLAIN. It knows no sockets, flags or terminals.
//
// Certificates are those of CZMQ (zcert) and pyzmq (zmq.auth): files in ZPL
// (RFC 4) with keys in Z85 (RFC 32). A pair is the files NAME.key, which
// everybody may read, and NAME.key_secret.
//
// Every error names the file and the reason in one line, and never says any
// part of a key, a password or a hash.
//
// RFC 4: https://rfc.zeromq.org/spec/4/
// RFC 32: https://rfc.zeromq.org/spec/32/
package keys
