package cmd

import (
	"context"
	"fmt"
	"os"

	"fogmq/internal/demo"
)

// runDemo plays scenes whose nodes are processes of this very binary.
func runDemo(ctx context.Context, e *env, c demoConfig) error {
	self, err := os.Executable()
	if err != nil {
		return fmt.Errorf("can't find this program's own file: %w", err)
	}
	return demo.Play(ctx, demo.Options{
		Executable: self,
		Stdout:     e.stdout,
		Color:      e.report.colorOn(e.stdout),
	}, c.scenes...)
}
