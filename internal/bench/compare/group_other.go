//go:build !linux

package main

import "syscall"

// ownGroup puts a child into a process group of its own, where Ctrl-C reaches
// it only through us.
func ownGroup() *syscall.SysProcAttr { return &syscall.SysProcAttr{Setpgid: true} }
