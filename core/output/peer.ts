import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { PacketloomError } from '../errors.ts';

const isMissing = (error: unknown): boolean =>
  /^(?:ERR_)?MODULE_NOT_FOUND$/.test((error as { code?: string }).code ?? '');

/**
 * Loads a package that is installed only by those who need it: beside this package, or in the current folder.
 * @param all what the user must install for this sink
 * @throws PacketloomError `sink` with the command that installs it
 */
export async function loadPeer<T>(name: string, sink: string, all: readonly string[] = [name]): Promise<T> {
  try {
    return (await import(/* @vite-ignore */ name)) as T;
  } catch (error) {
    if (!isMissing(error)) throw broken(sink, name, error);
  }
  try {
    const found = createRequire(join(process.cwd(), 'packetloom.config.json')).resolve(name);
    return (await import(/* @vite-ignore */ pathToFileURL(found).href)) as T;
  } catch (error) {
    if (!isMissing(error)) throw broken(sink, name, error);
    const wanted = all.length === 1 ? `the package ${name}` : `the packages ${all.join(' and ')}`;
    throw new PacketloomError('sink', `${sink}: needs ${wanted}: npm install ${all.join(' ')}`, { cause: error });
  }
}

function broken(sink: string, name: string, cause: unknown): PacketloomError {
  const why = (cause instanceof Error ? cause.message : String(cause)).split('\n', 1)[0]!;
  return new PacketloomError('sink', `${sink}: the package ${name} cannot be loaded: ${why}`, { cause });
}
