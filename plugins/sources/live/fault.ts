import { PacketloomError } from '../../../core/errors.ts';
import { nearest } from '../../../core/expression/nearest.ts';

/** Why a capturing program ended, or could not begin. */
export interface Fault {
  readonly kind:
    | 'missing'
    /** The system does not let it capture. */
    | 'rights'
    | 'filter'
    /** There is no such interface. */
    | 'absent'
    /** The interface is down, went down or disappeared. */
    | 'away'
    | 'other';
  /** One line. */
  readonly reason: string;
}

// libpcap's words, and dumpcap's around them.
const RIGHTS = /operation not permitted|permission denied|have permission|sufficient permissions/i;
const ABSENT = /no such device|no such interface|there is no device/i;
const AWAY = /not up\b|no longer attached|interface disappeared|interface went down|network is down/i;

/** Understands what a program said before it ended. */
export function faultOf(reason: string): Fault {
  const kind = RIGHTS.test(reason) ? 'rights' : AWAY.test(reason) ? 'away' : ABSENT.test(reason) ? 'absent' : 'other';
  return { kind, reason };
}

/** What an error says besides the fault. */
export interface FaultSurroundings {
  readonly source: string;
  readonly interface: string;
  readonly filter: string | undefined;
  /** Which command grants the right to capture. */
  readonly grant: () => string;
  /** Names of the interfaces there are; undefined where nobody knows. */
  readonly list: () => Promise<readonly string[] | undefined>;
}

/** The error of an interface that cannot be opened: what, where, why and what to do. */
export async function openingError(fault: Fault, about: FaultSurroundings): Promise<PacketloomError> {
  const { source, interface: name } = about;
  const reason = fault.reason.replace(/\s+/g, ' ').trim();
  switch (fault.kind) {
    case 'filter':
      return new PacketloomError('usage', `${name}: filter '${about.filter}': ${reason}`);
    case 'away':
      return new PacketloomError('device', `${name}: ${source}: the interface is down: sudo ip link set ${name} up`);
    case 'absent':
    case 'rights': {
      // Who may not capture is told so before the name is looked at.
      const known = await about.list().catch(() => undefined);
      if (known !== undefined && known.length > 0 && !known.includes(name)) return absentError(name, known);
      if (fault.kind === 'absent') return new PacketloomError('device', `${name}: ${source}: no such interface`);
      const cause = Object.assign(new Error(reason), { code: 'EPERM' });
      return new PacketloomError('device', `${name}: ${source} may not capture (${reason}): ${about.grant()}`, {
        cause,
      });
    }
    default:
      return new PacketloomError('device', `${name}: ${reason}`);
  }
}

function absentError(name: string, known: readonly string[]): PacketloomError {
  const suggestion = nearest(name, known);
  const hint = suggestion === undefined ? '' : `; did you mean ${suggestion}?`;
  return new PacketloomError('device', `${name}: no such interface${hint} (interfaces: ${known.join(', ')})`);
}
