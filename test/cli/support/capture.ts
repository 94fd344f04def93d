/** One UDP datagram over IPv4 over Ethernet, with a time in nanoseconds. */
export interface Datagram {
  readonly nanoseconds: bigint;
  readonly source: readonly [address: string, port: number];
  readonly destination: readonly [address: string, port: number];
  readonly payload: number;
}

function frameOf({ source, destination, payload }: Datagram): Buffer {
  const frame = Buffer.alloc(14 + 20 + 8 + payload);
  frame.writeUInt16BE(0x0800, 12);
  frame.writeUInt8(0x45, 14);
  frame.writeUInt16BE(28 + payload, 16);
  frame.writeUInt8(64, 22);
  frame.writeUInt8(17, 23);
  frame.set([...source[0].split('.'), ...destination[0].split('.')].map(Number), 26);
  frame.writeUInt16BE(source[1], 34);
  frame.writeUInt16BE(destination[1], 36);
  frame.writeUInt16BE(8 + payload, 38);
  return frame;
}

/** A pcap file with nanoseconds (magic a1b23c4d, least significant byte first). */
export function captureOf(datagrams: readonly Datagram[]): Buffer {
  const head = Buffer.alloc(24);
  head.writeUInt32LE(0xa1b23c4d, 0);
  head.writeUInt16LE(2, 4);
  head.writeUInt16LE(4, 6);
  head.writeUInt32LE(65_535, 16);
  head.writeUInt32LE(1, 20);
  const records = datagrams.flatMap((datagram) => {
    const frame = frameOf(datagram);
    const record = Buffer.alloc(16);
    record.writeUInt32LE(Number(datagram.nanoseconds / 1_000_000_000n), 0);
    record.writeUInt32LE(Number(datagram.nanoseconds % 1_000_000_000n), 4);
    record.writeUInt32LE(frame.length, 8);
    record.writeUInt32LE(frame.length, 12);
    return [record, frame];
  });
  return Buffer.concat([head, ...records]);
}

/** What the records of a pcap file of Ethernet frames (microseconds) say: how many, how many of them are IP, bytes on the wire. */
export function factsOf(file: Buffer) {
  let [frames, ip, bytes, last] = [0, 0, 0, 0];
  for (let at = 24; at < file.length; at += 16 + file.readUInt32LE(at + 8)) {
    frames += 1;
    bytes += file.readUInt32LE(at + 12);
    last = Math.max(last, file.readUInt32LE(at) + file.readUInt32LE(at + 4) / 1e6);
    if ([0x0800, 0x86dd].includes(file.readUInt16BE(at + 16 + 12))) ip += 1;
  }
  return { frames, ip, bytes, last };
}
