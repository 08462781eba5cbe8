package main

// A scene is one thing to do that all its contestants do in their own way.
type scene struct {
	id          string // what --only is matched against
	group       string // heading of the table that it is in
	title       string // of its rows there
	metrics     []metric
	contestants []contestant // fogmq first
}

// A metric is a figure that each contestant's turn gives.
type metric struct {
	key   string
	title string // behind the scene's, where a scene has several
	unit  unit
	limit goal            // for fogmq's own figure
	goals map[string]goal // for the ratio of fogmq's to another's, by its name
}

// A contestant is one way to play a scene.
type contestant struct {
	name  string
	needs []tool
	// check plays the scene once before all else, and looks at what arrived
	// more closely than would be right while the time is taken. It may be nil.
	check func(*turn) error
	run   func(*turn) (sample, error)
}

// A sample is the figures of one turn, by the keys of the metrics.
type sample map[string]float64

// The names of the contestants, which head the columns.
const (
	nameFogmq     = "fogmq"
	nameLibzmq    = "libzmq"
	namePyzmq     = "pyzmq"
	nameMosquitto = "mosquitto"
	nameLoopback  = "loopback"
)
