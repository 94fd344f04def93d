import type { FieldEntry, Registry } from '../declare/registry.ts';
import { PacketloomError } from '../errors.ts';
import { type DecodeAs, Dispatch, demandedDissectors } from '../frame/dispatch.ts';

/**
 * The dispatch arrays of a run, with the dissectors that its fields demand.
 * @throws PacketloomError `configuration` for a decode-as of an unknown table or dissector.
 */
export function makeDispatch(
  registry: Registry,
  demanded: readonly FieldEntry[],
  all: boolean,
  decodeAs: readonly DecodeAs[],
): Dispatch {
  const dissectors = [...registry.dissectors.values()];
  const names = new Set(demanded.map(({ dissector }) => dissector.name));
  const wanted = demandedDissectors(dissectors, names);
  const resolved = decodeAs.map(({ table, number, dissector }) => {
    const found = registry.dissectors.get(dissector);
    const owner = registry.tables.get(table);
    if (owner === undefined) throw new PacketloomError('configuration', `decode-as: there is no table "${table}"`);
    if (found === undefined)
      throw new PacketloomError('configuration', `decode-as: there is no dissector "${dissector}"`);
    return { tableId: owner.id, number, dissector: found };
  });
  return new Dispatch(dissectors, (dissector) => all || wanted.has(dissector), resolved);
}
