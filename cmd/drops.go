package cmd

import (
	"sync"
	"time"
)

// dropsEvery is how often is looked whether messages were dropped, so that a slow
// peer makes a line a second at most.
const dropsEvery = time.Second

// A dropWatch tells of a socket's messages that went nowhere. A nil one does
// nothing.
type dropWatch struct {
	r       *running
	told    uint64
	stop    chan struct{}
	watches sync.WaitGroup
}

// watchDrops begins to tell of drops where somebody wants to know.
func (r *running) watchDrops() {
	if !r.e.report.verbose && r.events == nil {
		return
	}
	r.drops = &dropWatch{r: r, stop: make(chan struct{})}
	r.drops.watches.Go(r.drops.run)
}

func (d *dropWatch) run() {
	tick := time.NewTicker(dropsEvery)
	defer tick.Stop()
	for {
		select {
		case <-tick.C:
			d.look()
		case <-d.stop:
			d.look()
			return
		}
	}
}

func (d *dropWatch) look() {
	now := d.r.Stats().Dropped
	if now == d.told {
		return
	}
	more := now - d.told
	d.told = now
	d.r.e.report.verbosef("DROPPED %s (%d in all): a peer's queue was full, or nobody was there to take them",
		countOf(int(more), "message", "messages"), now)
	d.r.events.add(eventRecord{Event: "DROPPED", Socket: string(d.r.Type()), Count: more})
}

// end tells of the last drops.
func (d *dropWatch) end() {
	if d == nil {
		return
	}
	close(d.stop)
	d.watches.Wait()
}
