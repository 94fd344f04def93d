"""Time, addresses and TCP ports of each frame of a pcap file with dpkt, as tab-separated rows."""

import socket
import sys

import dpkt


def main(path):
    write = sys.stdout.write
    text = socket.inet_ntop
    with open(path, "rb") as file:
        for time, data in dpkt.pcap.Reader(file):
            row = ["%.6f000" % time, "", "", "", ""]
            try:
                packet = dpkt.ethernet.Ethernet(data).data
            except (dpkt.UnpackError, ValueError, IndexError):
                packet = None
            if isinstance(packet, dpkt.ip.IP):
                row[1] = text(socket.AF_INET, packet.src)
                row[2] = text(socket.AF_INET, packet.dst)
                packet = packet.data
            elif isinstance(packet, dpkt.ip6.IP6):
                packet = packet.data
            if isinstance(packet, dpkt.tcp.TCP):
                row[3] = str(packet.sport)
                row[4] = str(packet.dport)
            write("\t".join(row) + "\n")


main(sys.argv[1])
