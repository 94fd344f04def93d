import { describe, expect, it } from 'vitest';
import { FrameBatch } from '../../../core/frame/batch.ts';
import type { Capturer } from '../../../plugins/sources/live/capturer.ts';
import { faultOf } from '../../../plugins/sources/live/fault.ts';
import { LiveReader } from '../../../plugins/sources/live/live-reader.ts';
import { counting, pcapHeader, pcapRecord } from './support/bytes.ts';
import { fileOf } from './support/read-frames.ts';

const header = fileOf(pcapHeader());
const two = fileOf(Buffer.concat([pcapRecord(1, 0, counting(60)), pcapRecord(2, 0, counting(60))]));

/** A shell script in the place of a capturing program: `$1` is a file header, `$2` two records, `$3` the interface. */
function capturer(script: string, program = 'sh'): Capturer {
  return {
    name: 'script',
    format: 'pcap',
    wait: 0,
    command: (name) => ({ program, arguments: ['-c', script, 'sh', header, two, name] }),
    explain: (child) => {
      if (child.failure !== undefined) return { kind: 'missing', reason: child.failure.code! };
      return child.stopped || child.code === 0 ? undefined : faultOf(`${child.messages}(${child.code})`);
    },
    drops: (child, log) => {
      const lost = /lost (\d+)/.exec(child.messages)?.[1];
      log.drops.kernel = lost === undefined ? null : Number(lost);
    },
    grant: () => 'sudo grant',
    list: async () => [
      { name: 'eth0', description: '', addresses: [] },
      { name: 'wlan0', description: '', addresses: [] },
      { name: 'a', description: '', addresses: [] },
    ],
  };
}

/** Seconds of all frames, with -1 where nothing was there; and the error at the end, if there was one. */
async function drain(reader: LiveReader): Promise<{ readonly seen: readonly number[]; readonly error?: unknown }> {
  const batch = new FrameBatch();
  const seen: number[] = [];
  try {
    for (;;) {
      const count = await reader.read(batch);
      if (count === 0) return { seen };
      if (count < 0) seen.push(-1);
      else seen.push(...batch.seconds.subarray(0, count));
    }
  } catch (error) {
    return { seen, error };
  } finally {
    await reader.close();
  }
}

