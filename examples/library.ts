/** Packetloom as a library: flows and frames of a capture, lazily. Run it with any capture as argument. */
import { flows, frames } from 'packetloom';

const capture = process.argv[2] ?? 'examples/captures/office.pcap';

for await (const flow of flows(capture, { preset: 'basic' })) {
  console.log(flow.src_ip, flow.dst_ip, flow.fwd_frames, flow.bwd_frames);
  break; // closes the capture
}

for await (const frame of frames(capture, { fields: ['frame.number', 'ip.src', 'tcp.dstport'] })) {
  console.log(frame);
  if (frame['frame.number'] === 3) break;
}
