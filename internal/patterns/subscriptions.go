package patterns

import "slices"

// A subscriptions is the set of prefixes that peers subscribed to, as a trie:
// finding who wants a message takes a step a byte of it, however many
// subscriptions there are.
type subscriptions struct {
	pipes []*pipe // subscribed to the prefix that ends here
	first byte    // kids[0] is for this next byte
	kids  []*subscriptions
	used  int // kids that are not nil
}

// add subscribes p to prefix, and reports whether it is the prefix's first.
func (n *subscriptions) add(prefix string, p *pipe) (first bool) {
	for i := range len(prefix) {
		n = n.kid(prefix[i])
	}
	for _, q := range n.pipes {
		if q == p {
			return false
		}
	}
	n.pipes = append(n.pipes, p)
	return len(n.pipes) == 1
}

// kid gives the node for the next byte c, made where it is missing.
func (n *subscriptions) kid(c byte) *subscriptions {
	switch {
	case n.kids == nil:
		n.first, n.kids = c, make([]*subscriptions, 1)
	case c < n.first:
		kids := make([]*subscriptions, int(n.first-c)+len(n.kids))
		copy(kids[n.first-c:], n.kids)
		n.first, n.kids = c, kids
	case int(c-n.first) >= len(n.kids):
		kids := make([]*subscriptions, int(c-n.first)+1)
		copy(kids, n.kids)
		n.kids = kids
	}
	at := c - n.first
	if n.kids[at] == nil {
		n.kids[at] = &subscriptions{}
		n.used++
	}
	return n.kids[at]
}

// next gives the node for the next byte c, or nil.
func (n *subscriptions) next(c byte) *subscriptions {
	if at := int(c) - int(n.first); at >= 0 && at < len(n.kids) {
		return n.kids[at]
	}
	return nil
}

// remove takes p's subscription to prefix away, and reports whether it was the
// prefix's last. It does not recurse: a peer may have made prefix very long.
func (n *subscriptions) remove(prefix string, p *pipe) (last bool) {
	// The deepest node above prefix's own that is there for others too, and
	// the byte behind it.
	stem, at := n, 0
	node := n
	for i := range len(prefix) {
		if len(node.pipes) > 0 || node.used > 1 {
			stem, at = node, i
		}
		if node = node.next(prefix[i]); node == nil {
			return false
		}
	}
	i := slices.Index(node.pipes, p)
	if i < 0 {
		return false
	}
	end := len(node.pipes) - 1
	node.pipes[i], node.pipes[end] = node.pipes[end], nil
	node.pipes = node.pipes[:end]
	if end == 0 && node.used == 0 && prefix != "" {
		stem.cut(prefix[at])
	}
	return end == 0
}

// cut takes away all that is behind the next byte c.
func (n *subscriptions) cut(c byte) {
	n.kids[c-n.first] = nil
	n.used--
	if n.used == 0 {
		n.kids = nil
	}
}

// match appends to dst the pipes with a subscription to a prefix of topic, each
// once. mark tells this match from all others.
func (n *subscriptions) match(dst []*pipe, topic []byte, mark uint64) []*pipe {
	for i := 0; ; i++ {
		for _, p := range n.pipes {
			if p.mark != mark {
				p.mark = mark
				dst = append(dst, p)
			}
		}
		if i == len(topic) {
			return dst
		}
		if n = n.next(topic[i]); n == nil {
			return dst
		}
	}
}

// matches reports whether there is a subscription to a prefix of topic.
func (n *subscriptions) matches(topic []byte) bool {
	for i := 0; ; i++ {
		if len(n.pipes) > 0 {
			return true
		}
		if i == len(topic) {
			return false
		}
		if n = n.next(topic[i]); n == nil {
			return false
		}
	}
}
