import { createRegistry } from './core/declare/registry.ts';
import { definePlugin } from './core/declare/plugin.ts';
import { dissectors } from './dissectors/index.ts';
import { dissectFrame } from './core/testing/dissect-frame.ts';
import { readPcap } from './test/dissectors/support/read-pcap.ts';
import { tsharkFields } from './test/dissectors/support/tshark.ts';
const r = createRegistry([definePlugin({ name: 'standard', dissectors })]);
const names = [...r.fields.keys()];
for (const file of process.argv.slice(2)) {
  let records; try { records = readPcap(file); } catch (e) { console.log('skip', file, String(e)); continue; }
  const rows = tsharkFields(file, names);
  console.log('==', file, records.length, rows.length);
  const shown: Record<string, number> = {};
  const same: Record<string, number> = {};
  records.forEach((rec, i) => {
    const d = dissectFrame(r, rec.bytes, { linkType: rec.linkType, wire: rec.wire });
    names.forEach((name, j) => {
      const real = new Set(r.fields.get(name)!.map(e => e.field.name));
      const ours = d.layers.flatMap(l => l.fields.filter(f => real.has(f.name)).map(f => f.value));
      const theirs = rows[i]?.[j] ?? [];
      if (ours.join('|') !== theirs.join('|')) {
        shown[name] = (shown[name] ?? 0) + 1;
        if (shown[name] <= 2) console.log(`  ${name} frame ${i + 1}: ours ${ours.join('|').slice(0, 100)} theirs ${theirs.join('|').slice(0, 100)}   [${d.names.join(':')}] ${d.anomalies.map(a => a.message).join('; ')}`);
      } else if (ours.length) same[name] = 1;
    });
  });
  if (Object.keys(shown).length) console.log('  counts', JSON.stringify(shown));
}