describe('live capture by another process', () => {
  it('ends when the process does; what it says last is heard', async () => {
    const reader = await LiveReader.open(capturer('cat "$1" "$2"; echo lost 7 >&2'), ['a'], {});
    expect((await drain(reader)).seen).toEqual([1, 2]);
    expect(reader.statistics()).toMatchObject([{ name: 'a', format: 'live', frames: 2, drops: { kernel: 7 } }]);
    expect(reader.interfaces).toEqual([{ name: 'a', linkType: 1, snapLength: 65_535 }]);
  });

  it('hands over all frames before it reports that the process failed, on one line', async () => {
    const reader = await LiveReader.open(
      capturer('cat "$1" "$2"; sleep 0.3; printf "one\\ntwo" >&2; exit 3'),
      ['a'],
      {},
    );
    const { seen, error } = await drain(reader);
    expect(seen.filter((seconds) => seconds > 0)).toEqual([1, 2]);
    expect(error).toMatchObject({ code: 'device', message: 'a: one two(3)' });
  });

  it('a process that is killed, and half a record before', async () => {
    const reader = await LiveReader.open(capturer('cat "$1" "$2"; head -c 20 "$2"; kill -ABRT $$'), ['a'], {});
    const { seen, error } = await drain(reader);
    expect(seen).toEqual([1, 2]);
    expect(error).toMatchObject({ code: 'device', message: 'a: (SIGABRT)' });
    expect(reader.statistics()[0]!.damaged).toEqual({ offset: 176, reason: 'record cut short: 4 of 60 bytes' });
  });

  it('fails to open with what the process says, and with a program that is not there', async () => {
    await expect(LiveReader.open(capturer('echo no such thing >&2; exit 1'), ['a'], {})).rejects.toMatchObject({
      code: 'device',
      message: 'a: no such thing (1)',
    });
    const missing = capturer('', 'packetloom-no-such-program');
    await expect(LiveReader.open(missing, ['a'], {})).rejects.toMatchObject({ code: 'device', message: 'a: ENOENT' });
  });

  it('says which interfaces there are, and what grants the right to capture', async () => {
    const absent = capturer('echo No such device exists >&2; exit 1');
    await expect(LiveReader.open(absent, ['wlan9'], {})).rejects.toMatchObject({
      code: 'device',
      message: 'wlan9: no such interface; did you mean wlan0? (interfaces: eth0, wlan0, a)',
    });
    const forbidden = capturer('echo Operation not permitted >&2; exit 1');
    await expect(LiveReader.open(forbidden, ['a'], {})).rejects.toMatchObject({
      code: 'device',
      cause: { code: 'EPERM' },
      message: 'a: script may not capture (Operation not permitted (1)): sudo grant',
    });
    // Who may not capture is told so only of interfaces there are.
    await expect(LiveReader.open(forbidden, ['nosuch'], {})).rejects.toMatchObject({
      message: 'nosuch: no such interface (interfaces: eth0, wlan0, a)',
    });
  });

  it('an interface that goes away is waited for and counted; what is known of all captures of it adds up', async () => {
    const flag = fileOf(Buffer.alloc(0));
    // The first capture ends with its interface, and leaves half a record; the second cannot open it, the third can.
    const script = `
      echo x >> "${flag}"
      case $(wc -l < "${flag}") in
        1) cat "$1" "$2"; head -c 20 "$2"; echo lost 3 >&2; echo The interface disappeared >&2; exit 1;;
        2) echo No such device exists >&2; exit 1;;
        *) cat "$1" "$2"; echo lost 4 >&2;;
      esac`;
    const lines: string[] = [];
    const reader = await LiveReader.open(capturer(script), ['nosuch9'], { report: (line) => lines.push(line) });
    const { seen, error } = await drain(reader);
    expect([seen.filter((seconds) => seconds > 0), error]).toEqual([[1, 2, 1, 2], undefined]);
    // Time can move meanwhile.
    expect(seen.filter((seconds) => seconds < 0).length).toBeGreaterThan(8);
    expect(lines).toEqual([
      'nosuch9: the interface went down; capturing goes on when it is back',
      expect.stringMatching(/^nosuch9: the interface is back after \d\.\d s; capturing goes on$/),
    ]);
    expect(reader.statistics()).toMatchObject([
      { frames: 4, interruptions: 1, away: false, received: null, damaged: undefined, drops: { kernel: 7 } },
    ]);
    // One interface, however often it was opened.
    expect(reader.interfaces).toHaveLength(1);
  });

  it('what one of several captures does not say is not known of all', async () => {
    const flag = fileOf(Buffer.alloc(0));
    const script = `
      echo x >> "${flag}"; cat "$1" "$2"
      if [ $(wc -l < "${flag}") = 1 ]; then echo The interface disappeared >&2; exit 1; fi; echo lost 4 >&2`;
    const reader = await LiveReader.open(capturer(script), ['nosuch9'], {});
    await drain(reader);
    expect(reader.statistics()).toMatchObject([{ frames: 4, drops: { kernel: null } }]);
  });

  it('a signal while an interface is away ends the run in order', async () => {
    const script = 'cat "$1" "$2"; echo The interface disappeared >&2; exit 1';
    const flag = fileOf(Buffer.alloc(0));
    const once = `echo x >> "${flag}"; [ $(wc -l < "${flag}") = 1 ] || { echo No such device >&2; exit 1; }; ${script}`;
    const stop = new AbortController();
    const reader = await LiveReader.open(capturer(once), ['nosuch9'], { signal: stop.signal });
    setTimeout(() => stop.abort(), 1200);
    const { seen, error } = await drain(reader);
    expect([seen.filter((seconds) => seconds > 0), error]).toEqual([[1, 2], undefined]);
    expect(reader.statistics()).toMatchObject([{ interruptions: 1, away: true }]);
  });

  it('says every tenth of a second that nothing is there', async () => {
    const reader = await LiveReader.open(capturer('cat "$1"; sleep 0.75; cat "$2"'), ['a'], {});
    const { seen } = await drain(reader);
    const idle = seen.indexOf(1);
    expect(idle).toBeGreaterThanOrEqual(3);
    expect(idle).toBeLessThanOrEqual(9);
    expect(seen.slice(idle)).toEqual([1, 2]);
  });

  it('reads several interfaces together: a quiet one does not hold up another', async () => {
    const script =
      'cat "$1"; if [ "$3" = busy ]; then for i in 1 2 3 4 5; do cat "$2"; sleep 0.02; done; else sleep 1; cat "$2"; fi';
    const reader = await LiveReader.open(capturer(script), ['quiet', 'busy'], {});
    const batch = new FrameBatch();
    const started = Date.now();
    let busy = 0;
    while (busy < 10) {
      const count = await reader.read(batch);
      if (count < 0) continue;
      expect(reader.interfaces[batch.interfaceId[0]!]!.name).toBe('busy');
      busy += count;
    }
    expect(Date.now() - started).toBeLessThan(900);
    expect((await drain(reader)).seen.filter((seconds) => seconds > 0)).toEqual([1, 2]);
  });

  it('when one fails the others are asked to end', async () => {
    const script =
      'cat "$1"; if [ "$3" = bad ]; then sleep 0.1; exit 4; fi; trap "cat \\"$2\\"; exit 0" INT; while :; do sleep 0.05; done';
    const reader = await LiveReader.open(capturer(script), ['good', 'bad'], {});
    const { seen, error } = await drain(reader);
    expect(seen.filter((seconds) => seconds > 0)).toEqual([1, 2]);
    expect(error).toMatchObject({ message: 'bad: (4)' });
  });

  it('a signal asks the process to end and lets it finish; one that does not is ended', async () => {
    for (const [trap, frames] of [
      ['trap "cat \\"$2\\"; exit 0" INT', [1, 2]],
      ['trap "" INT', []],
    ] as const) {
      const stop = new AbortController();
      const reader = await LiveReader.open(capturer(`cat "$1"; ${trap}; while :; do sleep 0.05; done`), ['a'], {
        signal: stop.signal,
      });
      setTimeout(() => stop.abort(), 200);
      const started = Date.now();
      const { seen, error } = await drain(reader);
      expect(seen.filter((seconds) => seconds > 0)).toEqual(frames);
      expect(error).toBeUndefined();
      expect(reader.statistics()[0]!.damaged).toBeUndefined();
      expect(Date.now() - started).toBeLessThan(6000);
    }
  });
});
