import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import { describe, expect, test } from 'vitest';
import { office, root, run, temporaryFolder } from './support/command.ts';

const folder = temporaryFolder();
const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));

const json = async (...words: string[]) => JSON.parse((await run(words)).stdout);

describe('usage', () => {
  test.each([['--version'], ['-V']])('%s prints the version of the package', async (word) => {
    expect(await run([word])).toMatchObject({ code: 0, stdout: `${version}\n`, stderr: '' });
  });

  test('no word at all is wrong, and prints the help on stderr', async () => {
    const { code, stdout, stderr } = await run([]);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toContain('Usage: packetloom');
  });

  test.each<[string, string[], string]>([
    ['an unknown command', ['flow'], "packetloom: unknown command 'flow'; did you mean flows?\n"],
    [
      'an unknown option',
      ['flows', '--featur', 'x'],
      "packetloom: flows: unknown option '--featur'; did you mean --feature?\n",
    ],
    [
      'an option without its value',
      ['flows', 'x', '--where'],
      "packetloom: flows: option '--where <expression>' argument missing\n",
    ],
    [
      'no input',
      ['flows'],
      'packetloom: flows: no input: name capture files, - for standard input, or an interface with -i\n',
    ],
    [
      'files and an interface',
      ['flows', 'x', '-i', 'lo'],
      'packetloom: flows: x: captures and -i cannot be read in one run\n',
    ],
    [
      'a capture filter for files',
      ['flows', 'x', '-f', 'tcp'],
      'packetloom: flows: --filter: is for live capture: use --where with files\n',
    ],
    ['a wrong count', ['flows', 'x', '--count', '0'], 'packetloom: flows: --count 0: expected a whole number from 1\n'],
    [
      'a wrong duration',
      ['flows', '-i', 'lo', '--duration', 'long'],
      'packetloom: flows: --duration long: expected a duration such as 60s\n',
    ],
    [
      'an unknown source',
      ['flows', '-i', 'lo', '--source', 'tcpdumb'],
      'packetloom: flows: --source tcpdumb: no such live source; did you mean tcpdump?\n',
    ],
    [
      'an unknown preset',
      ['flows', 'x', '-p', 'basci'],
      'packetloom: flows: --preset basci: no such preset "basci"; did you mean basic?\n',
    ],
    [
      'an unknown feature',
      ['flows', 'x', '--feature', 'fraems'],
      'packetloom: flows: --feature fraems: no such feature "fraems"; did you mean frames?\n',
    ],
    [
      'an expression without a name',
      ['flows', 'x', '--feature', 'count()'],
      'packetloom: flows: --feature count(): expected a named feature or name=expression\n',
    ],
    [
      'a wrong decode-as',
      ['flows', 'x', '--decode-as', 'udp.port:5'],
      'packetloom: flows: --decode-as udp.port:5: expected <table>=<number>,<dissector>\n',
    ],
    [
      'an unknown kind of file',
      ['flows', 'x', '-o', 'x.xlsx'],
      'packetloom: flows: --output x.xlsx: no sink writes such a file; known endings are .arrow, .arrows, .feather, .csv, .tsv, .csv.gz, .csv.zst, .tsv.gz, .tsv.zst, .duckdb, .ipfix, .jsonl, .ndjson, .jsonl.gz, .jsonl.zst, .ndjson.gz, .ndjson.zst, .parquet; or say sink:path\n',
    ],
    [
      'an unknown sink',
      ['flows', 'x', '-o', 'cvs:x'],
      'packetloom: flows: --output cvs:x: no such sink "cvs"; did you mean csv?\n',
    ],
    [
      'an unknown kind',
      ['list', 'colours'],
      'packetloom: list: no such kind "colours"; expected dissectors, fields, tables, aggregates, analyses, features, presets, sources, sinks, interfaces\n',
    ],
    ['a kind misspelt', ['list', 'fetaures'], 'packetloom: list: no such kind "fetaures"; did you mean features?\n'],
    [
      'a name misspelt',
      ['describe', 'basicc'],
      'packetloom: describe: nothing is called "basicc"; did you mean basic?\n',
    ],
    [
      'a preset without a tool to reproduce',
      ['flows', office, '--compatibility', 'exact'],
      'packetloom: flows: --compatibility: "basic" cannot be reproduced exactly; expected one of the presets nfstream, cicflowmeter, cicflowmeter-2017\n',
    ],
    [
      'a setting that the imitated tool does not have',
      ['flows', office, '-p', 'nfstream', '--compatibility', 'exact', '--unidirectional'],
      'packetloom: flows: --unidirectional: flow.bidirectional cannot be set with "compatibility": "exact"; expected only idleTimeout, activeTimeout, maxFlows with preset "nfstream"\n',
    ],
    [
      'two tools at once',
      ['flows', office, '-p', 'cicflowmeter', '-p', 'cicflowmeter-2017', '--compatibility', 'exact'],
      'packetloom: flows: --compatibility: presets "cicflowmeter" and "cicflowmeter-2017" cut flows differently and cannot be used in one run\n',
    ],
    [
      'an option that a preset does not have',
      ['flows', office, '-p', 'nfstream:slt=1'],
      'packetloom: flows: --preset nfstream:slt=1: preset "nfstream" has no option "slt"; expected accountingMode, statistics, splt; did you mean splt?\n',
    ],
    [
      'a configuration that is not there',
      ['check', 'nowhere.json'],
      'packetloom: configuration: nowhere.json: cannot be read: no such file\n',
    ],
  ])('%s is one line and exit code 2', async (_, words, line) => {
    expect(await run(words)).toMatchObject({ code: 2, stdout: '', stderr: line });
  });

  test.each([['flows: --workers', ['flows', office, '--workers', '2']]])(
    '%s is refused by name and not ignored',
    async (name, words) => {
      expect(await run(words)).toMatchObject({
        code: 2,
        stdout: '',
        stderr: `packetloom: ${name}: not available yet in this version\n`,
      });
    },
  );

  test('a wrong expression is shown with a caret under what is wrong', async () => {
    const { code, stderr } = await run(['flows', office, '--feature', 'g=mean(frame.lenn, forward)']);
    expect(code).toBe(2);
    expect(stderr).toBe(
      [
        'packetloom: flows: --feature g: "frame.lenn": no such field; did you mean frame.len?',
        '  "mean(frame.lenn, forward)"',
        '        ^^^^^^^^^^',
        '',
      ].join('\n'),
    );
  });

  test('a capture that is not there is named', async () => {
    const { code, stdout, stderr } = await run(['flows', office, 'no-such.pcap']);
    expect(code).not.toBe(0);
    expect(stdout).toBe('');
    expect(stderr).toMatch(/^packetloom: .*no-such\.pcap.*\n$/);
  });
});

