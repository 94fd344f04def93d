const IPV4 = 0x0800;
const IPV6 = 0x86dd;
const VLANS: ReadonlySet<number> = new Set([0x8100, 0x88a8, 0x9100]);
/** LINKTYPE numbers of frames that begin with an IP header. */
const RAW: ReadonlySet<number> = new Set([12, 101, 228]);
const ICMP = 1;
const IGMP = 2;
const TCP = 6;
const UDP = 17;
const SCTP = 132;
/** Protocol numbers above 61 that the corrected fork knows; it drops packets with any other. */
const KNOWN: ReadonlySet<number> = new Set([94, 103, 111, 118, SCTP, 133, 137]);

/** Which program: the corrected fork, or the original. */
export type Fork = 'corrected' | 'original';

/** A frame as CICFlowMeter sees it, less its rows of addresses that do not exist. One object is reused. */
export class Packet {
  /** Place of the two addresses in `bytes`. */
  addressAt = 0;
  protocol = 0;
  sourcePort = 0;
  destinationPort = 0;
  /** Bytes of the transport header alone. */
  header = 0;
  /** Captured bytes behind it. */
  payload = 0;
  /** FIN 1, SYN 2, RST 4, PSH 8, ACK 16, URG 32, ECE 64, CWR 128. */
  flags = 0;
  window = 0;
  sequence = 0;
  acknowledgment = 0;
  /** -1 for anything but ICMP. */
  type = -1;
  code = -1;
  readonly #fork: Fork;
  #bytes: Uint8Array = new Uint8Array(0);
  #end = 0;

  constructor(fork: Fork) {
    this.#fork = fork;
  }

  /** False when the program ignores the frame. */
  read(bytes: Uint8Array, start: number, end: number, linkType: number): boolean {
    this.#bytes = bytes;
    this.#end = end;
    this.#forget();
    if (RAW.has(linkType)) return bytes[start]! >> 4 === 4 && this.#ipv4(start, false, true);
    // Whatever the link type, the frame is read as Ethernet.
    let at = start + 12;
    while (at + 4 <= end && VLANS.has(this.#word(at))) at += 4;
    if (at + 2 > end) return false;
    const type = this.#word(at);
    if (type === IPV4) return this.#ipv4(at + 2, at === start + 12, true);
    if (type === IPV6 && at + 42 <= end && bytes[at + 2]! >> 4 === 6 && bytes[at + 8] === 4)
      return this.#ipv4(at + 42, false, true);
    const snap = type <= 1500 && this.#fork === 'corrected' && at + 10 <= end && this.#word(at + 2) === 0xaaaa;
    return snap && this.#word(at + 8) === IPV4 && this.#ipv4(at + 10, false, false);
  }

  #forget(): void {
    this.protocol = 0;
    this.sourcePort = 0;
    this.destinationPort = 0;
    this.header = 0;
    this.payload = 0;
    this.flags = 0;
    this.window = 0;
    this.sequence = 0;
    this.acknowledgment = 0;
    this.type = -1;
    this.code = -1;
  }

  /**
   * @param trimmed padding behind the packet is taken off
   * @param transports the transport header is looked at
   */
  #ipv4(at: number, trimmed: boolean, transports: boolean): boolean {
    const bytes = this.#bytes;
    const header = (bytes[at]! & 15) * 4;
    // The version is not looked at.
    if (at + 20 > this.#end || header < 20 || at + header > this.#end) return false;
    this.addressAt = at + 12;
    const total = this.#word(at + 2);
    if (trimmed && total >= header) this.#end = Math.min(this.#end, at + total);
    return !transports || this.#transport(at);
  }

  /** Reads what the IPv4 header at `at` carries; false where the program drops the packet. */
  #transport(at: number): boolean {
    const bytes = this.#bytes;
    const protocol = bytes[at + 9]!;
    const place = at + (bytes[at]! & 15) * 4;
    const left = this.#end - place;
    if (this.#fork === 'corrected' && protocol > 61 && !KNOWN.has(protocol)) return false;
    if ((this.#word(at + 6) & 0x1fff) !== 0) return true; // a later fragment
    if (protocol === 4) {
      const inner = left >= 20 && bytes[place]! >> 4 === 4 && (bytes[place]! & 15) >= 5;
      return !inner || this.#transport(place);
    }
    if (protocol === TCP && left >= 20) this.#tcp(place, left);
    else if (protocol === UDP && left >= 8) this.#ports(place, UDP, 8, left);
    else if (protocol === ICMP && left >= 2) this.#icmp(place, left);
    else if (protocol === SCTP && left >= 12 && this.#fork === 'corrected') this.#ports(place, SCTP, 12, left);
    else if (protocol === IGMP && this.#fork === 'corrected') this.protocol = IGMP;
    return true;
  }

  #ports(at: number, protocol: number, header: number, left: number): void {
    this.protocol = protocol;
    this.sourcePort = this.#word(at);
    this.destinationPort = this.#word(at + 2);
    this.header = Math.min(header, left);
    this.payload = left - this.header;
  }

  #tcp(at: number, left: number): void {
    this.#ports(at, TCP, (this.#bytes[at + 12]! >> 4) * 4, left);
    this.sequence = this.#word(at + 4) * 65_536 + this.#word(at + 6);
    this.acknowledgment = this.#word(at + 8) * 65_536 + this.#word(at + 10);
    this.flags = this.#bytes[at + 13]!;
    this.window = this.#word(at + 14);
  }

  #icmp(at: number, left: number): void {
    if (this.#fork === 'corrected') {
      this.protocol = ICMP;
      this.type = this.#bytes[at]!;
      this.code = this.#bytes[at + 1]!;
      return;
    }
    // The original takes the ports of the packet that an ICMP error quotes.
    const error = this.#bytes[at] === 3 || this.#bytes[at] === 12;
    if (error && left >= 28 && this.#bytes[at + 8]! >> 4 === 4) this.#transport(at + 8);
  }

  #word(at: number): number {
    return at + 1 < this.#end ? (this.#bytes[at]! << 8) | this.#bytes[at + 1]! : 0;
  }
}
