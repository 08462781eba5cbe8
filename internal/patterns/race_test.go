//go:build race

package patterns

// underRace tells that the race detector is at work: it allocates for its own
// purposes, and has a sync.Pool throw things away at random.
const underRace = true
