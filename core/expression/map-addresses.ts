import type { Value } from './evaluate.ts';
import type { FlowFacts } from './program.ts';
import type { Node, Tree } from './tree.ts';

/** How what names hosts is replaced where it is printed. */
export interface AddressMap {
  /** An address, one UTF-16 unit a byte; keeps its length. */
  address(address: string): string;
  /** `community_id` of the flow with its addresses replaced. */
  communityId(facts: FlowFacts): string | null;
}

/** An address by a map; empty stays empty. */
export const mappedAddress = (map: (address: string) => string, address: Value): string | null =>
  typeof address === 'string' ? map(address) : null;

/** What makes a text of texts. */
const TEXTS: ReadonlySet<Node['op']> = new Set(['joined-text', 'cut-text', 'default-text']);

/**
 * The same value with every address in it that is printed replaced: an address itself, or one in `text(...)`. What
 * compares addresses sees the true ones. A list of addresses stays as it is: its items are replaced in the row.
 */
export function mapAddresses(tree: Tree, node: Node, map: AddressMap): Node {
  if (node.type.list || node.type.length !== undefined) return node;
  const { type } = node;
  if (type.kind === 'address') {
    return tree.node(
      { op: 'mapped-address', type, args: [node], map: (address) => map.address(address) },
      tree.idOf(map),
    );
  }
  if (node.op === 'builtin' && node.name === 'community_id') {
    const { name } = node;
    return tree.node({ op: 'mapped-fact', type, args: [], name, map: (facts) => map.communityId(facts) }, name);
  }
  if (!TEXTS.has(node.op)) return node;
  const key = node.op === 'cut-text' ? node.length : '';
  return tree.node({ ...node, args: node.args.map((arg) => mapAddresses(tree, arg, map)) }, key);
}
