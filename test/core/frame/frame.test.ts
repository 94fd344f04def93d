import { describe, expect, it } from 'vitest';
import { type Dissector, type DissectorDeclaration, defineDissector } from '../../../core/declare/dissector.ts';
import { header, uint8 } from '../../../core/declare/kinds.ts';
import { defineTable } from '../../../core/declare/table.ts';
import { anomalyName } from '../../../core/frame/anomaly.ts';
import { Dispatch } from '../../../core/frame/dispatch.ts';
import { DECIDED_BY, Frame, PARTIAL, QUOTED } from '../../../core/frame/frame.ts';
import { linkTypes, walkBytes } from '../../../core/frame/walk.ts';
import { hex } from '../../../core/testing/hex.ts';

const table = defineTable('frame-test', 'For this test');
const LINK = 147;
const fields = header({ first: uint8('frame-test.first'), second: uint8('frame-test.second') });

type Dissect = NonNullable<DissectorDeclaration['dissect']>;
type Rest = Partial<Omit<DissectorDeclaration, 'name' | 'title' | 'fields' | 'dissect'>>;
const make = (name: string, dissect: Dissect, rest: Rest = {}): Dissector =>
  defineDissector({ name: `frame-test-${name}`, title: name, fields, dissect, ...rest } as DissectorDeclaration);
const outer = (dissect: Dissect, rest: Rest = {}) => make('outer', dissect, { claims: [linkTypes.at(LINK)], ...rest });
const inner = (number: number, dissect: Dissect = () => {}, rest: Rest = {}) =>
  make(`inner${number}`, dissect, { claims: [table.at(number)], ...rest });

function walked(dissectors: readonly Dissector[], bytes: Uint8Array, wire = bytes.length, frame = new Frame()) {
  walkBytes(frame, new Dispatch(dissectors, () => true), bytes, 0, bytes.length, wire, LINK);
  return {
    frame,
    names: Array.from(
      { length: frame.layerCount },
      (_, i) => dissectors.find(({ id }) => id === frame.layerId[i])!.title,
    ),
    anomalies: Array.from({ length: frame.anomalyCount }, (_, i) => ({
      code: anomalyName(frame.anomalyCodes[i]!),
      layer: frame.anomalyLayer[i],
      offset: frame.anomalyOffset[i],
      needed: frame.anomalyNeeded[i],
      available: frame.anomalyAvailable[i],
    })),
  };
}

