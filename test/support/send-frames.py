"""Sends frames as they are over an interface: hexadecimal on stdin, one a line. Arguments: interface, and how many times
over (1)."""
import socket
import sys

link = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, 0)
link.bind((sys.argv[1], 0))
frames = [bytes.fromhex(line) for line in sys.stdin]
for _ in range(int(sys.argv[2]) if len(sys.argv) > 2 else 1):
    for frame in frames:
        link.send(frame)
