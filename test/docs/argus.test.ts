import { join } from 'node:path';
import { expect, it } from 'vitest';
import { standardRegistry } from '../../cli/library.ts';
import type { RowBatch } from '../../core/flow/rows.ts';
import { defaultFlowSettings } from '../../core/flow/settings.ts';
import { rowTexts } from '../../core/output/row-objects.ts';
import { runFlows } from '../../core/run/pipeline.ts';
import { TOOLS } from '../../docs/generate/columns/index.ts';
import { vendored } from '../flows/support.ts';

// What `argus -r one_tcp_stream_fin_rst_close_packet.pcap -S 3600 -R -J -Z -A -w - | ra -r - -n -p 9 -c ,` of Argus 3.0.8
// prints, for the fields of this line.
const ARGUS = {
  spkts: 8,
  dpkts: 5,
  sbytes: 703,
  dbytes: 372,
  sappbytes: 235,
  dappbytes: 78,
  sload: 78.190727234,
  dload: 37.826030731,
  srate: 0.111066371,
  drate: 0.063466497,
  rate: 0.190399483,
  sintpkt: 9003.626,
  dintpkt: 15751.322,
  sjit: 22044.686,
  djit: 27279.976,
  pcr: 0.501597444,
  smeansz: 87.875,
  dmeansz: 74.400001526,
  smaxsz: 236,
  tcprtt: 0.02028,
  synack: 0.020082,
  ackdat: 0.000198,
};

it('the table gives what Argus prints for a connection', async () => {
  const { columns } = TOOLS.find(({ name }) => name.startsWith('Argus'))!;
  const features = Object.keys(ARGUS).map((name) => {
    const { ours, unit } = columns.find((one) => one.name === name)!;
    return { name, at: name, value: ours!, ...(unit === undefined ? {} : { unit }) };
  });
  const registry = standardRegistry();
  const rows: string[][] = [];
  const file = join(vendored, 'transport', 'one_tcp_stream_fin_rst_close_packet.pcap');
  await runFlows({
    registry,
    reader: await registry.sources.get('capture-file')!.open([file], {}),
    features,
    settings: defaultFlowSettings,
    open: async () => [
      {
        rows: 0,
        write(batch: RowBatch) {
          for (let row = 0; row < batch.count; row += 1) rows.push([...rowTexts(batch, row)] as string[]);
        },
        close: async () => {},
        abort: async () => {},
      },
    ],
  });
  expect(rows).toHaveLength(1);
  // It computes in 32-bit floats and microseconds.
  for (const [i, [name, value]] of Object.entries(ARGUS).entries())
    expect(Math.abs(Number(rows[0]![i]) / value - 1), `${name} ${rows[0]![i]}`).toBeLessThan(1e-7);
});
