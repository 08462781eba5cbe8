package patterns

import (
	"fmt"
	"net"
	"net/netip"
)

// Access is which addresses peers may have. The zero value is all. Deny goes
// before Allow; where Allow is empty, all are allowed that are not denied. Peers
// over ipc and inproc have no address and may always.
type Access struct {
	Allow, Deny []netip.Prefix
}

// permits tells whether a peer at an address may be talked to.
func (a Access) permits(addr net.Addr) bool {
	tcp, ok := addr.(*net.TCPAddr)
	if !ok || len(a.Allow) == 0 && len(a.Deny) == 0 {
		return true
	}
	ip := tcp.AddrPort().Addr().Unmap().WithZone("")
	return !covers(a.Deny, ip) && (len(a.Allow) == 0 || covers(a.Allow, ip))
}

func covers(prefixes []netip.Prefix, ip netip.Addr) bool {
	for _, p := range prefixes {
		if p.Contains(ip) {
			return true
		}
	}
	return false
}

// An AddressError tells that a peer's address is none that WithAccess lets in.
// Nothing was read from the peer.
type AddressError struct{ Addr net.Addr }

func (e *AddressError) Error() string {
	host, _, err := net.SplitHostPort(e.Addr.String())
	if err != nil {
		host = e.Addr.String()
	}
	return fmt.Sprintf("not let in: the address %s is not allowed", host)
}
