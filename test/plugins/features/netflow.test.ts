import { join } from 'node:path';
import { expect, it } from 'vitest';
import { flows } from '../../../cli/library.ts';
import { vendored } from '../../flows/support.ts';
import recorded from './nfpcapd.json' with { type: 'json' };

// Packets, bytes and TCP flags of each direction, summed over its records (the two cut idle flows at different moments),
// as nfpcapd 1.7.1 (`-e 1800,15`) and `nfdump -6 -o fmt:%sa,%sp,%da,%dp,%pr,%flg,%pkt,%byt` have them.
type Sums = [packets: number, bytes: number, flags: string];

const LETTERS = [...'FSRPAUEC'];

it.each(Object.entries(recorded))('netflow-v9 over %s has the sums of nfpcapd', async (capture, theirs) => {
  const ours: Record<string, Sums> = {};
  for await (const row of flows(join(vendored, capture), { preset: 'netflow-v9' })) {
    const key = [
      row.sourceIPAddress,
      row.sourceTransportPort,
      row.destinationIPAddress,
      row.destinationTransportPort,
      row.protocolIdentifier,
    ].join(' ');
    const sums: Sums = ours[key] ?? [0, 0, ''];
    ours[key] = sums;
    sums[0] += row.packetDeltaCount as number;
    sums[1] += row.octetDeltaCount as number;
    const bits = row.tcpControlBits as number;
    sums[2] = LETTERS.filter((letter, i) => sums[2].includes(letter) || ((bits >> i) & 1) === 1).join('');
  }
  expect(ours).toEqual(theirs);
});
