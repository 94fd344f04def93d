// Time, addresses and TCP ports of each frame of a pcap file with gopacket, as tab-separated rows. The fastest way that
// gopacket has: one parser with layers that are reused, and no interface for every layer.
package main

import (
	"bufio"
	"os"
	"strconv"

	"github.com/google/gopacket"
	"github.com/google/gopacket/layers"
	"github.com/google/gopacket/pcapgo"
)

func main() {
	file, err := os.Open(os.Args[1])
	if err != nil {
		panic(err)
	}
	reader, err := pcapgo.NewReader(bufio.NewReaderSize(file, 1<<20))
	if err != nil {
		panic(err)
	}
	out := bufio.NewWriterSize(os.Stdout, 1<<18)
	defer out.Flush()

	var eth layers.Ethernet
	var vlan layers.Dot1Q
	var ip4 layers.IPv4
	var ip6 layers.IPv6
	var tcp layers.TCP
	parser := gopacket.NewDecodingLayerParser(layers.LayerTypeEthernet, &eth, &vlan, &ip4, &ip6, &tcp)
	parser.IgnoreUnsupported = true
	var decoded []gopacket.LayerType
	var row []byte
	for {
		data, info, err := reader.ReadPacketData()
		if err != nil {
			return
		}
		row = strconv.AppendInt(row[:0], info.Timestamp.Unix(), 10)
		row = append(row, '.')
		fraction := strconv.Itoa(1_000_000_000 + info.Timestamp.Nanosecond())
		row = append(row, fraction[1:]...)
		_ = parser.DecodeLayers(data, &decoded) // what was decoded before an error counts
		var network, transport bool
		for _, layer := range decoded {
			network = network || layer == layers.LayerTypeIPv4
			transport = transport || layer == layers.LayerTypeTCP
		}
		row = append(row, '\t')
		if network {
			row = append(row, ip4.SrcIP.String()...)
			row = append(row, '\t')
			row = append(row, ip4.DstIP.String()...)
		} else {
			row = append(row, '\t')
		}
		row = append(row, '\t')
		if transport {
			row = strconv.AppendUint(row, uint64(tcp.SrcPort), 10)
			row = append(row, '\t')
			row = strconv.AppendUint(row, uint64(tcp.DstPort), 10)
		} else {
			row = append(row, '\t')
		}
		row = append(row, '\n')
		if _, err := out.Write(row); err != nil {
			panic(err)
		}
	}
}
