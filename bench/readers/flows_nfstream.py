# Flow rows of a capture by NFStream, without application labels: python flows_nfstream.py capture.pcap rows.csv
import sys

from nfstream import NFStreamer

if __name__ == "__main__":
    capture, rows = sys.argv[1:3]
    streamer = NFStreamer(
        source=capture,
        statistical_analysis=True,
        splt_analysis=10,
        idle_timeout=120,
        active_timeout=1800,
        n_dissections=0,
        n_meters=1,
    )
    streamer.to_csv(path=rows)