describe('layers', () => {
  it('have an offset, a contained end, and the layer that set it', () => {
    const first = outer((frame, _bytes, at) => {
      frame.limit(at + 8, fields.first);
      return frame.next(table, 1, at + 2);
    });
    const { frame, names } = walked([first, inner(1)], new Uint8Array(10));
    expect(names).toEqual(['outer', 'inner1']);
    expect([...frame.layerOffset.subarray(0, 2)]).toEqual([0, 2]);
    expect([...frame.layerEnd.subarray(0, 2)]).toEqual([8, 8]);
    expect([...frame.layerLimitedBy.subarray(0, 2)]).toEqual([0, 0]);
    expect([...frame.layerParent.subarray(0, 2)]).toEqual([-1, 0]);
    expect(frame.layerPayload[0]).toBe(2);
  });

  it('may be given an end of their own, which their parent set', () => {
    const first = outer((frame, _bytes, at) => frame.next(table, 1, at + 2, at + 6));
    const { frame } = walked([first, inner(1)], new Uint8Array(10));
    expect([...frame.layerEnd.subarray(0, 2)]).toEqual([10, 6]);
    expect([...frame.layerLimitedBy.subarray(0, 2)]).toEqual([-1, 0]);
  });

  it('end on the wire even where less was captured', () => {
    let readable = 0;
    const first = outer((frame, _bytes, at) => {
      readable = frame.available(at);
    });
    const { frame, anomalies } = walked([first], new Uint8Array(4), 100);
    expect(frame.layerEnd[0]).toBe(100);
    expect(readable).toBe(4);
    expect(anomalies).toEqual([]);
  });

  it('do not reach past what contains them', () => {
    const first = outer((frame, _bytes, at) => frame.limit(at + 11, fields.second));
    const { frame, anomalies } = walked([first], new Uint8Array(10));
    expect(frame.layerEnd[0]).toBe(10);
    expect(anomalies).toEqual([{ code: 'length.exceeds', layer: 0, offset: 1, needed: 11, available: 10 }]);
  });

  it('are partial, truncated by the capture or malformed by their container, when the fixed header is not there', () => {
    const first = outer((frame, _bytes, at) => frame.next(table, 1, at + 2));
    const never = inner(1, () => {
      throw new Error('must not be called');
    });
    const captured = walked([first, never], new Uint8Array(3), 10);
    expect(captured.frame.layerFlags[1]).toBe(PARTIAL);
    expect(captured.anomalies).toEqual([{ code: 'truncated', layer: 1, offset: 2, needed: 2, available: 1 }]);
    const contained = walked([first, never], new Uint8Array(3));
    expect(contained.anomalies).toEqual([{ code: 'malformed', layer: 1, offset: 2, needed: 2, available: 1 }]);
  });

  it('are dissected whatever is there with a minimum of 0', () => {
    const first = outer((frame, _bytes, at) => frame.next(table, 1, at + 20, 30), { minimum: 0 });
    const called: number[] = [];
    const second = inner(
      1,
      (frame, _bytes, at) => {
        called.push(at, frame.available(at));
        frame.short(at, 4);
      },
      { minimum: 0 },
    );
    const { frame, anomalies } = walked([first, second], new Uint8Array(2), 30);
    expect(called).toEqual([20, 0]);
    expect(frame.layerFlags[1]).toBe(PARTIAL);
    expect(anomalies).toEqual([{ code: 'truncated', layer: 1, offset: 20, needed: 4, available: 0 }]);
  });

  it('run as siblings in wire order, each with what it hands on', () => {
    const first = outer((frame, _bytes, at) => {
      for (const offset of [2, 4, 6]) frame.next(table, offset, at + offset, at + offset + 2);
    });
    const passing = inner(4, (frame, _bytes, at) => frame.next(table, 9, at));
    const { names, frame } = walked([first, inner(2), passing, inner(6), inner(9)], new Uint8Array(10));
    expect(names).toEqual(['outer', 'inner2', 'inner4', 'inner9', 'inner6']);
    expect([...frame.layerOffset.subarray(0, 5)]).toEqual([0, 2, 4, 4, 6]);
    expect([...frame.layerParent.subarray(0, 5)]).toEqual([-1, 0, 0, 2, 0]);
  });

  it('end at 32, without recursion', () => {
    const loop = make('loop', (frame, _bytes, at) => frame.next(table, 7, at), {
      claims: [linkTypes.at(LINK), table.at(7)],
    });
    const { frame, anomalies } = walked([loop], new Uint8Array(4));
    expect(frame.layerCount).toBe(32);
    expect(anomalies.map(({ code, needed, available }) => [code, needed, available])).toEqual([['depth', 33, 32]]);
  });
});

describe('dispatch', () => {
  const byte = (frame: Frame, bytes: Uint8Array, at: number) => frame.either(table, bytes[at]!, bytes[at + 1]!, at + 2);
  const decided = (frame: Frame) => DECIDED_BY[frame.layerDecidedBy[1]!];

  it('asks for the lower of two numbers first, then the higher', () => {
    const all = [outer(byte), inner(3), inner(5)];
    expect(walked(all, hex('05 03 00 00')).names).toEqual(['outer', 'inner3']);
    expect(walked(all, hex('03 05 00 00')).names).toEqual(['outer', 'inner3']);
    expect(walked(all, hex('05 ff 00 00')).names).toEqual(['outer', 'inner5']);
    expect(walked(all, hex('fe ff 00 00')).names).toEqual(['outer']);
  });

  it('goes on when the one who claims a number refuses the bytes, at last to who recognises them', () => {
    const refuses = inner(3, () => {}, { accept: () => false });
    const guesses = make('guess', () => {}, {
      claims: [table.guess()],
      accept: (bytes, at, end) => end - at > 1 && bytes[at] === 0xaa,
    });
    const five = walked([outer(byte), refuses, inner(5)], hex('03 05 00 00'));
    expect(five.names).toEqual(['outer', 'inner5']);
    expect(decided(five.frame)).toBe('table');
    const guess = walked([outer(byte), refuses, guesses], hex('03 05 aa 00'));
    expect(guess.names).toEqual(['outer', 'guess']);
    expect(decided(guess.frame)).toBe('heuristic');
    expect(walked([outer(byte), refuses, guesses], hex('03 05 bb 00')).names).toEqual(['outer']);
  });

  it('puts what the configuration decodes a number as before all tables', () => {
    const all = [outer(byte), inner(3), make('custom', () => {})];
    const frame = new Frame();
    const dispatch = new Dispatch(all, () => true, [{ tableId: table.id, number: 5, dissector: all[2]! }]);
    walkBytes(frame, dispatch, hex('03 05 00 00'), 0, 4, 4, LINK);
    expect(frame.layerId[1]).toBe(all[2]!.id);
    expect(decided(frame)).toBe('decode-as');
  });

  it('leaves out dissectors that nothing wants', () => {
    const all = [outer((frame, _bytes, at) => frame.next(table, 3, at)), inner(3)];
    const frame = new Frame();
    walkBytes(frame, new Dispatch(all, ({ title }) => title === 'outer'), hex('03 05'), 0, 2, 2, LINK);
    expect(frame.layerCount).toBe(1);
  });
});

