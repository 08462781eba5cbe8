"""A PULL or PUSH socket of libzmq's under CURVE or PLAIN, with pyzmq's own
authenticator where it is the server.

    secure.py PULL|PUSH bind|connect ENDPOINT curve-server SECRET ALLOWED-DIR|any
    secure.py PULL|PUSH bind|connect ENDPOINT curve-client SECRET SERVER-PUBLIC
    secure.py PULL|PUSH bind|connect ENDPOINT plain-server NAME PASSWORD
    secure.py PULL|PUSH bind|connect ENDPOINT plain-client NAME PASSWORD

PULL prints what comes; PUSH sends the lines of its stdin."""
import sys

import zmq
import zmq.auth
from zmq.auth.thread import ThreadAuthenticator

kind, how, endpoint, role, first, second = sys.argv[1:]
context = zmq.Context()
socket = context.socket(getattr(zmq, kind))
socket.linger = -1
socket.reconnect_ivl = 20
authenticator = None

if role.endswith("server"):
    authenticator = ThreadAuthenticator(context)
    authenticator.start()
if role.startswith("curve"):
    public, secret = zmq.auth.load_certificate(first)
    socket.curve_publickey, socket.curve_secretkey = public, secret
if role == "curve-server":
    authenticator.configure_curve(location=zmq.auth.CURVE_ALLOW_ANY if second == "any" else second)
    socket.curve_server = True
elif role == "curve-client":
    socket.curve_serverkey, _ = zmq.auth.load_certificate(second)
elif role == "plain-server":
    authenticator.configure_plain(passwords={first: second})
    socket.plain_server = True
elif role == "plain-client":
    socket.plain_username, socket.plain_password = first.encode(), second.encode()

getattr(socket, how)(endpoint)
print("ready", flush=True)
if kind == "PULL":
    while True:
        print(socket.recv_string(), flush=True)
for line in sys.stdin:
    socket.send_string(line.rstrip("\n"))
socket.close()
if authenticator:
    authenticator.stop()
context.term()
