/** The dissectors that a flow's key, lengths and anomalies depend on: links, networks, transports, tunnels. @module */
import type { Dissector } from '../core/declare/dissector.ts';
import { ah } from './ah.ts';
import { arp } from './arp.ts';
import { capwap, capwapData } from './capwap.ts';
import { cdp } from './cdp.ts';
import { chdlc } from './chdlc.ts';
import { cmd } from './cmd.ts';
import { dccp } from './dccp.ts';
import { eapol } from './eapol.ts';
import { eigrp } from './eigrp.ts';
import { erspan } from './erspan.ts';
import { esp } from './esp.ts';
import { eth } from './eth.ts';
import { etherip } from './etherip.ts';
import { fddi } from './fddi.ts';
import { fr } from './fr.ts';
import { geneve } from './geneve.ts';
import { gre } from './gre.ts';
import { gtp } from './gtp.ts';
import { hip } from './hip.ts';
import { icmp } from './icmp.ts';
import { icmpv6 } from './icmpv6.ts';
import { ieee8021ad } from './ieee8021ad.ts';
import { ieee8021ah } from './ieee8021ah.ts';
import { igmp } from './igmp.ts';
import { ip } from './ip.ts';
import { ipcp } from './ipcp.ts';
import { ipoib } from './ipoib.ts';
import { ipv6 } from './ipv6.ts';
import { ipv6Fragment } from './ipv6-fragment.ts';
import { ipv6DestinationOptions, ipv6HopByHop } from './ipv6-options.ts';
import { ipv6Routing } from './ipv6-routing.ts';
import { l2tp } from './l2tp.ts';
import { lacp } from './lacp.ts';
import { lcp } from './lcp.ts';
import { llc } from './llc.ts';
import { lldp } from './lldp.ts';
import { loop } from './loop.ts';
import { macsec } from './macsec.ts';
import { mipv6 } from './mipv6.ts';
import { mpls } from './mpls.ts';
import { nflog } from './nflog.ts';
import { nsh } from './nsh.ts';
import { nullLoopback } from './null.ts';
import { ospf } from './ospf.ts';
import { pim } from './pim.ts';
import { ppi } from './ppi.ts';
import { ppp } from './ppp.ts';
import { pppoeDiscovery, pppoeSession } from './pppoe.ts';
import { pseudowireGuess, pseudowireWithControlWord, pseudowireWithoutControlWord } from './pseudowire.ts';
import { pwach } from './pwach.ts';
import { radiotap } from './radiotap.ts';
import { raw } from './raw.ts';
import { sctp } from './sctp.ts';
import { shim6 } from './shim6.ts';
import { sll } from './sll.ts';
import { sll2 } from './sll2.ts';
import { slow } from './slow.ts';
import { stp } from './stp.ts';
import { tcp } from './tcp.ts';
import { teredo } from './teredo.ts';
import { tzsp } from './tzsp.ts';
import { udp } from './udp.ts';
import { udplite } from './udplite.ts';
import { vlan } from './vlan.ts';
import { vrrp } from './vrrp.ts';
import { vxlan } from './vxlan.ts';
import { vxlanGpe } from './vxlan-gpe.ts';
import { wlan } from './wlan.ts';

export const carriers: readonly Dissector[] = [
  // Link layers
  eth,
  nullLoopback,
  raw,
  sll,
  sll2,
  ieee8021ad,
  vlan,
  llc,
  ieee8021ah,
  mpls,
  pseudowireGuess,
  pseudowireWithControlWord,
  pseudowireWithoutControlWord,
  pwach,
  pppoeDiscovery,
  pppoeSession,
  ppp,
  lcp,
  ipcp,
  chdlc,
  radiotap,
  wlan,
  cmd,
  lldp,
  stp,
  eapol,
  cdp,
  slow,
  lacp,
  nflog,
  ppi,
  fr,
  fddi,
  ipoib,
  loop,
  macsec,
  // Network layers
  arp,
  ip,
  ipv6,
  ipv6HopByHop,
  ipv6Routing,
  ipv6Fragment,
  ipv6DestinationOptions,
  ah,
  mipv6,
  hip,
  shim6,
  // Transports
  tcp,
  udp,
  udplite,
  sctp,
  dccp,
  icmp,
  icmpv6,
  esp,
  eigrp,
  ospf,
  pim,
  vrrp,
  igmp,
  // Tunnels
  gre,
  erspan,
  vxlan,
  vxlanGpe,
  geneve,
  nsh,
  gtp,
  teredo,
  etherip,
  l2tp,
  capwap,
  capwapData,
  tzsp,
];
