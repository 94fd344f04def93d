/** The dispatch tables that dissectors meet in. Names are Wireshark's where Wireshark has the table. @module */
import { defineTable } from '../core/declare/table.ts';
import type { Frame } from '../core/frame/frame.ts';
import { linkTypes } from '../core/frame/walk.ts';

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
/** Labels at the bottom of an MPLS stack, for decode-as. */
export const mplsLabel = defineTable('mpls.label', 'MPLS label');
/** What an MPLS stack carries, by its first four bits (RFC 4928), apart from IP. */
export const mplsPayload = defineTable('mpls.pfn', 'MPLS payload, first four bits');
/** Whether a pseudowire for Ethernet has a control word (1) or not (0). */
export const ethernetPseudowire = defineTable('pw.eth', 'Ethernet pseudowire, with control word');
/** Channel types of the pseudowire associated channel (IANA), apart from IP. */
export const pseudowireChannel = defineTable('pwach.channel_type', 'Pseudowire associated channel type', 'hex');
/** Subtypes of the slow protocols (IEEE 802.3, table 57A-3). */
export const slowSubtype = defineTable('slow.subtype', 'Slow protocol subtype');
/** Point-to-Point Protocol numbers (IANA). */
export const pppProtocol = defineTable('ppp.protocol', 'PPP protocol', 'hex');
/** Network layer protocol ids (ISO/IEC TR 9577) of frame relay, apart from IP and PPP. */
export const networkLayerId = defineTable('fr.nlpid', 'Network layer protocol id', 'hex');
/** Protocols of Cisco HDLC that are no Ethertypes. */
export const chdlcProtocol = defineTable('chdlc.protocol', 'Cisco HDLC protocol', 'hex');
/** Protocol types of GRE that are not looked up as Ethertypes. */
export const greProtocol = defineTable('gre.proto', 'GRE protocol type', 'hex');
/** Next protocols of NSH and VXLAN-GPE (IANA): 1 IPv4, 2 IPv6, 3 Ethernet, 4 NSH, 5 MPLS. */
export const overlayProtocol = defineTable('nsh.next_proto', 'Next protocol of NSH and VXLAN-GPE');
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
/** SCTP payload protocol identifiers (IANA), looked up before the ports. */
export const sctpPayload = defineTable('sctp.ppi', 'SCTP payload protocol');
/** DCCP ports, the lower of both first. */
export const dccpPort = defineTable('dccp.port', 'DCCP port');
/** Protocol ids of the Modbus/TCP header; Modbus itself is 0. */
export const modbusProtocol = defineTable('mbtcp.prot_id', 'Modbus/TCP protocol id');
/** What a NetBIOS session message carries, which only its own first bytes tell. */
export const netbiosSession = defineTable('netbios', 'NetBIOS session message');

/** DNS messages behind the first one of a segment. */
export const dnsMessage = defineTable('dns.message', 'DNS message in a stream');
/** STUN messages behind the first one of a segment. */
export const stunMessage = defineTable('stun.message', 'STUN message in a stream');
/** Messages that DHCPv6 relays pass on. */
export const relayedDhcpv6 = defineTable('dhcpv6.relayed', 'DHCPv6 message in a relayed one');

/**
 * Hands on what follows an IPv6 header or extension header, or an AH: by `number`, as extension header or as protocol.
 * Extension headers have a table of their own, so that an IPv4 packet with protocol 0 or 44 is never read as if it had them.
 */
export function nextHeader(frame: Frame, number: number, at: number): boolean {
  return frame.next(ipv6Extension, number, at) || frame.next(ipProtocol, number, at);
}

/** Next protocols of NSH and VXLAN-GPE as Ethertypes, by their number. */
const OVERLAY_TYPES = [0, 0x0800, 0x86dd, 0, 0x894f, 0x8847];
const OVERLAY_ETHERNET = 3;

/** Hands on what an overlay carries that states its payload in the numbers of NSH, most of which have an Ethertype. */
export function nextOverlay(frame: Frame, number: number, at: number): boolean {
  if (frame.next(overlayProtocol, number, at)) return true;
  if (number === OVERLAY_ETHERNET) return frame.next(linkTypes, 1, at);
  return number < OVERLAY_TYPES.length && frame.next(etherType, OVERLAY_TYPES[number]!, at);
}
