import { tableFromIPC } from 'apache-arrow';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { messageEncoder } from '../../../core/deliver/message-format.ts';
import { messageSettings } from '../../../core/deliver/message-options.ts';
import { MessagePacker, messageKey, unpackMessages } from '../../../core/deliver/messages.ts';
import { parseServers } from '../../../core/deliver/server-list.ts';
import { column } from '../../../core/flow/rows.ts';
import { batchOf, contextOf } from '../../plugins/sinks/rows.ts';

const columns = [column('number', 'number', { integer: true }), column('text', 'text')];

test('what is packed comes out again, payload after payload', () => {
  const packer = new MessagePacker();
  const bodies = fc.array(fc.tuple(fc.nat(1000), fc.uint8Array({ maxLength: 300 })), { maxLength: 20 });
  fc.assert(
    fc.property(bodies, fc.string(), (parts, configuration) => {
      for (const [rows, body] of parts) packer.add(rows, body);
      const payload = packer.take({ format: 'csv', configuration });
      // Those of a later segment do not reach into it.
      packer.add(1, Uint8Array.of(1, 2, 3));
      packer.take({ format: 'json', configuration: '' });
      const { messages, ...kind } = unpackMessages(payload);
      expect(kind).toEqual({ format: 'csv', configuration });
      expect(messages.map(({ rows, body }) => [rows, [...body]])).toEqual(
        parts.map(([rows, body]) => [rows, [...body]]),
      );
      const firsts = parts.map((_, i) => parts.slice(0, i).reduce((sum, [rows]) => sum + rows, 0));
      expect(messages.map(({ first }) => first)).toEqual(firsts);
    }),
  );
});

test('a message is named by its segment, and by its rows where it is a part', () => {
  const body = new Uint8Array(0);
  expect(messageKey({ id: 'ab', rows: 7 }, { first: 0, rows: 7, body })).toBe('ab');
  expect(messageKey({ id: 'ab', rows: 7 }, { first: 5, rows: 2, body })).toBe('ab-5-2');
});

describe.each(['json', 'csv', 'arrow'] as const)('messages of %s', (format) => {
  const texts = (bodies: readonly Uint8Array[]) =>
    format === 'arrow'
      ? bodies.flatMap((body) => [...tableFromIPC(body).getChild('text')!] as string[])
      : bodies.flatMap((body) => {
          const lines = Buffer.from(body).toString().trimEnd().split('\n');
          return lines.map((line) =>
            format === 'csv' ? line.split(',')[1]! : (JSON.parse(line) as { text: string }).text,
          );
        });

  test('keep to their rows and bytes, and hold all rows in order', async () => {
    const limit = 5000;
    const settings = messageSettings({ format, rows: 10, messageSize: String(limit) });
    const encode = await messageEncoder(columns, settings, 'kafka', contextOf());
    const lengths = fc.array(fc.integer({ min: 1, max: 2000 }), { minLength: 1, maxLength: 60 });
    fc.assert(
      fc.property(lengths, (all) => {
        const batch = batchOf(
          columns,
          all.map((length, i) => [i, 'x'.repeat(length)]),
        );
        const found: [number, Uint8Array][] = [];
        encode(batch, (rows, body) => found.push([rows, body.slice()]));
        expect(texts(found.map(([, body]) => body)).map((text) => text.length)).toEqual(all);
        for (const [rows, body] of found) {
          expect(rows).toBeLessThanOrEqual(10);
          if (rows > 1) expect(body.length).toBeLessThanOrEqual(limit);
        }
      }),
      { numRuns: 30 },
    );
  });
});

describe('servers of a URL', () => {
  const parse = (target: string) => parseServers(target, 'kafka', 9092, 'kafka://host:9092/topic');

  test.each([
    ['kafka://a/t', ['a:9092'], 't', undefined],
    ['kafka://a:1,b,c:3/t.u', ['a:1', 'b:9092', 'c:3'], 't.u', undefined],
    ['kafka://[::1]:5,[fe80::1]/t', ['[::1]:5', '[fe80::1]:9092'], 't', undefined],
    ['kafka://m%40x@a/t', ['a:9092'], 't', 'm@x'],
    ['a:1/t', ['a:1'], 't', undefined],
    ['kafka://a/100%', ['a:9092'], '100%', undefined],
  ])('%s', (target, servers, name, user) => {
    expect(parse(target)).toMatchObject({ servers, name, user });
  });

  test.each([
    ['kafka://a', 'kafka: kafka://a: expected kafka://host:9092/topic'],
    ['kafka://a/', 'kafka: kafka://a/: expected kafka://host:9092/topic'],
    ['kafka://a/t/u', 'kafka: kafka://a/t/u: expected kafka://host:9092/topic'],
    ['kafka://a:0/t', 'kafka: kafka://a:0/t: expected host or host:port, not "a:0"'],
    ['kafka://a:b/t', 'kafka: kafka://a:b/t: expected host or host:port, not "a:b"'],
    ['kafka://a,,b/t', 'kafka: kafka://a,,b/t: expected host or host:port, not ""'],
    ['kafka://a/t?topics=1', 'kafka: kafka://a/t?topics=1: no such option "topics"'],
    ['kafka://u:secret@a/t', 'kafka: a: a password does not belong into a URL; set password=env:NAME'],
    ['kafka://u:secret@a', 'kafka: kafka://a: expected kafka://host:9092/topic'],
    ['kafka://u:secret@a/t/u', 'kafka: kafka://a/t/u: expected kafka://host:9092/topic'],
  ])('%s is refused', (target, message) => {
    expect(() => parse(target)).toThrow(expect.objectContaining({ code: 'usage', message }));
  });
});
