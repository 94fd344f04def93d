import { Capture } from './capture.ts';
import { type Link, passTags, readLink } from './link.ts';

const IPV4_TYPE = 0x0800;
const TCP = 6;
const UDP = 17;
const ICMP = 1;
const ICMPV6 = 58;
const GTP = 2152;
const CAPWAP = 5247;
const TZSP = 37008;

/** What a tunnel's port leads to. */
type Way = 'done' | 'link' | 'network' | 'refused';

/**
 * A frame as NFStream 6.5.4 parses it with `decode_tunnels=True`, its defects included; written from the behaviour of
 * `lib_engine.c` and nDPI 4.7. One object is reused.
 */
export class Packet implements Link {
  readonly capture = new Capture();
  // Link.
  type = 0;
  ipAt = 0;
  vlan = 0;
  source = 0;
  destination = 0;
  payload = 0;
  wireless = 0;
  /** 0 none, 1 GTP-U, 2 CAPWAP, 3 TZSP. */
  tunnel = 0;
  /** 4 or 6. */
  version = 0;
  protocol = 0;
  /** Place of the two addresses in the frame. */
  addressAt = 0;
  sourcePort = 0;
  destinationPort = 0;
  /** FIN 1, SYN 2, RST 4, PSH 8, ACK 16, URG 32, ECE 64, CWR 128; 0 for anything but TCP. */
  flags = 0;
  ipSize = 0;
  transportSize = 0;
  payloadSize = 0;
  // Of the loop over headers: what the last IP header said where its Ethertype was seen.
  #protocol = 0;
  #fragment = 0;
  /** Where the transport header is looked for tunnels: correct for IPv4, wrong by design for IPv6. */
  #tunnelAt = 0;
  // Of the extension headers.
  #next = 0;
  #left = 0;
  #at = 0;

  /** False when the tool ignores the frame. */
  read(bytes: Uint8Array, start: number, end: number, linkType: number): boolean {
    const { capture } = this;
    capture.set(bytes, start, end);
    this.type = 0;
    this.vlan = 0;
    this.source = 0;
    this.destination = 0;
    this.payload = 0;
    this.wireless = 0;
    this.tunnel = 0;
    this.#protocol = 0;
    this.#fragment = 0;
    let linkAt = 0;
    for (let way: Way = 'link'; ; ) {
      if (way === 'link' && !(readLink(capture, linkType, linkAt, this) && passTags(capture, this))) return false;
      if (!this.#networks()) return false;
      way = this.#protocol === UDP ? this.#tunnels() : 'done';
      if (way === 'refused') return false;
      if (way === 'done') return this.version === 4 ? this.#ipv4() : this.#ipv6();
      if (way === 'link') linkAt = this.ipAt;
    }
  }

  /** Passes IP headers as far as the innermost. */
  #networks(): boolean {
    const { capture } = this;
    for (;;) {
      const at = this.ipAt;
      if (capture.length < at + 20) return false;
      if (this.type === IPV4_TYPE) {
        this.#fragment = capture.word(at + 6);
        this.#protocol = capture.byte(at + 9);
      }
      this.version = capture.byte(at) >> 4;
      if (this.version === 4) {
        const header = (capture.byte(at) & 15) * 4;
        const next = capture.byte(at + 9);
        if (next === 41 || next === 4) {
          this.ipAt = at + header;
          if (header > 0) continue;
        }
        this.#tunnelAt = this.ipAt + header;
        return (this.#fragment & 0x1fff) === 0;
      }
      if (this.version !== 6 || capture.length < at + 40) return false;
      this.#protocol = capture.byte(at + 6);
      if (capture.length < at + 40 + capture.word(at + 4) || !this.#extensions(at)) return false;
      this.#protocol = this.#next;
      this.#tunnelAt = at + this.#left;
      if (this.#next !== 4 && this.#next !== 41) return true;
      this.ipAt = this.#at;
    }
  }

  /** Passes the extension headers of the IPv6 header at `at`; false when the tool gives the packet up. */
  #extensions(at: number): boolean {
    const { capture } = this;
    let next = capture.byte(at + 6);
    let left = capture.word(at + 4);
    let place = at + 40;
    let behind = (capture.length - place) & 0xffff;
    while (behind > 1 && (next === 0 || next === 43 || next === 44 || next === 59 || next === 60 || next === 135)) {
      if (next === 59) return false;
      let length = 8;
      if (next === 44) {
        if (left < 8 || behind < 5 || capture.word(place + 2) >> 3 !== 0) return false;
        behind -= 5;
      } else {
        length = capture.byte(place + 1) * 8 + 8;
        if (behind < length || left < length) return false;
        behind -= length;
      }
      next = capture.byte(place);
      left -= length;
      place += length;
    }
    this.#next = next;
    this.#left = left;
    this.#at = place;
    return true;
  }

  /** Looks for a tunnel behind UDP; where one is entered `ipAt` moves. */
  #tunnels(): Way {
    const { capture } = this;
    const at = this.#tunnelAt;
    if (capture.length < at + 8) return 'refused';
    const [source, destination] = [capture.word(at), capture.word(at + 2)];
    if ((source === GTP || destination === GTP) && at + 16 < capture.length) return this.#gtp(at + 8);
    if (source === TZSP || destination === TZSP) return this.#tzsp(at + 8);
    if (source === CAPWAP || destination === CAPWAP) return this.#capwap(at + 8);
    return 'done';
  }

  #gtp(header: number): Way {
    const { capture } = this;
    const flags = capture.byte(header);
    if (flags >> 5 !== 1 || capture.byte(header + 1) !== 0xff) return 'done';
    let at = header + 8 + ((flags & 7) === 0 ? 0 : 4);
    if ((flags & 4) !== 0) {
      for (let more = true; more && at < capture.length; ) {
        const length = capture.byte(at) << 2;
        at += length;
        if (at >= capture.length || length === 0) return 'done';
        more = capture.byte(at - 1) !== 0;
      }
    }
    if (at >= capture.length) return 'done';
    this.tunnel = 1;
    this.ipAt = at;
    this.version = capture.byte(at) >> 4;
    if (this.version === 6) return capture.length < at + 40 ? 'refused' : 'done';
    return this.version !== 4 || capture.length < at + 20 ? 'refused' : 'done';
  }

