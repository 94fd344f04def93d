const IPV4 = 0x0800;
const ARP = 0x0806;
const IPV6 = 0x86dd;
/** Tags, MPLS and PPPoE: types that carry others. */
const CARRIERS: readonly number[] = [0x8100, 0x88a8, 0x8847, 0x8848, 0x8863, 0x8864, 0x88e7];

/**
 * True when the bytes from `at` can hardly be anything but an Ethernet frame: an individual source address, and behind a
 * type that carries packets the first bits of such a packet.
 */
export function looksLikeEthernet(bytes: Uint8Array, at: number, end: number): boolean {
  if (at + 16 > end || (bytes[at + 6]! & 1) !== 0) return false;
  const type = (bytes[at + 12]! << 8) | bytes[at + 13]!;
  if (type === IPV4) return bytes[at + 14]! >>> 4 === 4;
  if (type === IPV6) return bytes[at + 14]! >>> 4 === 6;
  if (type === ARP) return bytes[at + 14] === 0 && bytes[at + 15] === 1;
  return CARRIERS.includes(type);
}
