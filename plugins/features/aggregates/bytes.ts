import { type Aggregate, defineAggregate, defineObjectState, fromObject } from '../../../core/declare/aggregate.ts';

/** Bytes that are kept of a flow at most. */
const MOST = 4096;

interface Bytes {
  /** One UTF-16 unit a byte. */
  text: string;
}

/** A copy of the first bytes, so that the rest of a long payload is not kept alive by them. */
const cut = (text: string, length: number): string => Buffer.from(text.slice(0, length), 'latin1').toString('latin1');

const firstBytes = (count: number) =>
  defineObjectState<Bytes>({
    name: `head-bytes(${count})`,
    create: () => ({ text: '' }),
    update(state, value) {
      const room = count - state.text.length;
      if (room <= 0) return;
      const text = value as string;
      state.text += text.length <= room ? text : cut(text, room);
    },
  });

/** The beginning of what a flow, or one side of it, says. */
export const headBytes: Aggregate = defineAggregate({
  name: 'head_bytes',
  description: 'The first n bytes of the values, one value after the other, in the order of the frames.',
  estimator: 'exact; n bytes per flow',
  empty: 'of nothing empty, of fewer than n bytes those',
  accepts: ['bytes'],
  literals: [{ name: 'n', kind: 'integer' }],
  result(value, [n]) {
    if ((n as number) < 1 || (n as number) > MOST) throw new RangeError(`n is from 1 to ${MOST}`);
    return value;
  },
  choices: ([n]) => [fromObject(firstBytes(n as number), ({ text }) => (text === '' ? null : text))],
});
