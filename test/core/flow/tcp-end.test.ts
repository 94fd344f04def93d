import { describe, expect, test } from 'vitest';
import { meter, s, type ToyFrame } from './harness.ts';

const client = { from: 1, to: 2, ports: [1000, 80] as const };
const server = { from: 2, to: 1, ports: [80, 1000] as const };
const segment = (
  end: typeof client | typeof server,
  flags: string,
  sequence: number,
  acknowledgment = 0,
  payload = 0,
) => ({
  ...end,
  flags,
  sequence,
  acknowledgment,
  payload,
});
const OPEN = [segment(client, 'S', 100), segment(server, 'SA', 500, 101), segment(client, 'A', 101, 501)];

/** Segments a tenth of a second apart, then a frame of another flow a hundred seconds later. */
function rows(segments: readonly Omit<ToyFrame, 'time'>[], settings = {}): string[] {
  const frames = segments.map((one, i) => ({ ...one, time: s(i / 10) }));
  const last: ToyFrame = { time: s(segments.length / 10 + 100), ports: [1, 2] };
  return meter([...frames, last], settings)
    .rows.filter(({ key }) => !key.startsWith('1:1>'))
    .map(({ key, frames: count, reason }) => `${key} ${count} ${reason}`);
}

const FLOW = '1:1000>2:80/6';

describe('TCP end, case by case (flows.md)', () => {
  test('a simultaneous close ends with the second of the two last ACKs', () => {
    const closing = [...OPEN, segment(client, 'FA', 101, 501), segment(server, 'FA', 501, 101)];
    expect(rows([...closing, segment(client, 'A', 102, 502)])).toEqual([`${FLOW} 6 forced`]);
    const both = [...closing, segment(client, 'A', 102, 502), segment(server, 'A', 502, 102)];
    expect(rows(both)).toEqual([`${FLOW} 7 end`]);
  });

  test('half-closed: one side goes on sending, and the flow goes on', () => {
    const half = [...OPEN, segment(client, 'FA', 101, 501), segment(server, 'A', 501, 102)];
    const data = Array.from({ length: 70 }, (_, i) => segment(server, 'A', 501 + 10 * i, 102, 10));
    expect(rows([...half, ...data])).toEqual([`${FLOW} ${half.length + data.length} forced`]);
    const rest = [segment(server, 'FA', 1201, 102), segment(client, 'A', 102, 1202)];
    expect(rows([...half, ...data, ...rest])).toEqual([`${FLOW} ${half.length + data.length + 2} end`]);
  });

  test('a FIN whose ACK is missing does not end; any later ACK of it does', () => {
    const closing = [...OPEN, segment(client, 'FA', 101, 501), segment(server, 'FA', 501, 102)];
    expect(rows(closing)).toEqual([`${FLOW} 5 forced`]);
    expect(rows([...closing, segment(client, 'A', 102, 501)])).toEqual([`${FLOW} 6 forced`]);
    expect(rows([...closing, segment(client, 'A', 102, 501), segment(client, 'A', 102, 502)])).toEqual([
      `${FLOW} 7 end`,
    ]);
  });

  test('FIN with data: the ACK must reach behind the data and the FIN', () => {
    const closing = [...OPEN, segment(client, 'FA', 101, 501, 50), segment(server, 'FA', 501, 151)];
    expect(rows([...closing, segment(client, 'A', 152, 502)])).toEqual([`${FLOW} 6 forced`]);
    expect(rows([...closing, segment(client, 'A', 152, 502), segment(server, 'A', 502, 152)])).toEqual([
      `${FLOW} 7 end`,
    ]);
  });

  test('FIN and last ACK sent again stay with the flow that has ended', () => {
    const over = [
      ...OPEN,
      segment(client, 'FA', 101, 501),
      segment(server, 'FA', 501, 102),
      segment(client, 'A', 102, 502),
    ];
    const again = [segment(server, 'FA', 501, 102), segment(client, 'A', 102, 502)];
    expect(rows([...over, ...again])).toEqual([`${FLOW} 8 end`]);
  });

  test('keep-alives change nothing, and their answers neither', () => {
    const alive = [segment(client, 'A', 100, 501), segment(server, 'A', 501, 101)];
    expect(rows([...OPEN, ...alive, ...alive])).toEqual([`${FLOW} 7 forced`]);
  });

  test('a segment out of the window stays with the flow, and does not end it', () => {
    const far = [segment(server, 'A', 4_000_000_000, 101, 100), segment(client, 'A', 3_000_000_000, 501, 100)];
    expect(rows([...OPEN, ...far])).toEqual([`${FLOW} 5 forced`]);
  });

  test('a RST ends whatever its number: windows are not tracked', () => {
    expect(rows([...OPEN, segment(server, 'R', 4_000_000_000)])).toEqual([`${FLOW} 4 end`]);
    // Where it was not accepted the connection goes on, and so does the flow.
    const goes = [segment(server, 'R', 4_000_000_000), segment(client, 'A', 101, 501, 10)];
    expect(rows([...OPEN, ...goes])).toEqual([`${FLOW} 5 forced`]);
  });

  test('a rejected attempt ends; the next attempt is another flow', () => {
    const attempt = (number: number) => [segment(client, 'S', number), segment(server, 'RA', 0, number + 1)];
    expect(rows([...attempt(100), ...attempt(7000)])).toEqual([`${FLOW} 2 end`, `${FLOW} 2 end`]);
  });

  test('ports used again before the end was seen: the SYN with another number ends the flow', () => {
    expect(rows([...OPEN, segment(client, 'S', 90_000), segment(server, 'SA', 7, 90_001)])).toEqual([
      `${FLOW} 3 end`,
      `${FLOW} 2 forced`,
    ]);
  });

  test('ports used again by the other side: that side is the source of the new flow', () => {
    expect(rows([...OPEN, segment(server, 'S', 90_000), segment(client, 'SA', 7, 90_001)])).toEqual([
      `${FLOW} 3 end`,
      '2:80>1:1000/6 2 forced',
    ]);
  });

  test('a simultaneous open in which both SYNs are sent again is one flow', () => {
    const syns = [
      segment(client, 'S', 100),
      segment(server, 'S', 500),
      segment(client, 'S', 100),
      segment(server, 'S', 500),
    ];
    expect(rows([...syns, segment(client, 'SA', 100, 501), segment(server, 'SA', 500, 101)])).toEqual([
      `${FLOW} 6 forced`,
    ]);
  });

  test('RST and FIN in one direction only: a FIN behind a RST leaves it ended', () => {
    expect(rows([...OPEN, segment(client, 'R', 101), segment(client, 'F', 101)])).toEqual([`${FLOW} 5 end`]);
  });
});
