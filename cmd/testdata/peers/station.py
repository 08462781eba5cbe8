"""A libzmq socket of any type that a test works by hand.

station.py bind|connect ENDPOINT TYPE [OPTION=VALUE...]

Each line of stdin is a message to send: a JSON list of frames, as text in
which a character is a byte. Each message received is such a line on stdout.
"+peer" is a handshake that succeeded, "-peer" a connection that ended. The end
of stdin changes nothing.
"""
import json
import os
import struct
import sys

import zmq



def read(value):
    """A number, bytes in hex behind 0x, or text."""
    if value.startswith("0x"):
        return bytes.fromhex(value[2:])
    return int(value) if value.isdigit() else value.encode()


side, endpoint, kind = sys.argv[1:4]
sock = zmq.Context().socket(getattr(zmq, kind))
for option in sys.argv[4:]:
    name, _, value = option.partition("=")
    sock.setsockopt(getattr(zmq, name), read(value))
events = sock.get_monitor_socket(zmq.EVENT_HANDSHAKE_SUCCEEDED | zmq.EVENT_DISCONNECTED)
getattr(sock, side)(endpoint)

poller = zmq.Poller()
poller.register(sys.stdin, zmq.POLLIN)
poller.register(events, zmq.POLLIN)
if kind not in ("PUSH", "PUB"):
    poller.register(sock, zmq.POLLIN)
print("ready")
rest = b""
while True:
    ready = dict(poller.poll())
    if events in ready:
        event, _ = struct.unpack("=Hi", events.recv_multipart()[0])
        print("+peer" if event == zmq.EVENT_HANDSHAKE_SUCCEEDED else "-peer")
    if sock in ready:
        print(json.dumps([frame.decode("latin-1") for frame in sock.recv_multipart()]))
    if sys.stdin.fileno() in ready:
        read = os.read(sys.stdin.fileno(), 1 << 16)
        if not read:
            poller.unregister(sys.stdin)
        *lines, rest = (rest + read).split(b"\n")
        for line in lines:
            sock.send_multipart([frame.encode("latin-1") for frame in json.loads(line)])
