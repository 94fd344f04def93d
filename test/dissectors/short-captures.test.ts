import { join } from 'node:path';
import { expect, it } from 'vitest';
import { whereThere } from '../captures-elsewhere.ts';
import { readPcap } from './support/read-pcap.ts';
import { dissect } from './support/registry.ts';

const shared = join(import.meta.dirname, '..', '..', '..', 'shared', 'captures');
const read = (capture: string) =>
  readPcap(join(shared, capture)).map(({ bytes, linkType, wire }) => ({
    wire,
    frame: dissect(bytes, { linkType, wire }),
  }));
const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);

whereThere(shared, 'lengths of short captures', () => {
  it('reads ports and lengths of a capture with six bytes of TCP a frame', () => {
    const frames = read('formats/snaplen-truncated-simson.pcap');
    expect(frames).toHaveLength(303);
    expect(sum(frames.map(({ wire }) => wire))).toBe(401_764);
    expect(sum(frames.map(({ frame }) => frame.facts.networkLength ?? 0))).toBe(397_522);
    expect(
      frames.every(({ frame }) => frame.facts.ports !== undefined && frame.facts.payloadLength === undefined),
    ).toBe(true);
  });

  it('reads lengths of IPv6, which has no ip.len', () => {
    const frames = read('flows/reddit.pcap');
    expect(frames).toHaveLength(1942);
    expect(sum(frames.map(({ wire }) => wire))).toBe(713_996);
    expect(sum(frames.map(({ frame }) => frame.facts.networkLength ?? 0))).toBe(686_808);
    expect(frames.some(({ frame }) => 'ip.len' in frame.values)).toBe(false);
  });
});
