/** Every dissector of the package, outermost first. @module */
import type { Dissector } from '../core/declare/dissector.ts';
import { ah } from './ah.ts';
import { arp } from './arp.ts';
import { bgp } from './bgp.ts';
import { dccp } from './dccp.ts';
import { dhcp } from './dhcp.ts';
import { dhcpv6 } from './dhcpv6.ts';
import { dns } from './dns.ts';
import { dtls } from './dtls.ts';
import { esp } from './esp.ts';
import { eth } from './eth.ts';
import { hip } from './hip.ts';
import { http } from './http.ts';
import { icmp } from './icmp.ts';
import { icmpv6 } from './icmpv6.ts';
import { ieee8021ad } from './ieee8021ad.ts';
import { ip } from './ip.ts';
import { ipv6 } from './ipv6.ts';
import { ipv6Fragment } from './ipv6-fragment.ts';
import { ipv6DestinationOptions, ipv6HopByHop } from './ipv6-options.ts';
import { ipv6Routing } from './ipv6-routing.ts';
import { llc } from './llc.ts';
import { llmnr } from './llmnr.ts';
import { mbtcp } from './mbtcp.ts';
import { mdns } from './mdns.ts';
import { mipv6 } from './mipv6.ts';
import { modbus } from './modbus.ts';
import { mqtt } from './mqtt.ts';
import { nbns } from './nbns.ts';
import { nbss } from './nbss.ts';
import { ntp } from './ntp.ts';
import { nullLoopback } from './null.ts';
import { raw } from './raw.ts';
import { sctp } from './sctp.ts';
import { shim6 } from './shim6.ts';
import { sip } from './sip.ts';
import { sll } from './sll.ts';
import { sll2 } from './sll2.ts';
import { smb2 } from './smb2.ts';
import { snmp } from './snmp.ts';
import { ssh } from './ssh.ts';
import { syslog } from './syslog.ts';
import { tcp } from './tcp.ts';
import { tftp } from './tftp.ts';
import { tls } from './tls.ts';
import { udp } from './udp.ts';
import { udplite } from './udplite.ts';
import { vlan } from './vlan.ts';

export const dissectors: readonly Dissector[] = [
  // Link layers
  eth,
  nullLoopback,
  raw,
  sll,
  sll2,
  ieee8021ad,
  vlan,
  llc,
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
  // Applications
  dns,
  mdns,
  llmnr,
  nbns,
  dhcp,
  dhcpv6,
  ntp,
  snmp,
  tftp,
  syslog,
  tls,
  dtls,
  bgp,
  mqtt,
  ssh,
  nbss,
  smb2,
  sip,
  http,
  mbtcp,
  modbus,
];
