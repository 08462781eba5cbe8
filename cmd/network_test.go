package cmd

import (
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"testing"
	"time"

	"fogmq/internal/peertest"
)

// A link is a cable between two machines, which are network namespaces.
type link struct {
	t          *testing.T
	near, far  string // namespaces
	nearDevice string
	farDevice  string
}

const nearAddress, farAddress = "10.97.31.1", "10.97.31.2"

// newLink needs Linux, root and iproute2. Elsewhere the test is skipped; as root
// and where peers are required it fails.
func newLink(t *testing.T) *link {
	t.Helper()
	if runtime.GOOS != "linux" || os.Geteuid() != 0 {
		t.Skip("network namespaces need Linux and root")
	}
	name := fmt.Sprintf("fq%04x", rand.Uint32N(1<<16))
	l := &link{t, name + "n", name + "f", name + "a", name + "b"}
	if out, err := l.ip("netns", "add", l.near); err != nil {
		peertest.Lack(t, fmt.Errorf("no network namespaces: %w: %s", err, out))
	}
	t.Cleanup(func() { l.must("netns", "del", l.near) })
	l.must("netns", "add", l.far)
	t.Cleanup(func() { l.must("netns", "del", l.far) })
	l.must("link", "add", l.nearDevice, "netns", l.near, "type", "veth", "peer", "name", l.farDevice, "netns", l.far)
	for _, end := range []struct{ space, device, address string }{
		{l.near, l.nearDevice, nearAddress}, {l.far, l.farDevice, farAddress},
	} {
		l.must("-n", end.space, "addr", "add", end.address+"/24", "dev", end.device)
		l.must("-n", end.space, "link", "set", end.device, "up")
	}
	return l
}

func (l *link) ip(args ...string) (string, error) {
	out, err := exec.Command("ip", args...).CombinedOutput()
	return strings.TrimSpace(string(out)), err
}

func (l *link) must(args ...string) {
	l.t.Helper()
	if out, err := l.ip(args...); err != nil {
		l.t.Fatalf("ip %s: %v: %s", strings.Join(args, " "), err, out)
	}
}

// set has the cable plugged in or not: "up" or "down".
func (l *link) set(state string) {
	l.t.Helper()
	l.must("-n", l.near, "link", "set", l.nearDevice, state)
}

// start runs fogmq in a namespace.
func (l *link) start(space string, args ...string) *process {
	l.t.Helper()
	self, err := exec.LookPath("fogmq")
	if err != nil {
		l.t.Fatal(err)
	}
	return launch(l.t, nil, "ip", append([]string{"netns", "exec", space, self}, args...)...)
}

// outage is how long the cable is out. The test watches a clock: this is the
// one thing that it is about.
const outage = 3 * time.Second

// Without heartbeats a link that is down for a while costs nothing but time: all
// comes, in order.
func TestLinkDownLosesNothing(t *testing.T) {
	t.Parallel()
	l := newLink(t)
	const count = 400
	pull := l.start(l.far, "pull", "-b", farAddress+":5557", "-n", fmt.Sprint(count))
	push := l.start(l.near, append(words("push -i 10ms -c "+farAddress+":5557"), numbered(1, count)...)...)
	pull.says("20")
	l.set("down")
	<-time.After(outage)
	l.set("up")
	if got := pull.succeed(); got != linesOf(numbered(1, count)...) {
		t.Errorf("pull printed %q", got)
	}
	push.succeed()
}

// With heartbeats both sides notice, and connect again once the link is back.
func TestHeartbeatFindsTheLinkDown(t *testing.T) {
	t.Parallel()
	l := newLink(t)
	beat := words("-v --heartbeat 300ms")
	pull := l.start(l.far, append(words("pull -b "+farAddress+":5557"), beat...)...)
	push := l.start(l.near, append(words("push --source number --channels 1 -i 50ms -c "+farAddress+":5557"), beat...)...)
	pull.says("1 5")
	l.set("down")
	for _, p := range []*process{pull, push} {
		p.warns(`DISCONNECTED .*silent for \d+ms`)
	}
	l.set("up")
	push.meets(2)
	pull.meets(2)
	pull.news(5)
}
