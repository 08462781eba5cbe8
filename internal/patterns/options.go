package patterns

import (
	"log"
	"time"

	"github.com/go-zeromq/zmq4"
)

// The defaults are libzmq's (zmq_setsockopt(3)) but for MaxMessage, which
// libzmq leaves open, and the reconnect interval, which libzmq doesn't let grow.
const (
	DefaultHWM              = 1000
	DefaultMaxMessage       = 1 << 30
	DefaultReconnect        = 100 * time.Millisecond
	DefaultReconnectMax     = time.Second
	DefaultHandshakeTimeout = 30 * time.Second
	// DefaultDialTimeout gives up a try to connect sooner than most systems
	// do, so that a link that was down is tried again soon after it is up.
	DefaultDialTimeout = 5 * time.Second
	// DefaultLinger is how long Close waits for peers to take what is queued.
	DefaultLinger = time.Second
)

// An Option sets a property of a socket when it is made.
type Option func(*options)

type options struct {
	id               zmq4.SocketIdentity
	security         zmq4.Security
	access           Access
	revoked          func(users []string) []error
	hwm              int
	maxMessage       int64
	maxConnections   int
	heartbeat        time.Duration
	lull             time.Duration
	reconnect        time.Duration
	reconnectMax     time.Duration
	noReconnect      bool
	dialTimeout      time.Duration
	handshakeTimeout time.Duration
	shakeTime        time.Duration
	timeout          time.Duration
	linger           time.Duration
	backlog          bool
	mandatory        bool
	handover         bool
	verboseSubs      bool
	maxSubs          int
	maxSubBytes      int
	monitor          func(Event)
}

func defaultOptions() options {
	return options{
		hwm:              DefaultHWM,
		maxMessage:       DefaultMaxMessage,
		reconnect:        DefaultReconnect,
		reconnectMax:     DefaultReconnectMax,
		dialTimeout:      DefaultDialTimeout,
		handshakeTimeout: DefaultHandshakeTimeout,
		shakeTime:        shakeTime,
		maxSubs:          MaxSubscriptions,
		maxSubBytes:      MaxSubscriptionBytes,
		linger:           DefaultLinger,
	}
}

// WithID sets the routing id that a peer is told (ZMQ_ROUTING_ID): at most 255
// bytes, what is longer is cut. Only a ROUTER peer looks at it.
func WithID(id zmq4.SocketIdentity) Option { return func(o *options) { o.id = id } }

// WithSecurity sets the mechanism; nil is NULL.
func WithSecurity(sec zmq4.Security) Option { return func(o *options) { o.security = sec } }

// WithAccess has the socket talk only to peers at some addresses, whichever side
// connects. Others are hung up on before a byte of theirs is read.
func WithAccess(a Access) Option { return func(o *options) { o.access = a } }

// WithRevocation has revoked asked every second which of the users who are
// connected (zmtp.Peer.User) are let in no more: an error for such a one, which
// ends its connections, nil for any other. The mechanism asks for itself when
// somebody connects.
func WithRevocation(revoked func(users []string) []error) Option {
	return func(o *options) { o.revoked = revoked }
}

// WithHWM bounds the queues of every peer, in messages and in each direction
// (ZMQ_SNDHWM, ZMQ_RCVHWM); 0 is no bound.
func WithHWM(n int) Option { return func(o *options) { o.hwm = n } }

// WithMaxMessage ends the connection of a peer that sends a message of more
// bytes, all its frames together (compare ZMQ_MAXMSGSIZE); 0 is no limit.
func WithMaxMessage(bytes int64) Option { return func(o *options) { o.maxMessage = bytes } }

// WithMaxConnections bounds how many accepted connections there are at a time;
// 0 is no bound. Where all places are taken a newcomer gets that of the
// connection that has been shaking hands for longest, and for a second at least;
// one that has shaken hands is never displaced.
func WithMaxConnections(n int) Option { return func(o *options) { o.maxConnections = n } }

