import type { Dissector, Level } from '../declare/dissector.ts';
import type { Field } from '../declare/field.ts';
import { internedCount } from '../declare/intern.ts';
import type { Claim } from '../declare/table.ts';

/** Numbers below this are looked up in an array: ports, Ethertypes and protocols all are. */
const DENSE = 65_536;

/** The claims of one table, as the walk looks them up. */
export class ClaimTable {
  /** Dissectors that recognise their own bytes, in the order of registration. */
  readonly guesses: Dissector[] = [];
  /** The dissectors that claim a number; the first place stands for nobody. */
  readonly #claimants: (Dissector | undefined)[] = [undefined];
  /** By number: the place of its claimant. */
  readonly #places = new Uint16Array(DENSE);
  readonly #sparse = new Map<number, Dissector>();
  readonly #decodedAs = new Set<number>();

  at(number: number): Dissector | undefined {
    return number < DENSE ? this.#claimants[this.#places[number]!] : this.#sparse.get(number);
  }

  isDecodedAs(number: number): boolean {
    return this.#decodedAs.size > 0 && this.#decodedAs.has(number);
  }

  set(number: number, dissector: Dissector, decodedAs = false): void {
    if (number < DENSE) this.#places[number] = this.#claimants.push(dissector) - 1;
    else this.#sparse.set(number, dissector);
    if (decodedAs) this.#decodedAs.add(number);
  }
}

/** A number of a table that the configuration gives to a dissector, before all tables. */
export interface DecodeAs {
  readonly table: string;
  readonly number: number;
  readonly dissector: string;
}

/** The same dissector, which looks at the bytes in one more way before it takes them. */
function withCheck(dissector: Dissector, check: NonNullable<Claim['accept']>): Dissector {
  const own = dissector.accept;
  const accept: Dissector['accept'] =
    own === undefined ? check : (bytes, at, end, frame) => check(bytes, at, end, frame) && own(bytes, at, end, frame);
  return Object.freeze({ ...dissector, accept });
}

/** Where a dissector stands, by number: see {@link Dispatch.levels}. */
export const LEVELS: readonly Level[] = ['link', 'network', 'transport', 'tunnel', 'application'];

/** What a tunnel's dissector says may join a bidirectional key. */
const tunnelIdIn = ({ fields, key }: Dissector): Field | undefined =>
  Object.values(fields).find((part): part is Field => part.kind === 'field' && part.name === key.symmetric[0]);

/** The dispatch arrays of one run: who follows whom, less the dissectors that nothing demands. */
export class Dispatch {
  /** By table id. */
  readonly tables: (ClaimTable | undefined)[] = [];
  /** Dissector ids given out so far, for arrays indexed by them. */
  readonly dissectorIds = internedCount('dissector');
  /** By dissector id of a tunnel's header: the field with the tunnel's id, where that is the same in both directions. */
  readonly tunnelIds: (Field | undefined)[] = [];
  /** By dissector id: index into {@link LEVELS}. */
  readonly levels = new Uint8Array(this.dissectorIds);

  /**
   * @param dissectors in the order of registration
   * @param wanted which of them run
   * @param decodeAs claims that go before all others, resolved to dissectors
   */
  constructor(
    dissectors: readonly Dissector[],
    wanted: (dissector: Dissector) => boolean,
    decodeAs: readonly { readonly tableId: number; readonly number: number; readonly dissector: Dissector }[] = [],
  ) {
    for (const dissector of dissectors) {
      this.levels[dissector.id] = LEVELS.indexOf(dissector.level);
      if (dissector.level === 'tunnel') this.tunnelIds[dissector.id] = tunnelIdIn(dissector);
      if (!wanted(dissector)) continue;
      for (const { table, number, accept } of dissector.claims) {
        const claims = this.#table(table.id);
        const child = accept === undefined ? dissector : withCheck(dissector, accept);
        if (number < 0) claims.guesses.push(child);
        else claims.set(number, child);
      }
    }
    for (const { tableId, number, dissector } of decodeAs) {
      if (wanted(dissector)) this.#table(tableId).set(number, dissector, true);
    }
  }

  #table(id: number): ClaimTable {
    while (this.tables.length <= id) this.tables.push(undefined);
    this.tables[id] ??= new ClaimTable();
    return this.tables[id]!;
  }
}

/**
 * The dissectors that a run needs: all up to transport and tunnels, and of the applications those that are demanded or
 * lead to a demanded one.
 */
export function demandedDissectors(dissectors: readonly Dissector[], demanded: ReadonlySet<string>): Set<Dissector> {
  const needed = new Set(dissectors.filter((one) => one.level !== 'application' || demanded.has(one.name)));
  for (let grown = true; grown; ) {
    grown = false;
    const entered = new Set([...needed].flatMap((one) => one.claims.map(({ table }) => table.id)));
    for (const one of dissectors) {
      if (!needed.has(one) && one.tables.some(({ id }) => entered.has(id))) {
        needed.add(one);
        grown = true;
      }
    }
  }
  return needed;
}
