"""Writes down the TCP segments that pass an interface, in the order and with the time of the kernel: the witness of
real-stacks.test.ts. Arguments: interface. Ends with its stdin; then prints one JSON object."""
import json
import select
import socket
import struct
import sys

SO_TIMESTAMPNS, SO_RCVBUFFORCE, SOL_PACKET, PACKET_STATISTICS = 35, 33, 263, 6
ETH_P_ALL, IPV4, IPV6, TCP = 3, 0x0800, 0x86DD, 6
MOST = 200_000

tap = socket.socket(socket.AF_PACKET, socket.SOCK_DGRAM, 0)
tap.setsockopt(socket.SOL_SOCKET, SO_RCVBUFFORCE, 64 << 20)
tap.setsockopt(socket.SOL_SOCKET, SO_TIMESTAMPNS, 1)
tap.bind((sys.argv[1], ETH_P_ALL))
tap.setblocking(False)
segments = []


def take(packet, ancillary, kind):
    if kind == IPV4:
        if packet[9] != TCP:
            return
        at, end = (packet[0] & 15) * 4, struct.unpack_from("!H", packet, 2)[0]
        tos = packet[1]
    elif kind == IPV6:
        if packet[6] != TCP:
            return
        at, end = 40, 40 + struct.unpack_from("!H", packet, 4)[0]
        tos = struct.unpack_from("!H", packet)[0] >> 4 & 255
    else:
        return
    source, target, seq, ack, offset, flags, window = struct.unpack_from("!HHIIBBH", packet, at)
    seconds, nanos = struct.unpack("=qq", ancillary[0][2])
    segments.append(
        {
            "timeNs": str(seconds * 1_000_000_000 + nanos),
            "source": source,
            "target": target,
            "seq": seq,
            "ack": ack,
            "flags": flags,
            "window": window,
            "bytes": end - at - (offset >> 4) * 4,
            "ce": tos & 3 == 3,
        }
    )


def drain():
    while len(segments) < MOST:
        try:
            packet, ancillary, _, address = tap.recvmsg(128, 64)
        except BlockingIOError:
            return
        take(packet, ancillary, address[1])


print("ready", flush=True)
while True:
    ready, _, _ = select.select([tap, sys.stdin], [], [])
    drain()
    if sys.stdin in ready:
        break
packets, drops = struct.unpack("=II", tap.getsockopt(SOL_PACKET, PACKET_STATISTICS, 8))
print(json.dumps({"segments": segments, "drops": drops, "full": len(segments) >= MOST}))
