"""A bare ROUTER that does with request N what the Nth argument says.

router.py ENDPOINT ACTION...

silent     nothing, as where no action is left
=TEXT      replies TEXT
late=TEXT  replies TEXT to the first request

Several actions for one request are joined with a comma. Each request is a line
on stdout; a line on stdin asks for "total N", once no more have come for a
while.
"""
import sys

import zmq

endpoint, actions = sys.argv[1], sys.argv[2:]
router = zmq.Context().socket(zmq.ROUTER)
router.bind(endpoint)
poller = zmq.Poller()
poller.register(router, zmq.POLLIN)
poller.register(sys.stdin, zmq.POLLIN)
print("ready")

askers = []
while True:
    events = dict(poller.poll())
    if router in events:
        asker, empty, *body = router.recv_multipart()
        assert empty == b""
        askers.append(asker)
        print("request", len(askers), *(frame.decode() for frame in body))
        todo = actions.pop(0) if actions else "silent"
        for action in todo.split(","):
            verb, _, text = action.partition("=")
            if verb == "late":
                router.send_multipart([askers[0], b"", text.encode()])
            elif verb == "":
                router.send_multipart([asker, b"", text.encode()])
    elif sys.stdin.fileno() in events:
        if not sys.stdin.readline():
            break
        while router.poll(300):
            router.recv_multipart()
            askers.append(None)
        print("total", len(askers))
