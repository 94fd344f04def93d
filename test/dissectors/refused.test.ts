import { describe, expect, it } from 'vitest';
import { buildFrame, ethernet, ipv4, tcp, udp } from '../../dissectors/build.ts';
import { dissectors } from '../../dissectors/index.ts';
import { dissect } from './support/registry.ts';

/** Those that a port may lead to and that have a header to check. */
const applications = new Set(dissectors.filter(({ level }) => level === 'application').map(({ name }) => name));
const transports = new Set(['eth', 'ip', 'udp', 'tcp', 'data']);

/** Numbers that applications claim in a table of ports. */
const claimed = (table: string) => [
  ...new Set(
    dissectors.flatMap(({ name, claims }) =>
      applications.has(name) ? claims.filter((claim) => claim.table.name === table && claim.number >= 0) : [],
    ),
  ),
];

/** Bytes that are no message of anything: one byte again and again, and bytes by repeatable chance. */
const fillings = [0x00, 0x01, 0x20, 0x41, 0x55, 0xaa, 0xff].map((byte) => new Uint8Array(300).fill(byte));
const noise = (seed: number) => {
  let state = seed | 1;
  return Uint8Array.from({ length: 300 }, () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return state & 0xff;
  });
};

describe('a port alone makes no layer of bytes that are none', () => {
  for (const [name, layer] of [
    ['udp.port', udp],
    ['tcp.port', tcp],
  ] as const) {
    for (const { number } of claimed(name)) {
      it(`${name} ${number}`, () => {
        for (const payload of [...fillings, noise(number * 7919), noise(number * 104_729)]) {
          const frame = dissect(
            buildFrame(ethernet(), ipv4(), layer({ destination: number, source: 40_001 }), payload),
          );
          expect(
            frame.names.filter((one) => !transports.has(one)),
            `300 bytes from ${payload[0]}`,
          ).toEqual([]);
          expect(frame.anomalies).toEqual([]);
        }
      });
    }
  }
});