  #tzsp(header: number): Way {
    const { capture } = this;
    if (capture.length < header + 4) return 'refused';
    this.tunnel = 3;
    if (capture.byte(header) !== 1 || capture.byte(header + 1) !== 0 || capture.word(header + 2) !== 1) return 'done';
    const at = header + 4;
    if (at >= capture.length) return 'done';
    // The frame is taken to begin behind the first tag.
    const tag = capture.byte(at);
    if (tag > 1 && at + 1 >= capture.length) return 'refused';
    this.ipAt = at + (tag <= 1 ? 1 : capture.byte(at + 1));
    return this.ipAt >= capture.length ? 'refused' : 'link';
  }

  #capwap(header: number): Way {
    const { capture } = this;
    if (header + 1 >= capture.length || (capture.byte(header) & 15) !== 0) return 'done';
    const at = header + ((capture.byte(header + 1) & 0xf8) >> 1);
    if (at + 32 >= capture.length) return 'done';
    this.source = capture.address(at + 10);
    this.destination = capture.address(at + 16);
    this.type = capture.word(at + 30);
    this.ipAt = at + 32;
    this.tunnel = 2;
    return 'network';
  }

  #ipv4(): boolean {
    const { capture, ipAt } = this;
    const behind = (capture.length - ipAt) & 0xffff;
    const header = (capture.byte(ipAt) & 15) * 4;
    const total = capture.word(ipAt + 2);
    if (behind < 20 || header > behind) return false;
    const transport = (total - header) & 0xffff;
    if (Math.max(total, behind) < header + transport) return false;
    this.ipSize = total;
    this.addressAt = ipAt + 12;
    this.#transport(capture.byte(ipAt + 9), ipAt + header, transport);
    return true;
  }

  #ipv6(): boolean {
    const { capture, ipAt } = this;
    const behind = (capture.length - ipAt) & 0xffff;
    const length = capture.word(ipAt + 4);
    if (behind < 40 || behind < 40 + length || !this.#extensions(ipAt)) return false;
    if (this.#at - ipAt > behind || Math.max(length, behind) < this.#at - ipAt + this.#left) return false;
    this.ipSize = length;
    this.addressAt = ipAt + 8;
    this.#transport(this.#next, this.#at, this.#left);
    return true;
  }

  #transport(protocol: number, at: number, length: number): void {
    const { capture } = this;
    this.protocol = protocol;
    this.sourcePort = 0;
    this.destinationPort = 0;
    this.flags = 0;
    this.transportSize = length;
    this.payloadSize = 0;
    if (protocol === TCP && length >= 20) {
      this.flags = capture.byte(at + 13);
      this.payloadSize = Math.max(0, length - (capture.byte(at + 12) >> 4) * 4);
    } else if ((protocol === UDP && length >= 8) || protocol === ICMP || protocol === ICMPV6) {
      this.payloadSize = Math.max(0, length - 8);
    } else this.transportSize = 0;
    if (this.transportSize > 0 && (protocol === TCP || protocol === UDP)) {
      this.sourcePort = capture.word(at);
      this.destinationPort = capture.word(at + 2);
    }
  }
}
