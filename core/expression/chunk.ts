import type { Code } from './code.ts';
import { Emitter, type Place } from './emit.ts';
import { isText, localArgs, type Node } from './tree.ts';

/** A piece of a generated function: what it computes from, and how it is written once shared values have names. */
export interface Piece {
  readonly roots: readonly Node[];
  write(emitter: Emitter): string;
}

/**
 * Nodes in one generated function at most. V8 never optimises a function of more than 60 KB of bytecode; a node takes
 * some 10 to 30 bytes, and small functions leave room for what they call to be inlined.
 */
const NODES = 120;
/** What a call of a state costs, counted in nodes. */
const CALL = 6;

function sizeOf(node: Node, seen: Set<Node>): number {
  if (seen.has(node)) return 0;
  seen.add(node);
  let size = 1;
  for (const arg of localArgs(node)) size += sizeOf(arg, seen);
  return size;
}

/** Splits pieces, in order, into functions that stay small. Returns their names. */
export function emitChunks(code: Code, place: Place, prefix: string, pieces: readonly Piece[]): string[] {
  const names: string[] = [];
  let chunk: Piece[] = [];
  let seen = new Set<Node>();
  let size = 0;
  const close = (): void => {
    if (chunk.length > 0) names.push(code.function(prefix, place.parameters, bodyOf(code, place, chunk)));
    chunk = [];
    seen = new Set();
    size = 0;
  };
  for (const piece of pieces) {
    for (const root of piece.roots) size += sizeOf(root, seen);
    size += CALL;
    if (size > NODES && chunk.length > 0) {
      close();
      for (const root of piece.roots) size += sizeOf(root, seen);
      size += CALL;
    }
    chunk.push(piece);
  }
  close();
  return names;
}

/** The statements of a function: values used more than once first, each under a name. */
function bodyOf(code: Code, place: Place, pieces: readonly Piece[]): string {
  const uses = new Map<Node, number>();
  const order: Node[] = [];
  const visit = (node: Node): void => {
    const count = uses.get(node) ?? 0;
    uses.set(node, count + 1);
    if (count > 0) return;
    for (const arg of localArgs(node)) visit(arg);
    order.push(node);
  };
  for (const piece of pieces) for (const root of piece.roots) visit(root);
  const emitter = new Emitter(code, place);
  const lines: string[] = [];
  for (const node of order) {
    if (uses.get(node)! < 2 || node.op === 'constant' || node.type.list || node.type.length !== undefined) continue;
    const name = code.name(isText(node.type) ? 't' : 'n');
    lines.push(`const ${name} = ${emitter.value(node)};`);
    emitter.bound.set(node, name);
  }
  return [...lines, ...pieces.map((piece) => piece.write(emitter))].join('\n');
}
