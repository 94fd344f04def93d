const checksumPlaces = { 6: 16, 17: 6, 58: 2 };

/**
 * Changes both network addresses of an Ethernet frame by a number (0 to 255) and keeps the checksums as right or wrong
 * as they were. Private, multicast and link-local addresses stay what they are.
 * @param {Buffer} bytes
 * @param {number} at
 * @param {number} end
 * @param {number} change
 */
export function moveAddresses(bytes, at, end, change) {
  let type = at + 12;
  while (type + 6 <= end && (bytes.readUInt16BE(type) === 0x8100 || bytes.readUInt16BE(type) === 0x88a8)) type += 4;
  if (type + 2 > end || change === 0) return;
  const etherType = bytes.readUInt16BE(type);
  const network = type + 2;
  if (etherType === 0x0800 && network + 20 <= end) moveIpv4(bytes, network, end, change);
  if (etherType === 0x86dd && network + 40 <= end) moveIpv6(bytes, network, end, change);
}

function moveIpv4(bytes, at, end, change) {
  const transport = at + 4 * (bytes[at] & 15);
  const places = [at + 10];
  if ((bytes.readUInt16BE(at + 6) & 0x1fff) === 0)
    places.push(...transportChecksum(bytes, transport, end, bytes[at + 9], [6, 17]));
  moveWord(bytes, at + 12, change, places);
  moveWord(bytes, at + 16, change, places);
}

function moveIpv6(bytes, at, end, change) {
  // Behind extension headers the checksum is left as it was.
  const places = transportChecksum(bytes, at + 40, end, bytes[at + 6], [6, 17, 58]);
  moveWord(bytes, at + 14, change, places);
  moveWord(bytes, at + 30, change, places);
}

function transportChecksum(bytes, at, end, protocol, covered) {
  const place = at + checksumPlaces[protocol];
  const used = covered.includes(protocol) && place + 2 <= end && (protocol !== 17 || bytes.readUInt16BE(place) !== 0);
  return used ? [place] : [];
}

/** Changes the low byte of a word and the checksums that cover it, RFC 1624. */
function moveWord(bytes, at, change, checksums) {
  const before = bytes.readUInt16BE(at);
  const after = before ^ change;
  bytes.writeUInt16BE(after, at);
  for (const place of checksums) {
    let sum = (~bytes.readUInt16BE(place) & 0xffff) + (~before & 0xffff) + after;
    while (sum > 0xffff) sum = (sum & 0xffff) + (sum >>> 16);
    bytes.writeUInt16BE(~sum & 0xffff, place);
  }
}
