import { describe, expect, it } from 'vitest';
import {
  defineDissector,
  definePlugin,
  type Fields,
  type Frame,
  header,
  located,
  text,
  uint8,
  uint16,
} from '../../../core/plugin.ts';
import { checkDissector, createRegistry } from '../../../core/testing.ts';
import { linkTypes } from '../../../dissectors/tables.ts';

const sample = { bytes: Uint8Array.from([1, 2, 3, 4]), linkType: 147 };
const fields = header({ first: uint16('broken.first') });

interface Changes {
  readonly fields?: Fields;
  readonly minimum?: number;
  readonly dissect?: (frame: Frame, bytes: Uint8Array, at: number) => unknown;
}

function check(changes: Changes, bytes = sample.bytes): () => void {
  const dissector = defineDissector({
    name: 'broken',
    title: 'Broken',
    claims: [linkTypes.at(147)],
    fields,
    ...changes,
  });
  const registry = createRegistry([definePlugin({ name: 'test', dissectors: [dissector] })]);
  return () => checkDissector(dissector, registry, { ...sample, bytes });
}

describe('the contract suite', () => {
  it('passes a dissector that keeps it', () => {
    expect(check({})).not.toThrow();
  });

  it('finds one that throws', () => {
    const dissect = () => {
      throw new Error('no');
    };
    expect(check({ dissect })).toThrow(/broken: throws Error: no; frame of 4 bytes: 01 02 03 04/);
  });

  it('finds one that reads behind the frame', () => {
    expect(check({ dissect: (_frame, bytes, at) => bytes[at + 4] })).toThrow(
      /reads outside its window: .*read of byte 4 of 4/,
    );
    expect(check({ minimum: 1, dissect: (_frame, bytes, at) => bytes[at + 1] })).toThrow(/reads outside its window/);
  });

  it('finds one that reads before the frame', () => {
    expect(check({ dissect: (_frame, bytes, at) => bytes[at - 1] })).toThrow(/reads outside its window/);
  });

  it('finds one whose result depends on what stands around the frame', () => {
    const peeking = {
      ...fields,
      length: located((bytes, at) => (bytes[at - 1] === 0xff ? at : -1), uint8('broken.peeked')),
    };
    expect(check({ fields: peeking })).toThrow(/sees the bytes 255 around it|reads outside its window/);
  });

  it('finds one that keeps something from frame to frame', () => {
    let seen = 0;
    const counting = {
      ...fields,
      note: located((_bytes, at) => at, text('broken.note', 1, { format: () => String(seen) })),
    };
    const dissect = () => {
      seen += 1;
    };
    expect(check({ fields: counting, dissect })).toThrow(/broken: /);
  });

  it('finds a name that is none', () => {
    expect(check({ fields: header({ first: uint16('Broken Name') }) })).toThrow(/"Broken Name" is not a field name/);
  });

  it('wants a sample that holds the layer', () => {
    const dissector = defineDissector({ name: 'broken', title: 'Broken', fields });
    const registry = createRegistry([definePlugin({ name: 'test', dissectors: [dissector] })]);
    expect(() => checkDissector(dissector, registry, sample)).toThrow(/the sample holds/);
  });
});
