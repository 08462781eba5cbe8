import zmq

print("hello", zmq.zmq_version())
while True:
    input()
