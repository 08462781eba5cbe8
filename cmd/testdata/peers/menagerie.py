"""Bound sockets of many kinds, one each: what a probe meets.

menagerie.py FOLDER: prints NAME ENDPOINT for each, then ready, and ends with stdin.
The keys of the CURVE servers are FOLDER/server.key and FOLDER/client.key_secret,
PLAIN's user is user, the password secret.
"""
import os
import sys

import zmq
import zmq.auth
from zmq.auth.thread import ThreadAuthenticator

folder = sys.argv[1]
context = zmq.Context()
public, secret = zmq.auth.load_certificate(zmq.auth.create_certificates(folder, "server")[1])
allowed = os.path.join(folder, "allowed")
os.mkdir(allowed)
zmq.auth.create_certificates(folder, "client")
os.link(os.path.join(folder, "client.key"), os.path.join(allowed, "client.key"))
zmq.auth.create_certificates(folder, "stranger")

authenticator = ThreadAuthenticator(context)
authenticator.start()
authenticator.configure_plain(domain="users", passwords={"user": "secret"})
authenticator.configure_curve(domain="keys", location=allowed)

TYPES = "PUB SUB XPUB XSUB PUSH PULL REQ REP DEALER ROUTER PAIR".split()
sockets = []


def bind(name, kind, endpoint="tcp://127.0.0.1:*", **options):
    sock = context.socket(getattr(zmq, kind))
    sock.setsockopt(zmq.LINGER, 0)
    for option, value in dict(IDENTITY=b"zoo-" + kind.encode(), **options).items():
        sock.setsockopt(getattr(zmq, option), value)
    sock.bind(endpoint)
    sockets.append(sock)
    print(name, sock.getsockopt(zmq.LAST_ENDPOINT).rstrip(b"\0").decode())


for kind in TYPES:
    bind(kind, kind)
    bind("CURVE-" + kind, kind, CURVE_SERVER=1, CURVE_PUBLICKEY=public, CURVE_SECRETKEY=secret, ZAP_DOMAIN=b"keys")
    bind("PLAIN-" + kind, kind, PLAIN_SERVER=1, ZAP_DOMAIN=b"users")
bind("CURVE-CLIENT", "PULL", CURVE_SERVERKEY=public, CURVE_PUBLICKEY=public, CURVE_SECRETKEY=secret)
bind("IPC", "REP", "ipc://" + folder + "/zoo.sock")
print("ready")
sys.stdin.read()
