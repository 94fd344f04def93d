import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { noTshark } from '../../dissectors/support/tshark.ts';
import { unless } from '../../dissectors/support/unless.ts';
import { rowBytes, vendored } from './support.ts';

// Whole lines of the engine against tshark's, byte by byte, with fields whose dissectors agree with it: what each field
// holds is the matter of the dissectors' own tests.

const FIELDS = [
  ...['frame.number', 'frame.time_epoch', 'frame.time_delta', 'frame.time_relative', 'frame.len', 'frame.cap_len'],
  ...['frame.interface_id', 'frame.interface_name', 'frame.comment', 'eth.src', 'eth.addr', 'eth.type', 'vlan.id'],
  ...['ip.src', 'ip.id', 'ip.flags.df', 'ip.ttl', 'ip.dsfield.dscp', 'arp.src.hw_mac', 'arp.opcode'],
  ...['tcp.port', 'tcp.flags', 'tcp.flags.str', 'tcp.window_size_value', 'tcp.option_kind'],
  ...['tcp.options.timestamp.tsval', 'udp.port', 'udp.length', 'icmp.type'],
];

const PREFERENCES = [
  ...['ip.defragment:FALSE', 'ipv6.defragment:FALSE', 'tcp.desegment_tcp_streams:FALSE', 'eth.fcs:Never'],
  ...['tcp.relative_sequence_numbers:FALSE', 'tcp.analyze_sequence_numbers:FALSE'],
];

/** Captures that tshark reads in another way: blocks that are no frames, interfaces of another section, link types. */
const OTHER = [
  'pcapng-be-all-blocks-test102',
  'pcapng-be-mixed-endian-sections-test202',
  'pcapng-le-sections-test201',
  'pcapng-le-unknown-section-version-test901',
  'pcapng-invalid-vers-1',
  'solaris.snoop',
  'bad-caplen',
  'clusterfuzz',
];
/** Damaged on purpose, or of protocols that only tshark has: their dissectors have their own tests. */
const BEYOND = ['malformed/', 'AH-IPcomp', 'hoobr', 'mpls-6in6', 'erspan', 'fddi'];

function tshark(capture: string): Buffer {
  const preferences = PREFERENCES.flatMap((preference) => ['-o', preference]);
  const fields = FIELDS.flatMap((name) => ['-e', name]);
  const options = ['-n', '-r', capture, ...preferences, '-T', 'fields', ...fields];
  return spawnSync('tshark', options, { maxBuffer: 1 << 30 }).stdout;
}

const folder = vendored('');
const all = existsSync(folder) ? readdirSync(folder, { recursive: true, encoding: 'utf8' }) : [];
const captures = all
  .filter((name) => /^(formats|link|network)\/.*\.(pcap|pcapng)(\.gz)?$/.test(name))
  .filter((name) => ![...OTHER, ...BEYOND].some((part) => name.includes(part)))
  .toSorted();

describe('tsv is byte by byte what tshark prints', () => {
  it.for(captures)('%s', async (name, { skip }) => {
    unless(noTshark, skip);
    const path = join(folder, name);
    const ours = (await rowBytes(path, FIELDS)).toString();
    expect(ours.split('\n')).toEqual(tshark(path).toString().split('\n'));
  });
});