describe('help', () => {
  test('every command has a sentence, and two examples that run as they stand', async () => {
    const { stdout } = await run(['--help']);
    const commands = [...stdout.matchAll(/^ {2}(\w+) (?:\[|<)/gm)].map((match) => match[1]!);
    expect(commands).toEqual([
      'flows',
      'packets',
      'inspect',
      'explain',
      'list',
      'describe',
      'check',
      'schema',
      'diff',
      'new',
      'help',
    ]);
    for (const command of commands.slice(0, -1)) {
      const help = await run([command, '--help']);
      expect(help.code).toBe(0);
      const examples = [...help.stdout.matchAll(/^ {2}packetloom (.*)$/gm)].map((match) => match[1]!);
      expect(examples).toHaveLength(2);
      for (const example of examples) {
        const plain = example.replace(/ [>] .*/, '').replace('-o flows.csv', `-o ${join(folder.path, 'flows.csv')}`);
        const words = [...plain.matchAll(/'([^']*)'|(\S+)/g)].map((match) => match[1] ?? match[2]!);
        // What `new` writes goes into the folder it runs in.
        const { code, stderr } = await run(words, command === 'new' ? { cwd: folder.path } : {});
        expect([example, code, code === 0 ? '' : stderr]).toEqual([example, 0, '']);
      }
    }
  });
});

describe('list and describe', () => {
  test('list names everything of a kind, one line each', async () => {
    const names = (await run(['list', 'sinks'])).stdout.split('\n').map((line) => line.split(/ {2,}/)[0]);
    expect(names).toEqual(expect.arrayContaining(['csv', 'jsonl']));
    for (const kind of ['dissectors', 'fields', 'tables', 'aggregates', 'features', 'presets', 'sources', 'sinks']) {
      const { stdout } = await run(['list', kind]);
      const listed = stdout
        .trimEnd()
        .split('\n')
        .map((line) => line.split(' ', 1)[0]);
      const entries = await json('list', kind, '--json');
      expect(listed).toEqual(entries.map(({ name }: { name: string }) => name));
      expect(new Set(listed).size).toBe(listed.length);
      expect(entries.length).toBeGreaterThan(0);
    }
  });

  test('a field has type, unit, display, value names and dissector', async () => {
    expect(await json('describe', 'ip.ttl', '--json')).toMatchObject({
      kind: 'field',
      name: 'ip.ttl',
      type: 'uint',
      unit: null,
      display: 'decimal',
      dissector: 'ip',
    });
    expect((await json('describe', 'tcp.flags.syn', '--json')).type).toBe('boolean');
    expect((await json('describe', 'udp.length', '--json')).unit).toBe('bytes');
    expect((await json('describe', 'ip.addr', '--json')).aliasOf).toEqual(['ip.src', 'ip.dst']);
    expect((await json('describe', 'frame.len', '--json')).dissector).toBeNull();
  });

  test('a feature has unit, basis, estimator, rule for nothing, expression and sentence', async () => {
    const feature = await json('describe', 'fwd_bytes', '--json');
    expect(feature).toMatchObject({ kind: 'feature', unit: 'bytes', expression: 'sum(frame.len, forward)' });
    expect(feature.basis).toEqual(['frame.len', 'forward']);
    expect(Object.keys(feature.estimator)).toEqual(['sum']);
    expect(Object.keys(feature.empty)).toEqual(['sum']);
    expect(feature.description).toMatch(/^[A-Z].*\.$/);
  });

  test('every feature that is named states all of that', async () => {
    for (const feature of await json('list', 'features', '--json')) {
      expect(feature).toMatchObject({
        kind: 'feature',
        type: expect.any(String),
        description: expect.stringMatching(/./),
      });
      expect(feature.expression ?? feature.inputs).toBeDefined();
      expect(feature.basis.length).toBeGreaterThan(0);
    }
  });

  test('a preset has its columns in order', async () => {
    const { columns } = await json('describe', 'basic', '--json');
    expect(columns.map(({ name }: { name: string }) => name)).toEqual(
      'flow_id segment src_ip src_port dst_ip dst_port protocol start end duration fwd_frames bwd_frames fwd_bytes bwd_bytes end_reason'.split(
        ' ',
      ),
    );
    expect(columns[9]).toMatchObject({ unit: 's', expression: 'duration' });
    expect((await json('describe', 'statistical', '--json')).columns.length).toBeGreaterThanOrEqual(80);
  });

  test('a table has its claims in order of their numbers', async () => {
    const { claims } = await json('describe', 'ip.proto', '--json', '--kind', 'tables');
    expect(claims).toEqual(
      expect.arrayContaining([
        { number: 6, dissector: 'tcp' },
        { number: 17, dissector: 'udp' },
      ]),
    );
    const numbers = claims.map(({ number }: { number: number }) => number);
    expect(numbers).toEqual([...numbers].sort((a, b) => a - b));
  });

  test('a name of several kinds is described for each, and asked about for JSON', async () => {
    // ip.proto is a field and a table.
    const { stdout } = await run(['describe', 'ip.proto']);
    expect(stdout).toMatch(/^field ip\.proto\n/);
    expect(stdout).toMatch(/^table ip\.proto$/m);
    expect(await run(['describe', 'ip.proto', '--json'])).toMatchObject({
      code: 2,
      stderr: 'packetloom: describe: "ip.proto" is a field and a table: say which with --kind field\n',
    });
  });

  test('what a plugin brings is listed with the rest', async () => {
    const plugin = join(root, 'examples', 'turns-feature.ts');
    expect(await json('describe', 'turns', '--json', '--plugin', plugin)).toMatchObject({
      kind: 'feature',
      inputs: ['forward'],
    });
  });
});

describe('schema and check', () => {
  test('the schema takes the example configuration', async () => {
    const validate = new Ajv({ strict: false }).compile(await json('schema'));
    expect(validate(JSON.parse(readFileSync(join(root, 'examples', 'flows.json'), 'utf8')))).toBe(true);
    expect(validate({ features: [{ preset: 'basci' }] })).toBe(false);
  });

  test('a good configuration is valid, with its columns', async () => {
    const file = folder.write('good.json', '{"features": ["frames", {"name": "b", "value": "sum(frame.len)"}]}');
    expect(await run(['check', file])).toMatchObject({ code: 0, stdout: `${file}: valid, 2 columns\n`, stderr: '' });
    expect(await json('check', file, '--json')).toEqual({
      valid: true,
      problems: [],
      notes: [],
      columns: ['frames', 'b'],
    });
  });

  test('a bad one has all its problems, as lines and as JSON, and exit code 2', async () => {
    const text = '{\n  "precision": "some",\n  "features": ["fraems", { "name": "a", "value": "sum(frame.len" }]\n}';
    const file = folder.write('bad.json', text);
    const { code, stdout, stderr } = await run(['check', file]);
    expect([code, stdout]).toEqual([2, '']);
    const lines = stderr.split('\n').filter((line) => line.startsWith('packetloom: '));
    expect(lines.map((line) => line.slice(0, `packetloom: configuration: ${file}:3:16: `.length))).toEqual([
      `packetloom: configuration: ${file}:2:16: `,
      `packetloom: configuration: ${file}:3:16: `,
      expect.stringMatching(/^packetloom: configuration: .*:3:\d+:/),
    ]);
    const result = await run(['check', file, '--json']);
    expect(result.code).toBe(2);
    const { valid, problems } = JSON.parse(result.stdout);
    expect(valid).toBe(false);
    expect(problems.map(({ at, line }: { at: string; line: number }) => [at, line])).toEqual([
      ['precision', 2],
      ['features[0]', 3],
      ['features[1].value', 3],
    ]);
    expect(problems[1]).toMatchObject({ suggestion: 'frames', pointer: '/features/0', file });
  });

  test('a syntax error has line and column, also as JSON', async () => {
    const file = folder.write('syntax.json', '{\n  "features": [,]\n}');
    expect(await run(['check', file])).toMatchObject({
      code: 2,
      stderr: `packetloom: configuration: ${file}:2:16: not JSON: expected a value, found ","\n`,
    });
    const { problems } = JSON.parse((await run(['check', file, '--json'])).stdout);
    expect(problems[0]).toMatchObject({ file, line: 2, column: 16 });
  });

  test('options of a sink that a plugin brings are checked too', async () => {
    const sink = `export default { kind: 'plugin', name: 'p', sinks: [{ kind: 'sink', name: 'paper', description: '', extensions: [],
      options: { type: 'object', properties: { width: { type: 'integer' } }, additionalProperties: false }, open() {} }] };`;
    folder.write('paper.mjs', sink);
    const check = async (width: unknown) => {
      const value = { plugins: ['./paper.mjs'], sinks: [{ paper: { path: 'x', width } }] };
      return run(['check', folder.write('paper.json', JSON.stringify(value))]);
    };
    expect((await check(80)).code).toBe(0);
    expect((await check('wide')).stderr).toContain('sinks[0].paper.width: found "wide"; expected a whole number');
  });
});
