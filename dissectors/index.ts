/** Every dissector of the package, outermost first. @module */
import type { Dissector } from '../core/declare/dissector.ts';
import { ah } from './ah.ts';
import { arp } from './arp.ts';
import { esp } from './esp.ts';
import { eth } from './eth.ts';
import { hip } from './hip.ts';
import { icmp } from './icmp.ts';
import { icmpv6 } from './icmpv6.ts';
import { ieee8021ad } from './ieee8021ad.ts';
import { ip } from './ip.ts';
import { ipv6 } from './ipv6.ts';
import { ipv6Fragment } from './ipv6-fragment.ts';
import { ipv6DestinationOptions, ipv6HopByHop } from './ipv6-options.ts';
import { ipv6Routing } from './ipv6-routing.ts';
import { llc } from './llc.ts';
import { mipv6 } from './mipv6.ts';
import { nullLoopback } from './null.ts';
import { raw } from './raw.ts';
import { shim6 } from './shim6.ts';
import { sll } from './sll.ts';
import { sll2 } from './sll2.ts';
import { tcp } from './tcp.ts';
import { udp } from './udp.ts';
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
  icmp,
  icmpv6,
  esp,
];
