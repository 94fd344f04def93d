/** The dispatch tables that dissectors meet in. Names are Wireshark's where Wireshark has the table. @module */
import { defineTable } from '../core/declare/table.ts';
import type { Frame } from '../core/frame/frame.ts';

export { linkTypes } from '../core/frame/walk.ts';

/** IEEE 802 numbers from 1536 (0x0600) up, in Ethernet, tags, SNAP and cooked captures. */
export const etherType = defineTable('ethertype', 'Ethertype', 'hex');
/** Linux's numbers below 1536 for what has no Ethertype: 1 Novell's raw 802.3, 4 802.2 LLC (linux/if_ether.h). */
export const linuxType = defineTable('sll.ltype', 'Linux protocol type without an Ethertype', 'hex');
/** IEEE 802.2 service access points. */
export const llcSap = defineTable('llc.dsap', 'LLC service access point', 'hex');
/** Protocol ids under Cisco's OUI 00000c. */
export const ciscoPid = defineTable('llc.cisco_pid', 'SNAP protocol id of OUI 00:00:0c (Cisco)', 'hex');
/** Protocol ids under IEEE 802.1's OUI 0080c2 (RFC 2684, appendix B): bridged frames. */
export const bridgedPid = defineTable('llc.bridged_pid', 'SNAP protocol id of OUI 00:80:c2 (IEEE 802.1)', 'hex');
/** Address families of the null and loop link layers, which differ from system to system for IPv6. */
export const nullFamily = defineTable('null.type', 'Null and loop family');
/** Point-to-Point Protocol numbers (IANA). */
export const pppProtocol = defineTable('ppp.protocol', 'PPP protocol', 'hex');
/** IP protocol numbers (IANA), for IPv4 and IPv6. */
export const ipProtocol = defineTable('ip.proto', 'IP protocol');
/** Next headers that only IPv6 has: its extension headers. Looked up before `ip.proto`. */
export const ipv6Extension = defineTable('ipv6.nxt', 'IPv6 extension header');
/** TCP ports, the lower of both first. */
export const tcpPort = defineTable('tcp.port', 'TCP port');
/** UDP ports, the lower of both first. */
export const udpPort = defineTable('udp.port', 'UDP port');
/** SCTP ports, the lower of both first. */
export const sctpPort = defineTable('sctp.port', 'SCTP port');

/**
 * Hands on what follows an IPv6 header or extension header, or an AH: by `number`, as extension header or as protocol.
 * Extension headers have a table of their own, so that an IPv4 packet with protocol 0 or 44 is never read as if it had them.
 */
export function nextHeader(frame: Frame, number: number, at: number): boolean {
  return frame.next(ipv6Extension, number, at) || frame.next(ipProtocol, number, at);
}
