package patterns

// A ring is a queue that grows. Its zero value is empty and ready for use.
type ring[T any] struct {
	items   []T // the length is a power of two
	head, n int
}

func (r *ring[T]) len() int { return r.n }

func (r *ring[T]) push(v T) {
	if r.n == len(r.items) {
		r.grow()
	}
	r.items[(r.head+r.n)&(len(r.items)-1)] = v
	r.n++
}

// pop takes the oldest item; the ring must not be empty.
func (r *ring[T]) pop() T {
	var zero T
	v := r.items[r.head]
	r.items[r.head] = zero
	r.head = (r.head + 1) & (len(r.items) - 1)
	r.n--
	return v
}

// front is the oldest item, still in the ring, which must not be empty.
func (r *ring[T]) front() *T { return &r.items[r.head] }

// back is the newest item, still in the ring, which must not be empty.
func (r *ring[T]) back() *T { return &r.items[(r.head+r.n-1)&(len(r.items)-1)] }

// keep removes the items for which ok is false; the others stay in order.
func (r *ring[T]) keep(ok func(T) bool) {
	for range r.n {
		if v := r.pop(); ok(v) {
			r.push(v)
		}
	}
}

func (r *ring[T]) grow() {
	items := make([]T, max(4, 2*len(r.items)))
	for i := range r.n {
		items[i] = r.items[(r.head+i)&(len(r.items)-1)]
	}
	r.items, r.head = items, 0
}
