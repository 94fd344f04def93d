import { describe, expect, test } from 'vitest';
import { registry, rowLines, vendored } from './support.ts';

// Expected values are what tshark 4.0.17 prints for these captures.

describe('times', () => {
  const fields = ['frame.time_epoch', 'frame.time_delta', 'frame.time_relative'];

  test('are exact to the nanosecond', async () => {
    expect(await rowLines(vendored('formats/tcp-handshake-nano.pcap'), fields)).toEqual([
      '1418145369.924505488\t0.000000000\t0.000000000',
      '1418145370.052027262\t0.127521774\t0.127521774',
      '1418145370.052115157\t0.000087895\t0.127609669',
    ]);
  });

  test('may go backwards', async () => {
    expect(await rowLines(vendored('formats/nanosecs.pcap'), fields)).toEqual([
      '1.000002000\t0.000000000\t0.000000000',
      '1.000001234\t-0.000000766\t-0.000000766',
    ]);
  });

  test('are missing where a record has none, which counts as 1970 for the next', async () => {
    expect(await rowLines(vendored('formats/pcapng-le-sections-test201.pcapng'), fields)).toEqual([
      '1340954905.298858000\t0.000000000\t0.000000000',
      '1340954905.298858000\t0.000000000\t0.000000000',
      '\t\t',
      '1340954905.301858000\t1340954905.301858000\t0.003000000',
    ]);
  });

  test('since the frame before count frames that the filter drops, those since the one displayed do not', async () => {
    const lines = await rowLines(
      vendored('network/IcmpPackets.pcap'),
      ['frame.number', 'frame.time_delta', 'frame.time_delta_displayed'],
      { where: { text: 'icmp.type == 3', at: '--where' } },
    );
    expect(lines.slice(0, 2)).toEqual(['6\t0.022973000\t0.000000000', '12\t251.162068000\t147949732.805089000']);
  });
});

test('lengths that expressions have are columns too', async () => {
  const fields = ['network.length', 'transport.length', 'payload.length'];
  // A ping of 98 bytes: 14 of Ethernet, 20 of IP, 8 of ICMP
  expect((await rowLines(vendored('network/5-pings.pcap'), fields))[0]).toBe('84\t64\t56');
  expect((await rowLines(vendored('link/arp-who-has.pcap'), fields))[0]).toBe('\t\t');
});

describe('the record', () => {
  test('has wire and captured length', async () => {
    const lines = await rowLines(vendored('formats/pcapng-be-two-snaplens-test004.pcapng'), [
      'frame.len',
      'frame.cap_len',
    ]);
    expect(lines).toEqual(['314\t96', '342\t128', '314\t96', '342\t128']);
  });

  test('has number and name of its interface where the format numbers them', async () => {
    const fields = ['frame.interface_id', 'frame.interface_name'];
    const many = await rowLines(vendored('formats/many_interfaces-1.pcapng'), fields);
    expect(many.slice(0, 4)).toEqual(['0\ten0', '0\ten0', '10\tlo0', '10\tlo0']);
    const basic = await rowLines(vendored('formats/pcapng-le-basic-test001.pcapng'), fields);
    expect(basic[0]).toBe('0\tsilly ethernet interface');
    expect(await rowLines(vendored('formats/time_2107.pcapng'), fields)).toEqual(['0\tunknown']);
    expect((await rowLines(vendored('formats/nanosecs.pcap'), fields))[0]).toBe('\t');
  });

  test('has a name with a line break on one line', async () => {
    const lines = await rowLines(vendored('formats/pcapng-be-all-blocks-test102.pcapng'), ['frame.interface_name']);
    expect(lines).toContain('silly!\\r\\nethernet interface 2');
  });
});

describe('protocols', () => {
  const list = (name: string) => rowLines(vendored(name), ['frame.protocols']);

  test('are those of tshark', async () => {
    expect((await list('network/IcmpPackets.pcap')).slice(0, 12)).toEqual([
      'eth:ethertype:ip:icmp',
      'eth:ethertype:ip:icmp:ip:icmp',
      'eth:ethertype:ip:icmp',
      'eth:ethertype:ip:icmp',
      'eth:ethertype:ip:icmp:ip:udp',
      'eth:ethertype:ip:icmp:ip:udp',
      'eth:ethertype:ip:icmp',
      'eth:ethertype:ip:icmp',
      'eth:ethertype:ip:icmp:data',
      'eth:ethertype:ip:icmp:data',
      'eth:ethertype:ip:icmp:ip:icmp:data',
      'eth:ethertype:ip:icmp:ip:icmp:data',
    ]);
    expect((await list('link/vlan-qinqinq.pcap'))[0]).toBe(
      'eth:ethertype:vlan:ethertype:vlan:ethertype:vlan:ethertype:ip:tcp',
    );
    expect((await list('link/802.1ad_QinQ.pcap'))[0]).toBe('eth:ethertype:ieee8021ad:ethertype:vlan:ethertype:arp');
    expect((await list('formats/raw_ip.pcap'))[0]).toBe('raw:ipv6:tcp');
    expect(await list('formats/sll2.pcap')).toEqual([
      'sll:ethertype:ip:tcp:tls',
      'sll:ethertype:ip:tcp',
      'sll:ethertype:ip:tcp',
    ]);
    expect((await list('network/ip6_fragments.pcap'))[1]).toBe('eth:ethertype:ipv6:ipv6.fraghdr:data');
    expect((await list('formats/nanosecs.pcap'))[0]).toBe('eth:ethertype:data');
  });

  test('are 32 at most', async () => {
    const [line] = await list('malformed/too-many-layers.pcap');
    // The list of tshark, which goes on, begins so.
    const turn = 'eth:ethertype:mpls:pwethheuristic:pwethcw';
    expect(line).toBe(Array.from({ length: 8 }, () => turn).join(':'));
  });
});

describe('the flow', () => {
  test('is that of the row that `flows` writes, and of both directions', async () => {
    const lines = await rowLines(vendored('network/5-pings.pcap'), ['flow_id', 'icmp.type']);
    const ids = new Set(lines.map((line) => line.split('\t')[0]!));
    expect(ids.size).toBe(1);
    expect([...ids][0]).toMatch(/^[0-9a-f]{16}$/);
    expect(new Set(lines.map((line) => line.split('\t')[1]))).toEqual(new Set(['0', '8']));
  });

  test('is missing where a frame is in none', async () => {
    const lines = await rowLines(vendored('link/arp-who-has.pcap'), ['flow_id', 'arp.opcode']);
    expect(new Set(lines.map((line) => line.split('\t')[0]))).toEqual(new Set(['']));
  });
});

test('names of fields of frames and of dissectors do not clash', async () => {
  const { FRAME_FIELDS } = await import('../../../core/packets/frame-fields.ts');
  expect([...FRAME_FIELDS.keys()].filter((name) => registry.fields.has(name))).toEqual([]);
});
