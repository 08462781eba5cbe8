//go:build !race

package patterns

const underRace = false
