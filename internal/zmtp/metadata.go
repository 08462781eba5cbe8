package zmtp

import (
	"encoding/binary"
	"fmt"
	"strings"

	"github.com/go-zeromq/zmq4"
)

// The properties that RFC 23 names. Names of properties are read without
// regard to case.
const (
	PropertySocketType = "Socket-Type"
	PropertyIdentity   = "Identity"
)

// maxProperties bounds the properties of a peer: in 64 KiB there is room for
// thousands, each of which takes many times the memory that it took to send.
const maxProperties = 256

// maxIdentity is the length of the longest routing id (RFC 23).
const maxIdentity = 255

// ParseMetadata reads the properties of a READY or INITIATE command: each a
// name of 1 to 255 bytes and a value under a 32-bit length. The two that RFC 23
// names come back under these names in its own spelling, others as sent. Either
// of the two may be there once, and 256 properties in all. No part of it is
// trusted; the error says at which byte the metadata ends short.
func ParseMetadata(b []byte) (zmq4.Metadata, error) {
	md := make(zmq4.Metadata)
	for at := 0; at < len(b); {
		nameLen := int(b[at])
		valueAt := at + 1 + nameLen + 4
		if nameLen == 0 {
			return nil, fmt.Errorf("%w: metadata: a property without a name at byte %d", ErrProtocol, at)
		}
		if valueAt > len(b) {
			return nil, fmt.Errorf("%w: metadata: cut short in the property at byte %d", ErrProtocol, at)
		}
		name := string(b[at+1 : at+1+nameLen])
		size := uint64(binary.BigEndian.Uint32(b[valueAt-4:]))
		if size > uint64(len(b)-valueAt) {
			return nil, fmt.Errorf("%w: metadata: the value of %.40q has %d bytes, %d follow", ErrProtocol, name, size, len(b)-valueAt)
		}
		name = canonicalProperty(name)
		if _, twice := md[name]; twice && (name == PropertySocketType || name == PropertyIdentity) {
			return nil, fmt.Errorf("%w: metadata: %s comes twice", ErrProtocol, name)
		}
		if len(md) == maxProperties {
			return nil, fmt.Errorf("%w: metadata: more than %d properties", ErrProtocol, maxProperties)
		}
		if name == PropertyIdentity && size > maxIdentity {
			return nil, fmt.Errorf("%w: metadata: an identity of %d bytes, %d are allowed", ErrProtocol, size, maxIdentity)
		}
		md[name] = string(b[valueAt : valueAt+int(size)])
		at = valueAt + int(size)
	}
	return md, nil
}

func canonicalProperty(name string) string {
	for _, known := range []string{PropertySocketType, PropertyIdentity} {
		if strings.EqualFold(name, known) {
			return known
		}
	}
	return name
}

// AppendMetadata appends the two properties that a peer is told of us.
func AppendMetadata(dst []byte, typ zmq4.SocketType, id zmq4.SocketIdentity) []byte {
	dst = appendProperty(dst, PropertySocketType, string(typ))
	return appendProperty(dst, PropertyIdentity, id.String())
}

func appendProperty(dst []byte, name, value string) []byte {
	dst = append(dst, byte(len(name)))
	dst = append(dst, name...)
	dst = binary.BigEndian.AppendUint32(dst, uint32(len(value)))
	return append(dst, value...)
}
