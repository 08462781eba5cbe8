// Package recording keeps streams of messages in files and plays them back.
//
// A recording is jsonl as package shell prints it, a record a line, or the same
// compressed: Zstandard frames (RFC 8878), one after another, that each hold whole
// records. It can be read up to its last whole record whatever ended the writing, and
// be gone on with from there. Nothing here knows a socket.
package recording
