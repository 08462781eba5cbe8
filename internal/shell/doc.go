// Package shell stands between sockets and the shell: records come in and
// become messages, messages go out and become text.
//
// A Source yields the messages to send: from a reader (lines, any delimiter,
// jsonl, frames, raw), from arguments, from files, or from one of the article's
// feeds. A Printer writes messages in one of the output formats, and a Command
// runs a shell command for each of them. Nothing here knows a socket; a message
// is a zmq4.Msg, and its frames are slices of what was read.
package shell
