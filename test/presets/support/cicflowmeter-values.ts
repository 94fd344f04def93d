import { seenByTool } from './cicflowmeter-rows.ts';
import type { Together } from './classes.ts';

/** A packet as the tool has it. */
interface Packet {
  /** Microseconds. */
  readonly time: number;
  readonly payload: number;
  readonly header: number;
  readonly forward: boolean;
}

const sum = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0);
const mean = (values: readonly number[]): number => (values.length === 0 ? 0 : sum(values) / values.length);

function variance(values: readonly number[]): number {
  const center = mean(values);
  return values.length < 2 ? 0 : sum(values.map((one) => (one - center) ** 2)) / (values.length - 1);
}

/** Max, Min, Mean, Std, Variance or Total; 0 of nothing. */
function statistic(name: string, values: readonly number[]): number | undefined {
  if (name === 'Max' || name === 'Min')
    return values.length === 0 ? 0 : Math[name === 'Max' ? 'max' : 'min'](...values);
  if (name === 'Mean') return mean(values);
  if (name === 'Std') return Math.sqrt(variance(values));
  if (name === 'Variance') return variance(values);
  return name === 'Total' ? sum(values) : undefined;
}

const gapsOf = (packets: readonly Packet[]): number[] => packets.slice(1).map(({ time }, i) => time - packets[i]!.time);

/** Section 7 of the tool's rules: periods of activity and of none. */
function periods(packets: readonly Packet[]): { readonly active: number[]; readonly idle: number[] } {
  const active: number[] = [];
  const idle: number[] = [];
  let [begin, end] = [packets[0]!.time, packets[0]!.time];
  for (const { time } of packets.slice(1)) {
    if (time - end > 5e6) {
      if (end - begin > 0) active.push(end - begin);
      idle.push(time - end);
      begin = time;
    }
    end = time;
  }
  return { active, idle };
}

/** Section 7: bulks, packets, bytes and microseconds of one direction. */
function bulks(packets: readonly Packet[], forward: boolean): readonly [number, number, number, number] {
  const side = () => ({ start: 0, last: 0, count: 0, size: 0 });
  const sides = { own: side(), other: side() };
  const total: [number, number, number, number] = [0, 0, 0, 0];
  for (const { time, payload, forward: ahead } of packets) {
    const mine = ahead === forward;
    const one = mine ? sides.own : sides.other;
    const against = mine ? sides.other : sides.own;
    if (against.last > one.start) one.start = 0;
    if (payload === 0) continue;
    if (one.start === 0 || time - one.last > 1e6) Object.assign(one, { start: time, count: 1, size: payload });
    else {
      one.count += 1;
      one.size += payload;
      if (mine && one.count >= 4) {
        const whole = one.count === 4;
        total[0] += whole ? 1 : 0;
        total[1] += whole ? 4 : 1;
        total[2] += whole ? one.size : payload;
        total[3] += time - (whole ? one.start : one.last);
      }
    }
    one.last = time;
  }
  return total;
}

function bulkValue(name: string, packets: readonly Packet[], forward: boolean): number {
  const [count, frames, bytes, time] = bulks(packets, forward);
  if (name.includes('Rate')) return time === 0 ? 0 : bytes / (time / 1e6);
  return count === 0 ? 0 : (name.includes('Bytes') ? bytes : frames) / count;
}

/**
 * What the corrected fork computes of the frames of its row, by sections 5 to 7 of its rules; undefined for columns that
 * are no statistic of lengths or times.
 */
export function toolValue(column: string, { theirs, world }: Together): number | undefined {
  const packets = theirs.frames.map(world.frame).map((frame): Packet => {
    const seen = seenByTool(frame);
    const { payload, header } = typeof seen === 'string' ? { payload: 0, header: 0 } : seen;
    return { time: Number(frame.time / 1000n), payload, header, forward: frame['ip.src'] === theirs.row['Src IP'] };
  });
  const [, side = '', rest = column] = /^(Fwd|Bwd|Flow) (.*)$/.exec(column) ?? [];
  const forward = side === 'Fwd';
  const own = side === 'Fwd' || side === 'Bwd' ? packets.filter((one) => one.forward === forward) : packets;
  const payloads = own.map(({ payload }) => payload);
  const duration = packets.at(-1)!.time - packets[0]!.time;
  const last = column.split(' ').at(-1)!;
  if (column === 'Flow Duration') return duration;
  if (column === 'Flow Bytes/s') return duration === 0 ? -1 : sum(payloads) / (duration / 1e6);
  if (column === 'Flow Packets/s') return duration === 0 ? -1 : packets.length / (duration / 1e6);
  if (rest === 'Packets/s') return duration <= 0 ? 0 : own.length / (duration / 1e6);
  if (rest.startsWith('IAT')) return statistic(last, gapsOf(own));
  if (/^Packet Length/.test(rest)) return statistic(last, payloads);
  if (/Segment Size Avg|Average Packet Size/.test(column)) return mean(payloads);
  if (rest === 'Header Length') return sum(own.map(({ header }) => header));
  if (rest === 'Act Data Pkts') return payloads.filter((one) => one > 0).length;
  if (/Bulk/.test(rest)) return bulkValue(rest, packets, forward);
  const total = /^Total Length of (Fwd|Bwd)|^Subflow (Fwd|Bwd)/.exec(column);
  if (total !== null) {
    const of = packets.filter((one) => one.forward === ((total[1] ?? total[2]) === 'Fwd'));
    const value = last === 'Packets' ? of.length : sum(of.map(({ payload }) => payload));
    if (total[1] !== undefined) return value;
    const gaps = gapsOf(packets).filter((gap) => gap > 1e6).length;
    return gaps === 0 ? 0 : value / gaps;
  }
  if (rest === 'Seg Size Min') {
    const first = packets[0]!.forward === forward ? packets[0]!.header : 0;
    return Math.min(first, ...own.map(({ header }) => header));
  }
  if (/^(Active|Idle) /.test(column))
    return statistic(last, periods(packets)[column.startsWith('Active') ? 'active' : 'idle']);
  return undefined;
}
