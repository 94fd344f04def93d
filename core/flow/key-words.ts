/** How the 32-bit words of a flow's key are laid out. @module */

/** Words of a key without fields of the configuration's own: two addresses, ports, protocol and kinds, tunnel. */
export const BASE_WORDS = 12;
/** Places in a key: what IPv4 uses comes first, its other address words are zero. */
export const PORT_WORD = 0;
/** protocol | port kind << 8 | address length << 12 | bits below */
export const KIND_WORD = 1;
/** Bit of the kind word: the words of the tunnel are in use. */
export const IN_TUNNEL = 1 << 17;
/** Bit of the kind word: the flow is one of the innermost packets where there are flows of the outermost too. */
export const INNERMOST = 1 << 18;
/** Bytes of an address, from the kind word. */
export const addressLengthOf = (kind: number): number => (kind >> 12) & 31;
/** The four words of the lower end's address stand here and in three further places. */
export const ADDRESS_A = 2;
export const ADDRESS_B = 3;
export const MORE_A = 4;
const MORE_B = 7;
/** Dissector id of the tunnel's header. */
export const TUNNEL_WORD = 10;
/** The tunnel's id, which is the same both ways. */
export const TUNNEL_ID_WORD = 11;

/** Place of word 0 to 3 of the first (lower) or second address. */
export const addressPlace = (second: boolean, word: number): number => {
  if (word === 0) return second ? ADDRESS_B : ADDRESS_A;
  return (second ? MORE_B : MORE_A) + word - 1;
};

/** Words a field takes in the key: a float64, as its two halves. */
export const FIELD_WORDS = 2;