// WithHeartbeat sends a PING to a peer that was silent for d and drops it when
// it stays silent for as long again (ZMQ_HEARTBEAT_IVL, ZMQ_HEARTBEAT_TIMEOUT);
// 0 sends none.
func WithHeartbeat(d time.Duration) Option { return func(o *options) { o.heartbeat = d } }

// WithReconnectMax bounds the time between two tries to connect, which starts at
// DefaultReconnect and doubles (ZMQ_RECONNECT_IVL_MAX).
func WithReconnectMax(d time.Duration) Option { return func(o *options) { o.reconnectMax = d } }

// WithDialerRetry sets the time before the first try to connect again
// (ZMQ_RECONNECT_IVL).
func WithDialerRetry(d time.Duration) Option { return func(o *options) { o.reconnect = d } }

// WithDialerTimeout bounds one try to connect, the handshake not included; 0
// leaves it to the operating system.
func WithDialerTimeout(d time.Duration) Option { return func(o *options) { o.dialTimeout = d } }

// WithAutomaticReconnect says whether an endpoint is connected again after its
// connection was lost. It is, unless this option says false.
func WithAutomaticReconnect(yes bool) Option { return func(o *options) { o.noReconnect = !yes } }

// WithHandshakeTimeout bounds the handshake with a peer (ZMQ_HANDSHAKE_IVL); 0
// is no bound.
func WithHandshakeTimeout(d time.Duration) Option {
	return func(o *options) { o.handshakeTimeout = d }
}

// WithTimeout bounds the Send of the zmq4.Socket interface (ZMQ_SNDTIMEO),
// which then fails with context.DeadlineExceeded; 0, the default, waits.
func WithTimeout(d time.Duration) Option { return func(o *options) { o.timeout = d } }

// WithLinger bounds how long Close waits until what is queued for connected
// peers is written (compare ZMQ_LINGER); 0 drops it.
func WithLinger(d time.Duration) Option { return func(o *options) { o.linger = d } }

// WithBacklog has a PUSH, REQ, DEALER or PAIR that only binds queue messages
// while nobody is there, up to the high-water mark, for the first peer to come:
// as one that connects always does. Without it Send waits, as libzmq's.
func WithBacklog(yes bool) Option { return func(o *options) { o.backlog = yes } }

// WithMandatory makes a ROUTER's Send fail with ErrUnroutable where it would
// drop a message for a routing id that it doesn't know (ZMQ_ROUTER_MANDATORY).
func WithMandatory(yes bool) Option { return func(o *options) { o.mandatory = yes } }

// WithHandover has a ROUTER give a routing id to the last peer that announces it,
// whose connection then takes the place of the other's (ZMQ_ROUTER_HANDOVER).
// Otherwise the first peer keeps it and the second is refused.
func WithHandover(yes bool) Option { return func(o *options) { o.handover = yes } }

// WithVerboseSubscriptions makes an XPUB pass on every subscription, not only
// the first of its kind (ZMQ_XPUB_VERBOSER).
func WithVerboseSubscriptions(yes bool) Option { return func(o *options) { o.verboseSubs = yes } }

// WithLull has a connection not read for d after a read that brought few messages, so
// that a thin stream wakes the process 1/d times a second and not for every message.
// It is for receivers to whom a message may come that much later; 0, the default, is
// for all others.
func WithLull(d time.Duration) Option { return func(o *options) { o.lull = d } }

// WithMonitor has every Event told to f, in order for each connection but from
// several goroutines at once. f must return soon: the connection waits for it.
func WithMonitor(f func(Event)) Option { return func(o *options) { o.monitor = f } }

// WithLogger logs what goes wrong with a peer. It takes the place of
// WithMonitor.
func WithLogger(l *log.Logger) Option {
	return WithMonitor(func(e Event) {
		if e.Err != nil {
			l.Print(e)
		}
	})
}
