import { createHash } from 'node:crypto';
import type { FlowFacts } from '../expression/program.ts';
import { EXCHANGE, ONE_WAY, PORTS } from '../frame/frame.ts';

/** Protocols whose ports (ICMP: type, and counterpart or code) take part: ICMP, TCP, UDP, ICMPv6, SCTP. */
const WITH_PORTS = new Set([1, 6, 17, 58, 132]);

/** Seed, two addresses of 16 bytes, protocol, padding, two ports. */
const input = Buffer.alloc(40);

/** The words of an address in network order; the end behind them. */
function put(words: Uint32Array, length: number, at: number): number {
  for (let i = 0; 4 * i < length; i += 1) input.writeUInt32BE(words[i]!, at + 4 * i);
  return at + length;
}

/** Negative, 0 or positive, as the first address is lower, the same or higher. */
function compare(one: Uint32Array, other: Uint32Array): number {
  for (let i = 0; i < 4; i += 1) if (one[i] !== other[i]) return one[i]! - other[i]!;
  return 0;
}

/**
 * Community ID, version 1, of a flow (github.com/corelight/community-id-spec): the same text in every tool that has it.
 * Null without addresses or protocol in the key, and where the ports that belong to it are not known.
 */
export function communityId(facts: FlowFacts): string | null {
  const { addressLength, protocol, portKind, communityIdSeed } = facts;
  if (addressLength === 0 || protocol < 0) return null;
  const withPorts = WITH_PORTS.has(protocol);
  if (withPorts && portKind !== PORTS && portKind !== EXCHANGE && portKind !== ONE_WAY) return null;
  let { sourceWords: first, destinationWords: second, sourcePort: firstPort } = facts;
  let secondPort = portKind === EXCHANGE ? facts.mate : facts.destinationPort;
  const order = compare(first, second);
  if (portKind !== ONE_WAY && (order > 0 || (order === 0 && withPorts && firstPort > secondPort))) {
    [first, second] = [second, first];
    [firstPort, secondPort] = [secondPort, firstPort];
  }
  input.writeUInt16BE(communityIdSeed, 0);
  let end = put(second, addressLength, put(first, addressLength, 2));
  input[end] = protocol;
  input[end + 1] = 0;
  end += 2;
  if (withPorts) {
    input.writeUInt16BE(firstPort, end);
    input.writeUInt16BE(secondPort, end + 2);
    end += 4;
  }
  return `1:${createHash('sha1').update(input.subarray(0, end)).digest('base64')}`;
}
