"""One end of a real TCP connection, for real-stacks.test.ts: what it is to do comes as JSON in the first argument, what
its kernel says of the connection (TCP_INFO, the same as `ss -ti`) goes to stdout as JSON, one line."""
import json
import os
import random
import socket
import struct
import sys
import time

ESTABLISHED, CLOSE = 1, 7
PATIENCE_S = 40

job = json.loads(sys.argv[1])
# Both ends on one CPU: packets stay in its queue, so that no virtual cable changes their order.
os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
family = socket.AF_INET6 if ":" in job["address"] else socket.AF_INET


def info(connection):
    raw = connection.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, 232).ljust(232, b"\0")
    u32 = lambda at: struct.unpack_from("=I", raw, at)[0]
    u64 = lambda at: struct.unpack_from("=Q", raw, at)[0]
    return {
        "state": raw[0],
        "unacked": u32(24),
        "rtt": u32(68),
        "totalRetrans": u32(100),
        "segsOut": u32(136),
        "minRtt": u32(148),
        "dataSegsOut": u32(156),
        "rwndLimited": u64(176),
        "deliveredCe": u32(196),
        "bytesSent": u64(200),
        "bytesRetrans": u64(208),
        "dsackDups": u32(216),
        "reordSeen": u32(220),
    }


def say(what):
    print(json.dumps(what), flush=True)


def wait(connection, done):
    """For a state of the kernel, not for a time."""
    give_up = time.monotonic() + PATIENCE_S
    while not done(info(connection)):
        if time.monotonic() > give_up:
            raise TimeoutError(f"{job['role']}: {info(connection)}")
        time.sleep(0.002)


def serve():
    with socket.socket(family, socket.SOCK_STREAM) as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if job["receiveBuffer"]:
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, job["receiveBuffer"])
        listener.bind((job["address"], job["port"]))
        listener.listen(1)
        listener.settimeout(PATIENCE_S)
        say({"listening": True})
        connection, _ = listener.accept()
    connection.settimeout(PATIENCE_S)
    time.sleep(job["pauseMs"] / 1000)
    resumed, received = time.time_ns(), 0
    while data := connection.recv(1 << 16):
        received += len(data)
    connection.sendall(b"k")
    connection.shutdown(socket.SHUT_WR)
    wait(connection, lambda now: now["state"] == CLOSE)  # its FIN is acknowledged
    say({**info(connection), "received": received, "resumedNs": str(resumed)})


def send():
    connection = socket.socket(family, socket.SOCK_STREAM)
    connection.settimeout(PATIENCE_S)
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    if job["sendBuffer"]:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, job["sendBuffer"])
    if job["keepAlives"]:
        for option, value in (("TCP_KEEPIDLE", 1), ("TCP_KEEPINTVL", 1), ("TCP_KEEPCNT", 9)):
            connection.setsockopt(socket.IPPROTO_TCP, getattr(socket, option), value)
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
    connection.connect((job["address"], job["port"]))
    chance, left = random.Random(job["seed"]), job["bytes"]
    while left > 0:
        piece = min(left, chance.randint(*job["pieces"]))
        connection.sendall(b"x" * piece)
        left -= piece
        if job["stepwise"]:
            wait(connection, lambda now: now["unacked"] == 0)
    time.sleep(job["pauseMs"] / 1000)
    connection.shutdown(socket.SHUT_WR)
    assert connection.recv(1) == b"k"  # it has read all, the FIN too
    wait(connection, lambda now: now["unacked"] == 0)
    say(info(connection))
    assert connection.recv(1) == b""
    connection.close()


serve() if job["role"] == "receiver" else send()
