package patterns

// A notifier wakes all who wait for a state to change. It is guarded by the
// lock that guards the state.
type notifier struct{ ch chan struct{} }

// wait gives the channel that the next notify closes.
func (n *notifier) wait() <-chan struct{} {
	if n.ch == nil {
		n.ch = make(chan struct{})
	}
	return n.ch
}

func (n *notifier) notify() {
	if n.ch != nil {
		close(n.ch)
		n.ch = nil
	}
}
