import type { Registry } from '../../core/declare/registry.ts';
import type { Sink } from '../../core/declare/sink.ts';
import type { Source } from '../../core/declare/source.ts';
import { PacketloomError } from '../../core/errors.ts';
import type { Entry } from './entry.ts';

/** A kind of output with its options. */
export function sinkEntry({ name, description, extensions, schemes = [], options }: Sink): Entry {
  const chosenBy = [...extensions, ...schemes.map((scheme) => `${scheme}://`)];
  const ways = chosenBy.length > 0 ? ` (${chosenBy.join(', ')})` : '';
  return { kind: 'sink', name, summary: description + ways, details: { description, extensions, schemes, options } };
}

/** A kind of input with what it cannot know, and whether it can be used here. */
export async function sourceEntry({ name, description, live, limits, unavailable }: Source): Promise<Entry> {
  const why = await unavailable?.();
  const summary = why === undefined ? description : `${description} (not available here: ${why})`;
  return { kind: 'source', name, summary, details: { description, live, limits, unavailable: why ?? null } };
}

/**
 * The interfaces that can be captured from, as the first live source that can list them has them.
 * @throws PacketloomError `device` where none can, with what each of them says.
 */
export async function interfaceEntries(registry: Registry): Promise<Entry[]> {
  const reasons: string[] = [];
  for (const source of registry.sources.values()) {
    if (source.list === undefined) continue;
    try {
      const interfaces = await source.list();
      return interfaces.map(({ name, description, addresses }) => ({
        kind: 'interface',
        name,
        summary: [description, addresses.join(', ')].filter((part) => part !== '').join(': '),
        details: { description, addresses, source: source.name },
      }));
    } catch (error) {
      if (!(error instanceof PacketloomError)) throw error;
      reasons.push(error.message);
    }
  }
  const why = reasons.length === 0 ? 'no live source is registered' : reasons.join('; ');
  throw new PacketloomError('device', `list: interfaces: ${why}`);
}

/** The live sources that cannot be used here, each with what is missing. */
export async function missingSources(registry: Registry): Promise<string[]> {
  const lines: string[] = [];
  for (const { name, unavailable } of registry.sources.values()) {
    const why = await unavailable?.();
    if (why !== undefined) lines.push(`source ${name} cannot be used: ${why}`);
  }
  return lines;
}
