import { describe, it } from 'vitest';
import { listenerQuery, listenerReport, neighborSolicitation, routerAdvertisement } from './support/option-frames.ts';
import { expectValues } from './support/values.ts';

// The values are those that tshark 4.0 prints for these bytes.
describe('icmpv6 options and listener discovery', () => {
  it('reads the options of a router advertisement', () => {
    expectValues(routerAdvertisement, {
      'icmpv6.type': ['134'],
      'icmpv6.code': ['0'],
      'icmpv6.checksum': ['0x0000'],
      'icmpv6.nd.ra.cur_hop_limit': ['64'],
      'icmpv6.nd.ra.flag': ['0xc8'],
      'icmpv6.nd.ra.flag.m': ['1'],
      'icmpv6.nd.ra.flag.o': ['1'],
      'icmpv6.nd.ra.flag.h': ['0'],
      'icmpv6.nd.ra.flag.prf': ['1'],
      'icmpv6.nd.ra.flag.rsv': ['0'],
      'icmpv6.nd.ra.flag.p': ['0'],
      'icmpv6.nd.ra.router_lifetime': ['1800'],
      'icmpv6.nd.ra.reachable_time': ['1'],
      'icmpv6.nd.ra.retrans_timer': ['2'],
      'icmpv6.opt.type': ['3', '5', '7', '8', '24', '25', '31'],
      'icmpv6.opt.length': ['4', '1', '1', '1', '2', '3', '3'],
      'icmpv6.opt.prefix.length': ['64', '64'],
      'icmpv6.opt.prefix.flag': ['0xc0'],
      'icmpv6.opt.prefix.flag.l': ['1'],
      'icmpv6.opt.prefix.flag.a': ['1'],
      'icmpv6.opt.prefix.flag.r': ['0'],
      'icmpv6.opt.prefix.flag.reserved': ['0'],
      'icmpv6.opt.prefix.valid_lifetime': ['3600'],
      'icmpv6.opt.prefix.preferred_lifetime': ['1800'],
      'icmpv6.opt.prefix': ['2001:db8::1', '2001:db8:0:1::'],
      'icmpv6.opt.mtu': ['1500'],
      'icmpv6.opt.advertisement_interval': ['1000'],
      'icmpv6.opt.home_agent_preference': ['5'],
      'icmpv6.opt.home_agent_lifetime': ['1800'],
      'icmpv6.opt.route_info.flag': ['0x08'],
      'icmpv6.opt.route_info.flag.route_preference': ['1'],
      'icmpv6.opt.route_lifetime': ['3600'],
      'icmpv6.opt.rdnss.lifetime': ['3600'],
      'icmpv6.opt.rdnss': ['2001:db8::1'],
      'icmpv6.opt.dnssl.lifetime': ['3600'],
      'icmpv6.opt.dnssl': ['foo.com', 'a'],
    });
  });

  it('reads those of a neighbor solicitation', () => {
    expectValues(neighborSolicitation, {
      'icmpv6.type': ['135'],
      'icmpv6.code': ['0'],
      'icmpv6.checksum': ['0x0000'],
      'icmpv6.reserved': ['00000000'],
      'icmpv6.nd.ns.target_address': ['2001:db8::1'],
      'icmpv6.opt.type': ['1', '14', '33'],
      'icmpv6.opt.length': ['1', '1', '2'],
      'icmpv6.opt.linkaddr': ['02:00:00:00:00:01'],
      'icmpv6.opt.src_linkaddr': ['02:00:00:00:00:01'],
      'icmpv6.opt.nonce': ['010203040506'],
      'icmpv6.opt.aro.status': ['0'],
      'icmpv6.opt.aro.registration_lifetime': ['5'],
      'icmpv6.opt.aro.eui64': ['01:02:03:04:05:06:07:08'],
    });
  });

  it('reads a query of version 2', () => {
    expectValues(listenerQuery, {
      'icmpv6.type': ['130'],
      'icmpv6.code': ['0'],
      'icmpv6.checksum': ['0x0000'],
      'icmpv6.reserved': ['0000'],
      'icmpv6.mld.maximum_response_code': ['10000'],
      'icmpv6.mld.multicast_address': ['::'],
      'icmpv6.mld.flag': ['0x0a'],
      'icmpv6.mld.flag.s': ['1'],
      'icmpv6.mld.flag.qrv': ['2'],
      'icmpv6.mld.flag.reserved': ['0'],
      'icmpv6.mld.qqi': ['125'],
      'icmpv6.mld.nb_sources': ['1'],
      'icmpv6.mld.source_address': ['2001:db8::1'],
    });
  });

  it('reads a report with sources and auxiliary data', () => {
    expectValues(listenerReport, {
      'icmpv6.type': ['143'],
      'icmpv6.code': ['0'],
      'icmpv6.checksum': ['0x0000'],
      'icmpv6.reserved': ['0000'],
      'icmpv6.mldr.nb_mcast_records': ['1'],
      'icmpv6.mldr.mar.record_type': ['4'],
      'icmpv6.mldr.mar.aux_data_len': ['1'],
      'icmpv6.mldr.mar.nb_sources': ['1'],
      'icmpv6.mldr.mar.multicast_address': ['ff02::5'],
      'icmpv6.mldr.mar.source_address': ['2001:db8::1'],
      'icmpv6.mldr.mar.auxiliary_data': ['01020304'],
    });
  });
});
