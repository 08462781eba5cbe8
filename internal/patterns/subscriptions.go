package patterns

import (
	"bytes"
	"slices"
	"strings"
)

// A subscriptions is the set of prefixes that peers subscribed to, as a radix
// tree: finding who wants a message takes steps along it, however many
// subscriptions there are, and a prefix takes about the memory that it has
// bytes. The zero value is the root of an empty set.
type subscriptions struct {
	label  string           // the bytes between the node above and this one
	pipes  []*pipe          // subscribed to the prefix that ends here
	kids   []*subscriptions // those below
	firsts []byte           // the first byte of each one's label: no kid is looked at in vain
}

// kid finds the node below whose label begins with c.
func (n *subscriptions) kid(c byte) (at int, found bool) {
	at = bytes.IndexByte(n.firsts, c)
	return at, at >= 0
}

// adopt adds a node below.
func (n *subscriptions) adopt(kid *subscriptions) (at int) {
	n.kids = append(n.kids, kid)
	n.firsts = append(n.firsts, kid.label[0])
	return len(n.kids) - 1
}

// drop takes a node below away; another one takes its place.
func (n *subscriptions) drop(at int) {
	last := len(n.kids) - 1
	n.kids[at], n.firsts[at] = n.kids[last], n.firsts[last]
	n.kids[last] = nil
	n.kids, n.firsts = n.kids[:last], n.firsts[:last]
}

// add subscribes p to prefix, and reports whether it is the prefix's first.
func (n *subscriptions) add(prefix string, p *pipe) (first bool) {
	for prefix != "" {
		at, found := n.kid(prefix[0])
		if !found {
			// A label must not keep what else was read with it alive.
			at = n.adopt(&subscriptions{label: strings.Clone(prefix)})
		}
		n.kids[at] = n.kids[at].split(commonLength(n.kids[at].label, prefix))
		n = n.kids[at]
		prefix = prefix[len(n.label):]
	}
	if slices.Contains(n.pipes, p) {
		return false
	}
	n.pipes = append(n.pipes, p)
	return len(n.pipes) == 1
}

// split returns a node whose label is the first length bytes of n's, with n below
// it if n's label is longer.
func (n *subscriptions) split(length int) *subscriptions {
	if length == len(n.label) {
		return n
	}
	// The whole label must not live on in its beginning, which may outlive it. Its
	// end may: who is subscribed to that has the beginning too.
	above := &subscriptions{label: strings.Clone(n.label[:length])}
	n.label = n.label[length:]
	above.adopt(n)
	return above
}

func commonLength(a, b string) int {
	n := min(len(a), len(b))
	for i := range n {
		if a[i] != b[i] {
			return i
		}
	}
	return n
}

// remove takes p's subscription to prefix away, and reports whether it was the
// prefix's last.
func (n *subscriptions) remove(prefix string, p *pipe) (last bool) {
	var room [16]*subscriptions
	path := append(room[:0], n)
	for prefix != "" {
		at, found := n.kid(prefix[0])
		if !found || !strings.HasPrefix(prefix, n.kids[at].label) {
			return false
		}
		n = n.kids[at]
		path = append(path, n)
		prefix = prefix[len(n.label):]
	}
	i := slices.Index(n.pipes, p)
	if i < 0 {
		return false
	}
	n.pipes = slices.Delete(n.pipes, i, i+1)
	if len(n.pipes) > 0 {
		return false
	}
	n.pipes = nil
	for i := len(path) - 1; i > 0 && path[i].tidy(path[i-1]); i-- {
	}
	return true
}

// longLabel is from where on labels are not joined: a peer could have us copy
// many megabytes for each few bytes that it sends.
const longLabel = 64 << 10

// tidy takes n, a node below above, out of the tree if nothing ends at it and
// nothing parts there. It reports whether above has one node less below it.
func (n *subscriptions) tidy(above *subscriptions) (dropped bool) {
	if len(n.pipes) > 0 || len(n.kids) > 1 {
		return false
	}
	at, _ := above.kid(n.label[0])
	if len(n.kids) == 1 {
		if only := n.kids[0]; len(n.label)+len(only.label) <= longLabel {
			only.label = n.label + only.label
			above.kids[at] = only
		}
		return false
	}
	above.drop(at)
	if len(above.kids) == 0 {
		above.kids, above.firsts = nil, nil
	}
	return true
}

// below gives the node that a topic leads to next, and the rest of the topic.
func (n *subscriptions) below(topic []byte) (next *subscriptions, rest []byte) {
	if len(topic) == 0 {
		return nil, nil
	}
	at, found := n.kid(topic[0])
	if !found {
		return nil, nil
	}
	next = n.kids[at]
	if len(topic) < len(next.label) || string(topic[:len(next.label)]) != next.label {
		return nil, nil
	}
	return next, topic[len(next.label):]
}

// match appends to dst the pipes with a subscription to a prefix of topic, each
// once. mark tells this match from all others.
func (n *subscriptions) match(dst []*pipe, topic []byte, mark uint64) []*pipe {
	for ; n != nil; n, topic = n.below(topic) {
		for _, p := range n.pipes {
			if p.mark != mark {
				p.mark = mark
				dst = append(dst, p)
			}
		}
	}
	return dst
}

// matches reports whether there is a subscription to a prefix of topic.
func (n *subscriptions) matches(topic []byte) bool {
	for ; n != nil; n, topic = n.below(topic) {
		if len(n.pipes) > 0 {
			return true
		}
	}
	return false
}
