package patterns

import (
	"fmt"
	"maps"
	"slices"

	"github.com/go-zeromq/zmq4"
)

// SetOption sets one of zmq4's options: OptionSubscribe and OptionUnsubscribe (a
// string or []byte; SUB and XSUB) and OptionHWM (an int, for queues from now
// on). Any other name, type or socket is zmq4.ErrBadProperty.
func (s *Socket) SetOption(name string, value any) error {
	switch name {
	case zmq4.OptionSubscribe, zmq4.OptionUnsubscribe:
		prefix, ok := prefixOf(value)
		if !ok {
			return zmq4.ErrBadProperty
		}
		if err := s.subscribe(prefix, name == zmq4.OptionSubscribe); err != nil {
			return fmt.Errorf("%w: %w", zmq4.ErrBadProperty, err)
		}
	case zmq4.OptionHWM:
		n, ok := value.(int)
		if !ok || n < 0 {
			return zmq4.ErrBadProperty
		}
		s.mu.Lock()
		s.opt.hwm = n
		s.mu.Unlock()
	default:
		return zmq4.ErrBadProperty
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.props[name] = value
	return nil
}

func prefixOf(value any) (string, bool) {
	switch v := value.(type) {
	case string:
		return v, true
	case []byte:
		return string(v), true
	}
	return "", false
}

// GetOption returns what SetOption last set, or zmq4.ErrBadProperty.
func (s *Socket) GetOption(name string) (any, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if v, ok := s.props[name]; ok {
		return v, nil
	}
	if name == zmq4.OptionHWM {
		return s.opt.hwm, nil
	}
	return nil, zmq4.ErrBadProperty
}

// Subscribe has a SUB or XSUB receive what begins with prefix, from all peers
// now and later; an empty prefix is everything. Subscribing twice needs
// unsubscribing twice.
func (s *Socket) Subscribe(prefix string) error { return s.subscribe(prefix, true) }

// Unsubscribe takes one Subscribe of prefix back.
func (s *Socket) Unsubscribe(prefix string) error { return s.subscribe(prefix, false) }

func (s *Socket) subscribe(prefix string, yes bool) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	x, ok := s.pattern.(*xsub)
	if !ok {
		return fmt.Errorf("a %s socket has no subscriptions", s.typ)
	}
	x.subscribe(prefix, yes)
	s.flush()
	return nil
}

// Topics returns, sorted, the prefixes that a SUB or XSUB subscribed to, or that
// the peers of a PUB or XPUB did. Other sockets have none.
func (s *Socket) Topics() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	switch p := s.pattern.(type) {
	case *xsub:
		return p.topics()
	case *xpub:
		return p.topics()
	}
	return slices.Sorted(maps.Keys(map[string]struct{}{}))
}

var (
	_ zmq4.Socket = (*Socket)(nil)
	_ zmq4.Topics = (*Socket)(nil)
)
