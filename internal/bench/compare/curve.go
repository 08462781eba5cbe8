package main

import (
	"context"
	"fmt"
	"os/exec"
	"path/filepath"
	"strings"

	"fogmq/internal/keys"
)

// curve is what both ends of a scene with CURVE know each other by.
type curve struct {
	server, client keys.Pair
	// The files of the secret keys: fogmq takes those no other way.
	serverFile, clientFile string
}

// newCurve makes keys, with files in a folder.
func newCurve(dir string) (c curve, err error) {
	c.server, c.client = keys.NewPair(), keys.NewPair()
	if _, c.serverFile, err = keys.WritePair(filepath.Join(dir, "server"), c.server); err == nil {
		_, c.clientFile, err = keys.WritePair(filepath.Join(dir, "client"), c.client)
	}
	return c, err
}

// fogmq has both ends, which are fogmq's, speak CURVE; the one that binds is the
// server.
func (c curve) fogmq(e ends) ends {
	return e.with(
		[]string{"--curve-key", c.serverFile, "--curve-allow", c.client.Public.String()},
		[]string{"--curve-key", c.clientFile, "--curve-peer", c.server.Public.String()},
	)
}

// peer is fogmq for peers in C. Their keys, of which all can see the command
// lines, are good for this comparison only.
func (c curve) peer(e ends) ends {
	return e.with(
		[]string{"curve", c.server.Secret.Z85()},
		[]string{"curve", c.server.Public.String(), c.client.Public.String(), c.client.Secret.Z85()},
	)
}

// findCurve makes sure that the peers' libzmq has CURVE.
func findCurve(ctx context.Context, k *kit) error {
	words := k.peer("version", "curve")
	out, err := exec.CommandContext(ctx, words[0], words[1:]...).CombinedOutput()
	if err != nil && len(out) > 0 {
		return fmt.Errorf("%w: %s", err, strings.TrimSpace(string(out)))
	}
	return err
}
