/** The dissectors that run only when something behind them is asked for. @module */
import type { Dissector } from '../core/declare/dissector.ts';
import { bgp } from './bgp.ts';
import { cflow } from './cflow.ts';
import { dhcp } from './dhcp.ts';
import { dhcpv6 } from './dhcpv6.ts';
import { dns } from './dns.ts';
import { dtls } from './dtls.ts';
import { http } from './http.ts';
import { llmnr } from './llmnr.ts';
import { mbtcp } from './mbtcp.ts';
import { mdns } from './mdns.ts';
import { modbus } from './modbus.ts';
import { mqtt } from './mqtt.ts';
import { nbns } from './nbns.ts';
import { nbss } from './nbss.ts';
import { ntp } from './ntp.ts';
import { openvpn } from './openvpn.ts';
import { radius } from './radius.ts';
import { rtcp } from './rtcp.ts';
import { rtp } from './rtp.ts';
import { sip } from './sip.ts';
import { smb2 } from './smb2.ts';
import { snmp } from './snmp.ts';
import { ssdp } from './ssdp.ts';
import { ssh } from './ssh.ts';
import { stun } from './stun.ts';
import { syslog } from './syslog.ts';
import { tftp } from './tftp.ts';
import { tls } from './tls.ts';
import { wg } from './wg.ts';

export const applications: readonly Dissector[] = [
  // Tunnels
  wg,
  openvpn,
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
  ssdp,
  radius,
  rtp,
  rtcp,
  stun,
  cflow,
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
