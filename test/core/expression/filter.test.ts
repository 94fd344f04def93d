import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compileFilter } from '../../../core/expression/filter.ts';
import { interpretFilter } from '../../../core/expression/interpret-filter.ts';
import { ExpressionError } from '../../../core/expression/problem.ts';
import { Dispatch } from '../../../core/frame/dispatch.ts';
import { Frame } from '../../../core/frame/frame.ts';
import { walkBytes } from '../../../core/frame/walk.ts';
import { PROBE_LINK, type ProbeValues, probeBytes } from './support/probe.ts';
import { randomCondition, randomFrames } from './support/random.ts';
import { testRegistry } from './support/run.ts';

const registry = testRegistry();
const dispatch = new Dispatch([...registry.dissectors.values()], () => true);

function walked(values: ProbeValues, captured?: number): Frame {
  const frame = new Frame();
  const bytes = Uint8Array.from(probeBytes(values));
  walkBytes(frame, dispatch, bytes, 0, captured ?? bytes.length, bytes.length, PROBE_LINK);
  return frame;
}

const context = { number: 5, time: 2e9, wireLength: 60, capturedLength: 40 };
const passes = (text: string, values: ProbeValues = {}): boolean =>
  compileFilter(registry, text, '--where').test(walked(values), context);

describe('any occurrence may match', () => {
  const nested: ProbeValues = {
    value: 1,
    a: true,
    source: [10, 0, 0, 1],
    items: [
      [1, 'x'],
      [2, 'y'],
    ],
    inner: { value: 2, source: [10, 0, 0, 3], name: 'in' },
  };

  it.each([
    ['probe.value == 1', true],
    ['probe.value == 2', true],
    ['probe.value == 3', false],
    ['probe.value#1 == 2', false],
    ['probe.value#-1 == 2', true],
    ['probe.value > 1 and probe.value < 2', true], // each condition by some occurrence
    ['probe.address == 10.0.0.3', true],
    ['probe.address == 10.0.0.4', false],
    ['probe.address in 10.0.0.0/30', true],
    ['probe.item == 2', true],
    ['probe.item + 1 == 3', true],
    ['probe.item in {5, 2}', true],
    ['probe.letter == "y" and probe.name == "in"', true],
    ['probe.name contains "n"', true],
    ['probe.a', true],
    ['probe.b', false],
    ['probe.value == probe.item', true],
    ['all(probe.value < 2)', false],
    ['all(probe.value <= 2)', true],
    ['any(probe.value > 1 and probe.value < 2)', false], // by one occurrence
    ['default(probe.value, 9) == 1', true],
  ])('%s', (text, expected) => expect(passes(text, nested)).toBe(expected));

  it.each([
    // `!=` holds when no occurrence is equal, as in Wireshark; `not` is its opposite of ==.
    ['probe.value != 1', false],
    ['probe.value != 3', true],
    ['not probe.value == 3', true],
    ['not probe.value == 1', false],
    ['probe.value not in {3, 4}', true],
    ['probe.value not in {1, 4}', false],
    ['probe.name != "in"', false],
    ['probe.address != 10.0.0.0/8', false],
    ['probe.address != 11.0.0.0/8', true],
    ['all(probe.value != 3)', true],
    ['any(probe.value != 1)', true],
  ])('%s', (text, expected) => expect(passes(text, nested)).toBe(expected));

  it('an absent field makes it empty, and so its opposite', () => {
    for (const text of [
      'probe.item == 1',
      'not probe.item == 1',
      'probe.item != 1',
      'not probe.item != 1',
      'probe.item in {1}',
      'probe.item not in {1}',
      'probe.value#2 == 1',
      'probe.value#2 != 1',
    ]) {
      expect([text, passes(text)]).toEqual([text, false]);
    }
    expect(passes('present(probe.item)')).toBe(false);
    expect(passes('not present(probe.item)')).toBe(true);
    expect(passes('probe.item == 1 or probe.value == 0')).toBe(true);
  });
});

describe('built-in values', () => {
  it.each([
    ['frame.len == 60', true],
    ['frame.cap_len < 41', true],
    ['frame.number in {4, 5}', true],
    ['network.length == 28', true], // 22 bytes of probe with an empty list, 6 of payload
    ['transport.length == 6 and payload.length == 6', true],
    ['protocol == 99', true],
    ['payload contains "GET"', true],
    ['payload matches "^GET .$"', false],
    ['byte_entropy(payload) > 2', true], // G E T, space, /, newline: six different bytes
  ])('%s', (text, expected) => expect(passes(text, { payload: [71, 69, 84, 32, 47, 10] })).toBe(expected));
});

describe('what has no meaning there', () => {
  it.each([
    ['index < 5', 'index has no meaning before a frame has a flow'],
    ['forward', 'forward has no meaning before a frame has a flow'],
    ['not backward', 'backward has no meaning before a frame has a flow'],
    ['gap(time) > 1s', 'gap has no meaning before a frame has a flow'],
    ['changed(probe.value)', 'changed has no meaning before a frame has a flow'],
    ['start == time', 'start has no meaning before a frame has a flow'],
    ['src_port == 5', 'src_port has no meaning before a frame has a flow'],
    ['duration > 1s', 'duration has no meaning before a frame has a flow'],
    ['count() > 1', 'count is an aggregate over the frames of a flow'],
    ['probe.value', 'a list (number in bytes) is no condition'],
    ['probe.vale == 1', 'no such field; did you mean probe.value?'],
  ])('%s', (text, message) => {
    expect(() => compileFilter(registry, text, '--where')).toThrow(ExpressionError);
    expect(() => compileFilter(registry, text, '--where')).toThrow(message);
  });
});

it('generated code and the plain interpreter let the same frames pass', () => {
  const without = /index|forward|backward|gap|previous|changed|start|src_|dst_/;
  let compared = 0;
  fc.assert(
    fc.property(
      randomCondition.filter((text) => !without.test(text)),
      randomFrames,
      (text, frames) => {
        for (const frame of frames) {
          const seen = walked(frame.probe ?? {}, frame.captured);
          let compiled: ReturnType<typeof compileFilter>;
          try {
            compiled = compileFilter(registry, text, '--where');
          } catch (error) {
            if (!(error instanceof ExpressionError)) throw error;
            continue; // units that clash
          }
          compared += 1;
          expect(compiled.test(seen, context)).toBe(interpretFilter(registry, text, '--where').test(seen, context));
        }
      },
    ),
    { numRuns: 500 },
  );
  expect(compared).toBeGreaterThan(1000);
});

it('fields of a packet quoted in an error message take no part', () => {
  const error: ProbeValues = { value: 1, quoted: { value: 2, items: [[9, 'x']] } };
  expect(passes('probe.value == 1', error)).toBe(true);
  for (const text of ['probe.value == 2', 'probe.value#-1 == 2', 'probe.item == 9', 'present(probe.value#2)']) {
    expect([text, passes(text, error)]).toEqual([text, false]);
  }
});