describe('what a frame says to the meter', () => {
  const network = outer((frame, _bytes, at) => {
    frame.limit(at + 12, fields.first);
    frame.network(at, 4, 99, at + 8);
    return frame.next(table, 1, at + 8);
  });

  it('is the innermost network layer with what follows it', () => {
    const { frame } = walked(
      [network, inner(1, (it, _bytes, at) => it.ports(1, 2) ?? it.payload(at + 2))],
      new Uint8Array(20),
    );
    expect(frame).toMatchObject({ networkLayer: 0, addressAt: 0, addressLength: 4, protocol: 99, transportAt: 8 });
    expect(frame).toMatchObject({ transportLayer: 1, portKind: 1, sourcePort: 1, destinationPort: 2 });
    expect(frame).toMatchObject({ payloadAt: 10, payloadEnd: 12, fragmented: false });
  });

  it('ignores a quoted packet, which keeps its layers', () => {
    const quoting = inner(1, (frame, _bytes, at) => {
      frame.exchange(3, 1, -1);
      frame.quote();
      return frame.next(table, 2, at + 2);
    });
    const quoted = inner(2, (frame, _bytes, at) => {
      frame.limit(at + 999, fields.first);
      frame.network(at, 16, 1, at);
      frame.fragment(true);
      frame.ports(7, 8);
      frame.stream(1, 2, 3);
      frame.payload(at);
      frame.short(at, 99);
    });
    const { frame, anomalies, names } = walked([network, quoting, quoted], new Uint8Array(20));
    expect(names).toEqual(['outer', 'inner1', 'inner2']);
    expect([...frame.layerFlags.subarray(0, 3)]).toEqual([0, 0, QUOTED | PARTIAL]);
    expect(frame).toMatchObject({
      networkLayer: 0,
      addressLength: 4,
      protocol: 99,
      sourcePort: 3,
      control: -1,
      fragmented: false,
    });
    expect(frame.lastLayer[quoted.id]).toBe(-1);
    expect(anomalies).toEqual([]);
  });

  it('is forgotten with the next frame', () => {
    const frame = new Frame();
    const all = [
      network,
      inner(1, (it, _bytes, at) => it.stream(1, 2, 3) ?? it.ports(1, 2) ?? it.fragment(true) ?? it.payload(at)),
    ];
    walked(all, new Uint8Array(20), 20, frame);
    const bare = outer(() => {});
    walked([bare], new Uint8Array(2), 2, frame);
    expect(frame).toMatchObject({ networkLayer: -1, addressLength: 0, protocol: -1, portKind: 0, control: -1 });
    expect(frame).toMatchObject({
      transportLayer: -1,
      fragmented: false,
      laterFragment: false,
      payloadAt: -1,
      anomalyCount: 0,
    });
    expect(frame.lastLayer[all[1]!.id]).toBe(-1);
    expect(frame.lastLayer[bare.id]).toBe(0);
  });
});

it('counts anomalies beyond 64', () => {
  const noisy = outer((frame) => {
    for (let i = 0; i < 70; i += 1) frame.malformed(fields.first);
  });
  const { frame } = walked([noisy], new Uint8Array(2));
  expect([frame.anomalyCount, frame.anomaliesLost]).toEqual([64, 6]);
});
