import type { Capture } from './capture.ts';

const IPV4 = 0x0800;
const IPV6 = 0x86dd;
const VLAN = 0x8100;
const SNAP = 0xaa;
const SPANNING_TREE = 0x42;
/** Bytes a frame must have: an IP header and a UDP header. */
const SHORTEST = 28;

/** What stands before the network header: found from the link type, then from the Ethertype. */
export interface Link {
  /** Ethertype, or 0. */
  type: number;
  /** Where an IP header is expected. */
  ipAt: number;
  vlan: number;
  /** Link addresses as 48-bit numbers. */
  source: number;
  destination: number;
  /** 802.3 length of the last Ethernet header that had one. */
  payload: number;
  /** Bytes of the last 802.11 header. */
  wireless: number;
}

/** LINKTYPE numbers, and what reads their headers: false refuses the frame. */
const READERS: Readonly<Record<number, (capture: Capture, at: number, link: Link) => boolean>> = {
  0: loopback,
  1: ethernet,
  9: ppp,
  12: rawIp,
  50: pppSerial,
  101: rawIp,
  104: ppp,
  113: cooked,
  127: radiotap,
  228: (_capture, at, link) => to(link, IPV4, at),
  229: (_capture, at, link) => to(link, IPV6, at),
};

function to(link: Link, type: number, ipAt: number): boolean {
  link.type = type;
  link.ipAt = ipAt;
  return true;
}

/** Reads the link header at `at`; false when the tool refuses the frame. */
export function readLink(capture: Capture, linkType: number, at: number, link: Link): boolean {
  return capture.length >= at + SHORTEST && READERS[linkType]?.(capture, at, link) === true;
}

function loopback(capture: Capture, at: number, link: Link): boolean {
  return to(link, capture.word(at) === 0 && capture.word(at + 2) === 2 ? IPV4 : IPV6, at + 4);
}

function pppSerial(capture: Capture, at: number, link: Link): boolean {
  return to(link, capture.word(at + 2), at + 4);
}

function ppp(capture: Capture, at: number, link: Link): boolean {
  // Cisco's framing is known by the first byte of the frame, wherever this header stands.
  const first = capture.byte(0);
  return first === 0x0f || first === 0x8f ? pppSerial(capture, at, link) : to(link, capture.word(at), at + 2);
}

function rawIp(capture: Capture, at: number, link: Link): boolean {
  const version = capture.byte(at) >> 4;
  return to(link, version === 4 ? IPV4 : version === 6 ? IPV6 : link.type, at);
}

function cooked(capture: Capture, at: number, link: Link): boolean {
  return to(link, capture.word(at + 14), at + 16);
}

function ethernet(capture: Capture, at: number, link: Link): boolean {
  link.destination = capture.address(at);
  link.source = capture.address(at + 6);
  const number = capture.word(at + 12);
  link.ipAt = at + 14;
  if (number <= 1500) link.payload = number;
  else if (number >= 1536) link.type = number;
  if (link.payload === 0) return true;
  const [destination, source] = [capture.byte(link.ipAt), capture.byte(link.ipAt + 1)];
  if (destination === SNAP || source === SNAP) {
    // The number is taken in the byte order of the machine: it never equals an Ethertype.
    link.type = capture.byte(link.ipAt + 6) | (capture.byte(link.ipAt + 7) << 8);
    link.ipAt += 8;
    return true;
  }
  return destination !== SPANNING_TREE && source !== SPANNING_TREE;
}

function radiotap(capture: Capture, at: number, link: Link): boolean {
  const length = capture.byte(at + 2) | (capture.byte(at + 3) << 8);
  if ((capture.byte(at + 16) & 0x50) === 0x50) return false; // the frame check sequence is wrong
  const header = at + length;
  if (capture.length < header + 24) return false;
  const control = capture.byte(header) | (capture.byte(header + 1) << 8);
  if (((control >> 2) & 3) !== 2) return false; // no data frame
  const [toSystem, fromSystem] = [(control & 0x0100) !== 0, (control & 0x0200) !== 0];
  if (toSystem !== fromSystem) link.wireless = 26;
  link.source = capture.address(header + 10);
  link.destination = capture.address(header + 16);
  const control802 = header + link.wireless;
  if (capture.length < control802 + 8) return false;
  if (capture.byte(control802) === SNAP) link.type = capture.word(control802 + 6);
  link.ipAt = control802 + 8;
  return true;
}

/** Passes VLAN tags, MPLS labels and PPPoE headers; false when the capture ends in one. */
export function passTags(capture: Capture, link: Link): boolean {
  for (;;) {
    const { length } = capture;
    switch (link.type) {
      case VLAN:
        if (link.ipAt + 4 >= length) return false;
        do {
          link.vlan = capture.word(link.ipAt) & 0xfff;
          link.type = capture.word(link.ipAt + 2);
          link.ipAt += 4;
        } while (link.type === VLAN && link.ipAt + 4 < length);
        break;
      case 0x8847:
      case 0x8848: {
        if (link.ipAt + 4 >= length) return false;
        let last = capture.byte(link.ipAt + 2) & 1;
        link.ipAt += 4;
        while (last === 0 && link.ipAt + 4 < length) {
          last = capture.byte(link.ipAt + 2) & 1;
          link.ipAt += 4;
        }
        link.type = IPV4;
        break;
      }
      case 0x8864:
        link.type = IPV4;
        link.ipAt += 8;
        break;
      default:
        return true;
    }
  }
}
