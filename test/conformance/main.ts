import { appendFileSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { PacketloomError } from '../../cli/library.ts';
import { FRAME_FIELDS } from '../../core/packets/frame-fields.ts';
import { registry } from './capture.ts';
import { capturesAt, everything, page, recordedFile, vendored } from './captures.ts';
import { compareCapture, Results } from './compare.ts';
import { missed } from './figures.ts';
import { type RecordedCapture, type Recording, record } from './recording.ts';
import { reportOf } from './report.ts';
import { AGGREGATOR, noTshark, tsharkNames, tsharkVersion } from './tshark.ts';

const USAGE = `usage: npm run conformance -- [options] [captures or folders...]
  --out <file>       write the page there (docs/conformance.md when all captures are compared)
  --details <file>   write every difference, with tabs between kind, field, class, frame, ours and tshark's
  --alone            ask tshark again about frames where it differs by what it remembers of others (slow)
  --record           record what tshark says of the vendored captures, for the tests`;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    out: { type: 'string' },
    details: { type: 'string' },
    alone: { type: 'boolean', default: false },
    record: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});
if (values.help || noTshark !== undefined) {
  console.error(values.help ? USAGE : noTshark);
  process.exit(values.help ? 0 : 2);
}

const fields = tsharkNames();
const shared = new Set([...FRAME_FIELDS.keys(), ...registry.fields.keys()].filter((name) => fields.has(name)));
const results = new Results();
results.asksAlone = values.alone;
const { details } = values;
if (details !== undefined) {
  writeFileSync(details, '');
  results.onDifference = (kind, field, name, { capture, frame, ours, theirs }) => {
    const texts = [kind, field, name, `${capture}#${frame}`, ours, theirs];
    appendFileSync(details, `${texts.map((text) => text.replaceAll(AGGREGATOR, '|').slice(0, 300)).join('\t')}\n`);
  };
}

const given = values.record ? [vendored] : positionals.length > 0 ? positionals : [everything];
const recorded: Record<string, RecordedCapture> = {};
const names = [...shared];
for (const { path, name } of given.flatMap(capturesAt)) {
  try {
    const { capture, met } = await compareCapture(path, name, shared, results);
    if (values.record) recorded[name] = await record(capture, names, met);
  } catch (error) {
    if (!(error instanceof PacketloomError)) throw error;
    results.refused.push(name);
  }
}
if (values.record) {
  const recording: Recording = { tshark: tsharkVersion(), fields: names, captures: recorded };
  writeFileSync(recordedFile, `${JSON.stringify(recording)}\n`);
}

const report = reportOf(results, shared.size, tsharkVersion());
const complete = positionals.length === 0 && !values.record && everything !== vendored;
const out = values.out ?? (complete ? page : undefined);
if (out !== undefined) writeFileSync(out, report);
console.log(report.split('\n').slice(4, 9).join('\n'));
const lines = missed(results);
for (const line of lines) console.log(line);
process.exitCode = lines.length === 0 ? 0 : 1;
