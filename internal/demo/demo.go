// Package demo plays the article's scenes: several fogmq processes on one
// machine that talk to each other, while what each of them prints is shown
// side by side. Nothing in a scene is staged: its nodes are real processes,
// and a scene fails when they don't show what it promises.
package demo

import (
	"context"
	"fmt"
	"io"
	"runtime"
	"slices"
	"time"
)

// defaultPort is the article's.
const defaultPort = 5556

// defaultLimit is far more than a scene needs, even on a busy machine.
const defaultLimit = 20 * time.Second

// Options say how Play goes about it.
type Options struct {
	// Executable is the fogmq that the nodes of a scene run.
	Executable string
	// Stdout gets all that is shown, whole lines at a time.
	Stdout io.Writer
	// Color gives headings and names of nodes their colours.
	Color bool
	// Port is the one that scenes use if it is free; 0 means 5556.
	Port int
	// Limit is how long a scene may take; 0 means 20s. Scenes end by
	// themselves in two to four seconds.
	Limit time.Duration
}

// Names returns the names of the scenes in the order of the article.
func Names() []string {
	var names []string
	for _, s := range scenes {
		names = append(names, s.name)
	}
	return names
}

// Play plays the scenes called names, one after the other, and returns when
// the last of their processes is gone. It fails with the first scene that did:
// a node failed, or did not show what it must. When ctx ends, Play stops the
// nodes and returns ctx's cause. An error of Stdout ends it too.
func Play(ctx context.Context, o Options, names ...string) error {
	if o.Port == 0 {
		o.Port = defaultPort
	}
	if o.Limit == 0 {
		o.Limit = defaultLimit
	}
	// Where the system can end children with their parent, it takes the thread
	// that started them for the parent.
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	for _, name := range names {
		i := slices.IndexFunc(scenes, func(s scene) bool { return s.name == name })
		if i < 0 {
			return fmt.Errorf("no scene %q", name)
		}
		if err := perform(ctx, o, scenes[i]); err != nil {
			return err
		}
	}
	_, err := fmt.Fprintln(o.Stdout, "Next: type what stands behind $ in terminals of your own, "+
		"where -F pretty is the default; or see fogmq --help.")
	return err
}

// perform plays one scene from its heading to the end of its last node.
func perform(ctx context.Context, o Options, sc scene) error {
	late := fmt.Errorf("not over after %v: does another program use the same port?", o.Limit)
	limited, cancel := context.WithTimeoutCause(ctx, o.Limit, late)
	defer cancel()
	st := newStage(limited, o, sc.name)
	err := st.open(sc)
	if err == nil {
		err = sc.play(st)
	}
	if clearErr := st.clear(); err == nil {
		err = clearErr
	}
	switch {
	case ctx.Err() != nil:
		return context.Cause(ctx)
	case st.ctx.Err() != nil: // what ended the scene comes before what followed from it
		err = context.Cause(st.ctx)
	}
	if err != nil {
		return fmt.Errorf("scene %s: %w", sc.name, err)
	}
	st.say("")
	return st.outputError()
}
