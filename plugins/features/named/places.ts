import { defineFeature, type Feature } from '../../../core/declare/feature.ts';

const HOME = 'empty without flow.homeNetworks, and for flows of link addresses';

/** Where a flow lies: level and tunnel, link, home networks; and its name in other tools. */
export const placeFeatures: readonly Feature[] = [
  defineFeature({
    name: 'level',
    description: 'Which packets of frames the flow is made of: the outermost (outer) or the innermost (inner).',
    value: 'level',
    empty: 'never empty',
  }),
  defineFeature({
    name: 'tunnel',
    description: 'Protocol of the tunnel header nearest around the first frame (vxlan, gre, gtp; ip for IP in IP).',
    value: 'first(tunnel.name)',
    empty: 'empty outside of tunnels',
  }),
  defineFeature({
    name: 'tunnel_id',
    description: 'Id of that tunnel, where it is the same in both directions: part of the key.',
    value: 'first(tunnel.id)',
    empty: 'empty outside of tunnels with such an id',
  }),
  defineFeature({
    name: 'ether_type',
    description: 'Ethertype of what the link of the first frame carries, behind VLAN tags.',
    value: 'default(first(vlan.etype), default(first(ieee8021ah.etype), first(eth.type)))',
    empty: 'empty for links without one',
  }),
  defineFeature({
    name: 'src_home',
    description: 'The source lies in a home network.',
    value: 'src_home',
    empty: HOME,
  }),
  defineFeature({
    name: 'dst_home',
    description: 'The destination lies in a home network.',
    value: 'dst_home',
    empty: HOME,
  }),
  defineFeature({
    name: 'direction',
    description: 'Where the flow goes, seen from the home networks: outbound, inbound, internal or external.',
    value: 'direction',
    empty: HOME,
  }),
  defineFeature({
    name: 'community_id',
    description: 'Community ID, version 1, with the seed of flow.communityIdSeed: names the flow as other tools do.',
    value: 'community_id',
    empty: 'empty without addresses and protocol in the key, and where ports that belong to it are not known',
  }),
];
