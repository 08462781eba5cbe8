package zmtp

import "github.com/go-zeromq/zmq4"

// draftPeers are whom the types of libzmq's draft interface talk to, which have one
// peer type each (zmq_socket(3)).
var draftPeers = map[zmq4.SocketType]zmq4.SocketType{
	"CLIENT": "SERVER", "SERVER": "CLIENT", "RADIO": "DISH", "DISH": "RADIO",
	"GATHER": "SCATTER", "SCATTER": "GATHER", "PEER": "PEER", "CHANNEL": "CHANNEL",
}

// Compatible returns the types of sockets that one of type t talks to (RFC 23, "The
// Socket-Type Property"), of libzmq's draft types too. Of a type that there is not
// it is none.
func Compatible(t zmq4.SocketType) []zmq4.SocketType {
	if peer := draftPeers[t]; peer != "" {
		return []zmq4.SocketType{peer}
	}
	if !knownType(t) {
		return nil
	}
	var types []zmq4.SocketType
	for _, peer := range socketTypes {
		if t.IsCompatible(peer) {
			types = append(types, peer)
		}
	}
	return types
}
