import { defineDissector } from '../core/declare/dissector.ts';
import type { Locate } from '../core/declare/field.ts';
import { header, repeated, uint8, uint16 } from '../core/declare/kinds.ts';
import { u16 } from './parts/vector.ts';
import { modbusProtocol, tcpPort } from './tables.ts';

const HEADER = 7;
/** An MBAP length counts the unit id and a protocol data unit of 253 bytes at most. */
const LONGEST = 254;

const message = header({
  transaction: uint16('mbtcp.trans_id', { title: 'Transaction id' }),
  protocol: uint16('mbtcp.prot_id', { title: 'Protocol id' }),
  length: uint16('mbtcp.len', { unit: 'bytes' }),
  unit: uint8('mbtcp.unit_id', { title: 'Unit id' }),
});

const isMessage = (view: Uint8Array, at: number, end: number): boolean => {
  if (at + 6 > end || u16(view, at + 2) !== 0) return false;
  const length = u16(view, at + 4);
  return length >= 2 && length <= LONGEST;
};
const next: Locate = (view, at, end) => (isMessage(view, at, end) ? at + 6 + u16(view, at + 4) : -1);

const fields = header({ messages: repeated({ from: (_view, at) => at, next, item: message, title: 'Message' }) });

/** Modbus over TCP: the MBAP header of the "Modbus messaging on TCP/IP implementation guide" V1.0b, section 3.1. */
export const mbtcp = defineDissector({
  name: 'mbtcp',
  title: 'Modbus/TCP',
  claims: [tcpPort.at(502)],
  fields,
  tables: [modbusProtocol],
  accept: isMessage,
  dissect(frame, view, at) {
    for (let one = at; isMessage(view, one, frame.end); ) {
      const end = one + 6 + message.length.read(view, one);
      if (end > frame.contained) return; // goes on in the next segment
      if (one + HEADER >= frame.end) return frame.short(one, HEADER + 1);
      frame.next(modbusProtocol, message.protocol.read(view, one), one + HEADER, end);
      one = end;
    }
  },
});
