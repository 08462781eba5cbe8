"""A libzmq socket that a test holds by its stdin: one command a line, and one
line of answer to each. Frames are written in hexadecimal behind an "x"."""
import os
import select

import zmq
from zmq.auth.thread import ThreadAuthenticator

context = zmq.Context()
socket = None
authenticators = []


def say(*words):
    print(*words, flush=True)


def option(text):
    name, value = text.split("=", 1)
    constant = getattr(zmq, name)
    if name in ("SUBSCRIBE", "ROUTING_ID", "PLAIN_USERNAME", "PLAIN_PASSWORD") or name.endswith("KEY"):
        return constant, bytes.fromhex(value)
    return constant, int(value)


def mixed(i):
    """Message i of the long exchange; interop_test.go has the same."""
    size = i * 7919 % 600
    if i % 10 == 0:
        size = 0
    if i % 1000 == 999:
        size = 70000
    if i % 25000 == 24999:
        size = 2 << 20
    frames = [bytes([i * 31 & 255]) * size]
    if i % 5 == 1:
        frames.insert(0, b"%d" % i)
    return frames


def open_socket(kind, how, endpoint, *options):
    global socket
    socket = context.socket(getattr(zmq, kind))
    socket.linger = 0
    socket.reconnect_ivl = 5
    socket.rcvtimeo = socket.sndtimeo = 30000
    for text in options:
        socket.setsockopt(*option(text))
    getattr(socket, how)(endpoint)
    say("opened", socket.getsockopt_string(zmq.LAST_ENDPOINT))


def authenticate(name, password):
    """From now on PLAIN servers let one user in."""
    authenticator = ThreadAuthenticator(context)
    authenticator.start()
    authenticator.configure_plain(domain="*", passwords={name: password})
    authenticators.append(authenticator)
    say("authenticating")


def close():
    socket.close()
    say("closed")


def send(*frames):
    socket.send_multipart([bytes.fromhex(f[1:]) for f in frames])
    say("sent")


def recv():
    say("got", *("x" + f.hex() for f in socket.recv_multipart()))


def send_mixed(count):
    for i in range(int(count)):
        socket.send_multipart(mixed(i))
    say("sent")


def recv_mixed(count):
    for i in range(int(count)):
        got = socket.recv_multipart()
        if got != mixed(i):
            return say("message", i, "is", [(len(f), f[:20]) for f in got])
    say("right")


def flood(name):
    """Sends messages of three frames until it is killed: a name, a number and a
    body."""
    i = 0
    while True:
        socket.send_multipart([name.encode(), b"%d" % i, b"x" * (i % 3000)])
        i += 1


def swallow():
    """Receives messages of two frames, a number and a body; "end" ends it.
    Numbers may be left out, but come in order and with a body of the right
    length."""
    count, last = 0, -1
    while True:
        frames = socket.recv_multipart()
        if frames == [b"end"]:
            return say("right")
        i = int(frames[0])
        if len(frames) != 2 or i <= last or frames[1] != b"x" * (i % 3000):
            return say("message", i, "after", last, "with", [len(f) for f in frames])
        count, last = count + 1, i
        if count == 2000:
            say("swallowing")


commands = {
    "open": open_socket,
    "authenticate": authenticate,
    "close": close,
    "send": send,
    "recv": recv,
    "send-mixed": send_mixed,
    "recv-mixed": recv_mixed,
    "flood": flood,
    "swallow": swallow,
}



def work():
    """Lets the socket do what it has to do on its own: libzmq does it only while
    its program calls it."""
    if socket and not socket.closed:
        socket.getsockopt(zmq.EVENTS)


def lines():
    rest = b""
    while True:
        awaited = [0]
        if socket and not socket.closed:
            awaited.append(socket.getsockopt(zmq.FD))
        work()
        ready, _, _ = select.select(awaited, [], [], 0.01)
        if 0 in ready:
            some = os.read(0, 1 << 20)
            if not some:
                return
            *whole, rest = (rest + some).split(b"\n")
            yield from whole


for line in lines():
    name, *arguments = line.decode().split()
    commands[name](*arguments)
for authenticator in authenticators:
    authenticator.stop()
