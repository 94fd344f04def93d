import { registry, type WalkedFrame } from './capture.ts';

const dissectors = [...registry.dissectors.values()];
const tables = dissectors.flatMap(({ listed }) => (listed === undefined ? [] : [listed[0].name]));

/** Names that `frame.protocols` can have of ours. */
export const ourProtocols: ReadonlySet<string> = new Set([
  ...dissectors.map(({ protocol }) => protocol),
  ...tables,
  'data',
]);

/** By name of a field or alias: names in `frame.protocols` of the protocols that have it. */
const protocolsOf = new Map<string, ReadonlySet<string>>();
for (const [name, entries] of registry.fields) {
  protocolsOf.set(name, new Set(entries.map(({ dissector }) => dissector.protocol)));
}

/** How often the protocols that have a field stand in a stack. */
export function layersWith(field: string, stack: string): number {
  const protocols = protocolsOf.get(field);
  if (protocols === undefined) return 0;
  return stack.split(':').filter((protocol) => protocols.has(protocol)).length;
}

/** True when the dissector of a protocol claims one of the frame's ports. */
export function portClaims(protocol: string, { ports, layers }: WalkedFrame): boolean {
  const numbers: readonly number[] = ports ?? [];
  const ofLayers = layers.flatMap(({ fields }) =>
    fields.filter(({ name }) => /^(tcp|udp|sctp|dccp)\.(src|dst)port$/.test(name)).map(({ value }) => Number(value)),
  );
  return dissectors.some(
    (one) =>
      one.protocol === protocol &&
      one.claims.some(
        ({ table, number }) => /\.port$/.test(table.name) && (numbers.includes(number) || ofLayers.includes(number)),
      ),
  );
}

/** True when a layer of this dissector has an anomaly of this code. */
export const has = ({ anomalies }: WalkedFrame, layer: string, code?: string): boolean =>
  anomalies.some((one) => one.layer === layer && (code === undefined || one.code === code));

/** All values of a field in a frame. */
export const valuesOf = ({ layers }: WalkedFrame, field: string): string[] =>
  layers.flatMap(({ fields }) => fields.filter(({ name }) => name === field).map(({ value }) => value));
