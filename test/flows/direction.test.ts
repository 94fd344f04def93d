import { describe, expect, test } from 'vitest';
import { datagram, lines, segment, type Timed, timed } from './timed.ts';

const SYN = 2;
const SYN_ACK = 0x12;
const ACK = 0x10;
const RST_ACK = 0x14;
const columns = {
  source: 'src_port',
  destination: 'dst_port',
  forward: 'count(forward)',
  repaired: 'direction_repaired',
};

const rowsOf = async (frames: readonly Timed[], settings = {}) => lines((await timed(frames, columns, settings)).rows);
const repair = { direction: 'repair' } as const;

describe('the direction of a flow', () => {
  test('is that of its first frame where nothing else is asked for', async () => {
    const frames = [segment(0, 80, 5000, SYN_ACK), segment(1, 5000, 80, ACK)];
    expect(await rowsOf(frames)).toEqual(['80 5000 1 0']);
  });

  test('a SYN+ACK that comes first goes to the source', async () => {
    // Ports that say nothing: both are above 1023.
    const frames = [segment(0, 8080, 5000, SYN_ACK), segment(1, 5000, 8080, ACK), segment(2, 5000, 8080, ACK)];
    expect(await rowsOf(frames, repair)).toEqual(['5000 8080 2 1']);
  });

  test('a SYN comes from the source, from whatever port', async () => {
    expect(await rowsOf([segment(0, 20, 5000, SYN)], repair)).toEqual(['20 5000 1 0']);
  });

  test('a service port sends to the source: TCP in mid-stream, a reset, UDP', async () => {
    for (const first of [segment(0, 443, 5000, ACK), segment(0, 443, 5000, RST_ACK), datagram(0, 53, 5000)]) {
      const [port] = first.bytes[23] === 17 ? [53] : [443];
      expect(await rowsOf([first], repair)).toEqual([`5000 ${port} 0 1`]);
    }
  });

  test('1023 is a service port and 1024 is not', async () => {
    expect(await rowsOf([datagram(0, 1023, 1024)], repair)).toEqual(['1024 1023 0 1']);
    expect(await rowsOf([datagram(0, 1024, 1025)], repair)).toEqual(['1024 1025 1 0']);
  });

  test('two service ports, or a service port as the receiver, leave it as it is', async () => {
    expect(await rowsOf([datagram(0, 67, 68)], repair)).toEqual(['67 68 1 0']);
    expect(await rowsOf([datagram(0, 5000, 53)], repair)).toEqual(['5000 53 1 0']);
  });

  test('stays so in later segments, and the flow keeps its identity', async () => {
    const frames = [datagram(0, 53, 5000), datagram(6000, 5000, 53), datagram(7000, 53, 5000)];
    const settings = { activeTimeout: 5e9 };
    expect(await rowsOf(frames, { ...settings, ...repair })).toEqual(['5000 53 0 1', '5000 53 1 1']);
    const ids = async (more: object) =>
      lines((await timed(frames, { id: 'flow_id', segment: 'segment' }, { ...settings, ...more })).rows);
    expect(await ids(repair)).toEqual(await ids({}));
  });

  test('flows of one direction are left alone', async () => {
    const frames = [segment(0, 80, 5000, SYN_ACK), segment(1, 5000, 80, ACK)];
    expect(await rowsOf(frames, { ...repair, bidirectional: false })).toEqual(['80 5000 1 0', '5000 80 1 0']);
  });

  test('without ports in the key a SYN+ACK still says it', async () => {
    const { rows } = await timed(
      [segment(0, 8080, 9000, SYN_ACK)],
      { source: 'src_ip', repaired: 'direction_repaired' },
      { ...repair, key: ['addresses', 'protocol'] },
    );
    expect(lines(rows)).toEqual(['10.0.0.2 1']);
  });
});
