import type { Registry } from '../declare/registry.ts';
import { LeafColumns } from './columns.ts';
import { evaluate, type Surroundings, type Value } from './evaluate.ts';
import { FILTER_VALUES, readFilter } from './filter.ts';
import { List } from './leaves.ts';
import type { FrameFilter } from './program.ts';
import { isText } from './tree.ts';

/** The same as `compileFilter`, by walking the typed tree. @throws ExpressionError */
export function interpretFilter(registry: Registry, text: string, at: string): FrameFilter {
  const root = readFilter(registry, text, at);
  const leaves = new LeafColumns(0);
  return {
    demanded: [],
    test(frame, context) {
      const around: Surroundings = {
        list(node) {
          if (node.op !== 'field') return [];
          const list = new List();
          leaves.field(node).read(frame, list);
          return (isText(node.type) ? list.texts : list.numbers).slice(0, list.count);
        },
        leaf(node) {
          if (node.op === 'field') return leaves.field(node).read(frame, new List()) as Value;
          if (node.op === 'byte-entropy') return leaves.entropy(node.args[0]!).read(frame, new List()) as Value;
          if (node.op !== 'builtin') throw new Error(`${node.op} in a filter`);
          const fact = FILTER_VALUES[node.name];
          if (fact !== undefined) return fact(frame, context);
          return leaves.frame(node.name === 'payload' ? 'payload' : 'protocol').read(frame, new List()) as Value;
        },
      };
      return evaluate(root, around) === 1;
    },
  };
}
