import { describe, expect, it } from 'vitest';
import { bgpOpen, bgpUpdate, toTcp } from './support/application-frames.ts';
import { dissect } from './support/registry.ts';
import { expectValues } from './support/values.ts';

// The values are those that tshark 4.0 prints for these bytes.
describe('bgp', () => {
  it('reads OPEN with capabilities', () => {
    expectValues(bgpOpen, {
      'bgp.marker': ['ffffffffffffffffffffffffffffffff'],
      'bgp.length': ['59'],
      'bgp.type': ['1'],
      'bgp.open.version': ['4'],
      'bgp.open.myas': ['23456'],
      'bgp.open.holdtime': ['180'],
      'bgp.open.identifier': ['1.2.3.4'],
      'bgp.open.opt.len': ['30'],
      'bgp.open.opt.param.type': ['2', '2', '2', '2'],
      'bgp.open.opt.param.len': ['6', '6', '8', '2'],
      'bgp.cap.type': ['1', '65', '64', '70'],
      'bgp.cap.length': ['4', '4', '6', '0'],
      'bgp.cap.mp.afi': ['2'],
      'bgp.cap.reserved': ['00'],
      'bgp.cap.mp.safi': ['1'],
      'bgp.cap.gr.timers': ['0x8078'],
      'bgp.cap.gr.timers.restart_flag': ['1'],
      'bgp.cap.gr.timers.notification_flag': ['0'],
      'bgp.cap.gr.timers.restart_time': ['120'],
      'bgp.cap.gr.afi': ['1'],
      'bgp.cap.gr.safi': ['1'],
      'bgp.cap.gr.flag': ['0x80'],
      'bgp.cap.gr.flag.pfs': ['1'],
      'bgp.cap.4as': ['130536'],
    });
  });

  it('reads UPDATE and what follows it', () => {
    expectValues(bgpUpdate, {
      'bgp.marker': ['ffffffffffffffffffffffffffffffff', 'ffffffffffffffffffffffffffffffff'],
      'bgp.length': ['76', '19'],
      'bgp.type': ['2', '4'],
      'bgp.update.withdrawn_routes.length': ['4'],
      'bgp.prefix_length': ['24', '24', '8'],
      'bgp.withdrawn_prefix': ['10.1.2.0'],
      'bgp.update.path_attributes.length': ['43'],
      'bgp.update.path_attribute.flags': ['0x40', '0x50', '0x40', '0x80', '0xc0'],
      'bgp.update.path_attribute.flags.optional': ['0', '0', '0', '1', '1'],
      'bgp.update.path_attribute.flags.transitive': ['1', '1', '1', '0', '1'],
      'bgp.update.path_attribute.flags.partial': ['0', '0', '0', '0', '0'],
      'bgp.update.path_attribute.flags.extended_length': ['0', '1', '0', '0', '0'],
      'bgp.update.path_attribute.flags.unused': ['0x00', '0x00', '0x00', '0x00', '0x00'],
      'bgp.update.path_attribute.type_code': ['1', '2', '3', '4', '8'],
      'bgp.update.path_attribute.length': ['1', '10', '4', '4', '8'],
      'bgp.update.path_attribute.origin': ['0'],
      'bgp.update.path_attribute.as_path_segment.type': ['2'],
      'bgp.update.path_attribute.as_path_segment.length': ['2'],
      'bgp.update.path_attribute.as_path_segment.as4': ['130537', '65000'],
      'bgp.update.path_attribute.next_hop': ['10.0.0.1'],
      'bgp.update.path_attribute.multi_exit_disc': ['100'],
      'bgp.update.path_attribute.community_wellknown': ['0xffffff01'],
      'bgp.update.path_attribute.community_as': ['65000'],
      'bgp.update.path_attribute.community_value': ['1'],
      'bgp.nlri_prefix': ['10.2.3.0', '11.0.0.0'],
    });
  });

  it('needs its marker', () => {
    expect(dissect(toTcp(179, 'ff'.repeat(15), '00 0013 04')).names.at(-1)).toBe('tcp');
    expect(dissect(toTcp(179, 'ff'.repeat(16), '0012 04')).names.at(-1)).toBe('tcp');
  });
});
