import { parseArgs } from 'node:util';
import { endAll, type Scenario } from './scenario.ts';
import { scenarios } from './scenarios.ts';
import { trials } from './trials.ts';

const { values } = parseArgs({
  options: { runs: { type: 'string', default: '20' }, only: { type: 'string' }, help: { type: 'boolean' } },
});
if (values.help) {
  console.log('npm run faults -- --runs 200 [--only <scenario>]\n');
  for (const { name, description } of scenarios) console.log(`${name}: ${description}`);
  process.exit(0);
}
const wanted = scenarios.filter(({ name }) => values.only === undefined || name === values.only);
if (wanted.length === 0 || !/^[1-9]\d*$/.test(values.runs)) {
  console.error(
    `npm run faults: expected --runs <number> and --only one of ${scenarios.map(({ name }) => name).join(', ')}`,
  );
  process.exit(2);
}
let now: Scenario | undefined;
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  // Servers and networks do not end with this process.
  process.once(signal, async () => {
    endAll();
    await now?.finish?.();
    process.exit(1);
  });
}
for (const scenario of wanted) {
  now = scenario;
  const obstacle = scenario.obstacle?.();
  if (obstacle !== undefined) {
    console.log(`${scenario.name}: not run: ${obstacle}`);
    continue;
  }
  const began = performance.now();
  try {
    const happened = await trials(scenario, Number(values.runs));
    const text = Object.entries(happened).map(([what, count]) => `${count} ${what}`);
    console.log(
      `${scenario.name}: ${values.runs} runs, all well (${text.join(', ')}), ${((performance.now() - began) / 1000).toFixed(0)} s`,
    );
  } catch (error) {
    console.error((error as Error).message);
    process.exitCode = 1;
  }
}
