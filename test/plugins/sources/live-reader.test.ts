import { describe, expect, it } from 'vitest';
import { FrameBatch } from '../../../core/frame/batch.ts';
import { type Capturer, LiveReader } from '../../../plugins/sources/live/live-reader.ts';
import { counting, pcapHeader, pcapRecord } from './support/bytes.ts';
import { fileOf } from './support/read-frames.ts';

const header = fileOf(pcapHeader());
const two = fileOf(Buffer.concat([pcapRecord(1, 0, counting(60)), pcapRecord(2, 0, counting(60))]));

/** A shell script in the place of a capturing program: `$1` is a file header, `$2` two records, `$3` the interface. */
function capturer(script: string, program = 'sh'): Capturer {
  return {
    format: 'pcap',
    command: (name) => ({ program, arguments: ['-c', script, 'sh', header, two, name] }),
    explain: (child) => {
      if (child.failure !== undefined) return child.failure.code;
      return child.stopped || child.code === 0 ? undefined : `${child.messages}(${child.code})`;
    },
    drops: (child, log) => {
      log.drops.kernel = Number(/lost (\d+)/.exec(child.messages)?.[1] ?? Number.NaN);
    },
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
