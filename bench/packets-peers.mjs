import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { createReadStream, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { versionOf } from './machine.mjs';
import { which } from './measure.mjs';

const five = ['frame.time_epoch', 'ip.src', 'ip.dst', 'tcp.srcport', 'tcp.dstport'];
const forty = [
  ...['frame.number', 'frame.time_epoch', 'frame.time_delta', 'frame.time_relative', 'frame.len', 'frame.cap_len'],
  ...['eth.src', 'eth.dst', 'eth.type', 'vlan.id', 'ip.src', 'ip.dst', 'ip.len', 'ip.id', 'ip.flags.df', 'ip.flags.mf'],
  ...['ip.frag_offset', 'ip.ttl', 'ip.proto', 'ip.dsfield.dscp', 'ipv6.src', 'ipv6.dst', 'ipv6.plen', 'ipv6.nxt'],
  ...['ipv6.hlim', 'tcp.srcport', 'tcp.dstport', 'tcp.seq', 'tcp.ack', 'tcp.hdr_len', 'tcp.flags'],
  ...['tcp.window_size_value', 'tcp.len', 'udp.srcport', 'udp.dstport', 'udp.length', 'icmp.type', 'icmp.code'],
  ...['dns.id', 'dns.qry.name'],
];

/** Without what packetloom does not do either: reassembly, analysis of streams, heuristics for check sequences. */
const alike = [
  ...['ip.defragment:FALSE', 'ipv6.defragment:FALSE', 'tcp.desegment_tcp_streams:FALSE', 'eth.fcs:Never'],
  ...['tcp.relative_sequence_numbers:FALSE', 'tcp.analyze_sequence_numbers:FALSE'],
];

/**
 * Which part of the capture a peer reads: all of it, or its first frames where it is slow.
 * @typedef {'whole' | 'tree' | 'slow'} Part
 */

/**
 * What is measured, with the reason why it cannot be where there is one.
 * @typedef {import('./peers.mjs').Peer & { part: Part, missing?: string }} PacketPeer
 */

const rowsFile = ({ folder }) => join(folder, 'rows');

/** Rows, bytes and digest of what a peer wrote, so that the same rows are seen to be the same. */
async function writtenBy(context) {
  const hash = createHash('sha256');
  let [rows, size] = [0, 0];
  for await (const piece of createReadStream(rowsFile(context), { highWaterMark: 1 << 20 })) {
    hash.update(piece);
    size += piece.length;
    for (let at = piece.indexOf(10); at >= 0; at = piece.indexOf(10, at + 1)) rows++;
  }
  return { flows: null, packets: rows, size, digest: hash.digest('hex') };
}

/** @param {readonly string[]} fields @param {string} words @returns {PacketPeer} */
function packetloom(fields, words) {
  const options = ['--fields', fields.join(','), '--format', 'tsv', '--no-header'];
  return {
    name: `packetloom-${fields.length}`,
    title: `packetloom packets, ${words} fields`,
    needs: [],
    part: 'whole',
    command: (context) => ({
      stages: [[process.execPath, context.program, 'packets', context.capture, ...options]],
      output: rowsFile(context),
    }),
    rows: writtenBy,
  };
}

/** @param {readonly string[]} fields @param {string} words @param {readonly string[]} preferences @returns {PacketPeer} */
function tshark(fields, words, preferences = []) {
  const options = [
    ...preferences.flatMap((one) => ['-o', one]),
    '-T',
    'fields',
    ...fields.flatMap((one) => ['-e', one]),
  ];
  const plain = preferences.length === 0;
  return {
    name: plain ? `tshark-${fields.length}` : `tshark-alike-${fields.length}`,
    title: `tshark -T fields, ${words} fields${plain ? '' : ', no reassembly, no analysis'}`,
    needs: ['tshark'],
    slow: true,
    part: 'whole',
    version: () => versionOf('tshark', '--version'),
    command: (context) => ({
      stages: [['tshark', '-n', '-r', context.capture, ...options]],
      output: rowsFile(context),
    }),
    rows: writtenBy,
  };
}

/** A small program around a Python library. @param {string} python @param {string} library @param {Part} part */
function pythonReader(python, library, part) {
  const script = fileURLToPath(new URL(`readers/fields_${library}.py`, import.meta.url));
  const ask = `from importlib.metadata import version; print(version("${library}"))`;
  const { stdout, status } = spawnSync(python, ['-c', ask], { encoding: 'utf8' });
  return {
    name: library,
    title: `${library}, five fields`,
    needs: [],
    missing: status === 0 ? undefined : `${python} has no ${library}`,
    slow: true,
    part,
    version: () => stdout.trim(),
    command: (context) => ({ stages: [[python, script, context.capture]], output: rowsFile(context) }),
    rows: writtenBy,
  };
}

/** A small program around gopacket, built in `folder`. @param {string} folder */
function gopacket(folder) {
  const source = fileURLToPath(new URL('readers/gopacket', import.meta.url));
  const program = join(folder, 'fields-gopacket');
  const built = which('go') !== null && spawnSync('go', ['build', '-o', program, '.'], { cwd: source }).status === 0;
  const version = / v(\S+)/.exec(readFileSync(join(source, 'go.mod'), 'utf8'))?.[1] ?? 'unknown version';
  return {
    name: 'gopacket',
    title: 'gopacket, five fields',
    needs: [],
    missing: built ? undefined : 'it cannot be built: go is missing, or its modules',
    part: 'whole',
    version: () => version,
    command: (context) => ({ stages: [[program, context.capture]], output: rowsFile(context) }),
    rows: writtenBy,
    note: 'stops at TCP, no tunnels, one parser with reused layers',
  };
}

/** @type {PacketPeer} */
const tcpdump = {
  name: 'tcpdump',
  title: 'tcpdump -q, its short text',
  needs: ['tcpdump'],
  part: 'whole',
  version: () => versionOf('tcpdump', '--version'),
  command: (context) => ({
    stages: [['tcpdump', '-n', '-q', '-tt', '-r', context.capture]],
    output: rowsFile(context),
  }),
  rows: writtenBy,
};

/** @type {PacketPeer} */
const packetloomTree = {
  name: 'packetloom-inspect',
  title: 'packetloom inspect --json',
  needs: [],
  part: 'tree',
  command: (context) => ({
    stages: [[process.execPath, context.program, 'inspect', context.capture, '--json', '--frame', '1-']],
  }),
};

/** @type {PacketPeer} */
const tsharkTree = {
  name: 'tshark-json',
  title: 'tshark -T json',
  needs: ['tshark'],
  slow: true,
  part: 'tree',
  version: () => versionOf('tshark', '--version'),
  command: (context) => ({ stages: [['tshark', '-n', '-r', context.capture, '-T', 'json']] }),
};

/**
 * What prints fields of frames, in the order of the table.
 * @param {string} python the interpreter that has scapy and dpkt
 * @param {string} folder for what is built
 * @returns {readonly PacketPeer[]}
 */
export function packetPeers(python, folder) {
  return [
    packetloom(five, 'five'),
    gopacket(folder),
    tcpdump,
    pythonReader(python, 'dpkt', 'slow'),
    pythonReader(python, 'scapy', 'slow'),
    tshark(five, 'five'),
    tshark(five, 'five', alike),
    packetloom(forty, 'forty'),
    tshark(forty, 'forty'),
    tshark(forty, 'forty', alike),
    packetloomTree,
    tsharkTree,
  ];
}
