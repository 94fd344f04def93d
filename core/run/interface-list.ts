import type { SourceInterface } from '../declare/source.ts';
import type { FrameBatch } from '../frame/batch.ts';

/** Interfaces of several readers as one list, in which equal ones stand once: as short as there are different ones. */
export class InterfaceList {
  readonly all: SourceInterface[] = [];
  readonly #known = new Map<string, number>();

  /** The place of an interface in the list. */
  place(one: SourceInterface): number {
    const { name, linkType, snapLength, number, description } = one;
    const key = JSON.stringify([name, linkType, snapLength, number, description]);
    let found = this.#known.get(key);
    if (found === undefined) {
      found = this.all.push(one) - 1;
      this.#known.set(key, found);
    }
    return found;
  }
}

/** The interfaces of one reader by their places in a common list. */
export class InterfacePlaces {
  readonly #list: InterfaceList;
  readonly #places: number[] = [];

  constructor(list: InterfaceList) {
    this.#list = list;
  }

  /** Puts places in the common list into a batch of the reader, whose interfaces these are. */
  translate({ interfaceId, count }: FrameBatch, own: readonly SourceInterface[]): void {
    const places = this.#places;
    for (let i = places.length; i < own.length; i += 1) places.push(this.#list.place(own[i]!));
    for (let i = 0; i < count; i += 1) interfaceId[i] = places[interfaceId[i]!] ?? interfaceId[i]!;
  }
}
