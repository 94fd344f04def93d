"""Time, addresses and TCP ports of each frame of a pcap file with scapy, as tab-separated rows."""

import sys

from scapy.all import IP, TCP, PcapReader


def main(path):
    write = sys.stdout.write
    for packet in PcapReader(path):
        row = ["%.6f000" % packet.time, "", "", "", ""]
        if IP in packet:
            row[1] = packet[IP].src
            row[2] = packet[IP].dst
        if TCP in packet:
            row[3] = str(packet[TCP].sport)
            row[4] = str(packet[TCP].dport)
        write("\t".join(row) + "\n")


main(sys.argv[1])
