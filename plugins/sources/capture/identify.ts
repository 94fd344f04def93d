/** What the first bytes of an input say it is. */
export type Identity =
  | { readonly kind: 'pcap' | 'pcapng' | 'gzip' | 'zstd' }
  /** Something else; its name where it has one. */
  | { readonly kind: 'other'; readonly name: string | undefined };

/** Bytes in which {@link identify} recognises what can be read. */
export const MAGIC_LENGTH = 4;
/** Bytes it wants to see of anything else, where there are as many. */
export const IDENTIFY_LENGTH = 512;

const PCAP = ['a1b2c3d4', 'a1b23c4d', 'a1b2cd34', '1c0001ac', '1c0001ab'];

/** Magics (in hex, from the first byte) of formats that are recognised only to be named. */
const OTHERS: readonly (readonly [magic: string, name: string])[] = [
  ['736e6f6f70000000', 'snoop'],
  ['6274736e6f6f7000', 'btsnoop'],
  ['a1b2c3cb', 'libpcap filter savefile'],
  ['cbc3b2a1', 'libpcap filter savefile'],
  ['a1b234cd', 'pcap (Mesquita)'],
  ['cd34b2a1', 'pcap (Mesquita)'],
  ['a12b3c4d', 'pcap (NAVTEL)'],
  ['4d3c2ba1', 'pcap (NAVTEL)'],
  ['474d4255', 'Network Monitor'],
  ['52545353', 'Network Monitor'],
  ['5452534e49464620', 'Sniffer'],
  ['58435000', 'NetXRay'],
  ['aaaaaaaa', '5View'],
  ['4c414e616c797a65', 'LANalyzer'],
  ['fd377a585a00', 'xz'],
  ['425a68', 'bzip2'],
  ['04224d18', 'lz4'],
  ['377abcaf271c', '7z'],
  ['504b0304', 'zip'],
];

function hex(bytes: Uint8Array, length: number): string {
  return Array.from(bytes.subarray(0, length), (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/**
 * Recognises a format by its content, never by a name. A compressed input is to be unfolded and looked at again.
 * Sources: libpcap sf-pcap.c, Wireshark wiretap, RFC 1952, RFC 8878.
 */
export function identify(head: Uint8Array): Identity {
  const start = hex(head, 8);
  const magic = start.slice(0, 8);
  const swapped = magic.match(/../g)?.reverse().join('') ?? '';
  if (PCAP.includes(magic) || PCAP.includes(swapped)) return { kind: 'pcap' };
  if (magic === '0a0d0d0a') return { kind: 'pcapng' };
  if (start.startsWith('1f8b')) return { kind: 'gzip' };
  if (magic === '28b52ffd' || /^5.2a4d18/.test(magic)) return { kind: 'zstd' };
  const other = OTHERS.find(([begin]) => start.startsWith(begin));
  return { kind: 'other', name: other?.[1] ?? (looksLikeErf(head) ? 'ERF' : undefined) };
}

/** The name of what is not read, for messages. */
export function describeOther(name: string | undefined, head: Uint8Array): string {
  if (name !== undefined) return `format ${name} is not supported`;
  return `format is not known (it begins with ${hex(head, 8)})`;
}

/**
 * ERF has no magic: a record is a time (u64), type, flags, record length, loss counter, wire length. All records in
 * sight must make sense. Source: Endace ERF types guide.
 */
function looksLikeErf(head: Uint8Array): boolean {
  let records = 0;
  for (let at = 0; at + 16 <= head.length; records += 1) {
    const type = head[at + 8]! & 0x7f;
    const length = (head[at + 10]! << 8) | head[at + 11]!;
    if (type === 0 || type > 48 || length < 16) return false;
    at += length;
  }
  return records > 0;
}
