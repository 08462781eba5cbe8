//go:build !soak

package soak

import "testing"

// duration tells how long to go on, by the number of measured cycles.
func duration(*testing.T) (goesOn func(measured int) bool) {
	return func(measured int) bool { return measured < 8 }
}
