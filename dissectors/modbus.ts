import { defineDissector } from '../core/declare/dissector.ts';
import type { Locate, When } from '../core/declare/field.ts';
import { bits, header, optional, repeated, uint8, uint16 } from '../core/declare/kinds.ts';
import type { Frame } from '../core/frame/frame.ts';
import { namesOf } from './names.ts';
import { modbusProtocol } from './tables.ts';

const PORT = 502;
const READ_BITS = [1, 2];
const READ_WORDS = [3, 4];
const WRITE_BIT = 5;
const WRITE_WORD = 6;
const DIAGNOSTICS = 8;
const WRITE_BITS = 15;
const WRITE_WORDS = 16;
const MASK_WRITE = 22;
const READ_WRITE = 23;
/** The function code of an exception has this bit set. */
const EXCEPTION = 0x80;

/** The data unit does not say whether it is a request: the port does, or else the length of a request to read. */
function isRequest(end: number, at: number, frame: Frame): boolean {
  if (frame.destinationPort === PORT) return true;
  return frame.sourcePort !== PORT && end - at === 5;
}
const request =
  (...codes: number[]): When =>
  (view, at, end, frame) =>
    codes.includes(view[at]!) && isRequest(end, at, frame);
const response =
  (...codes: number[]): When =>
  (view, at, end, frame) =>
    codes.includes(view[at]!) && !isRequest(end, at, frame);
const either =
  (...codes: number[]): When =>
  (view, at) =>
    codes.includes(view[at]!);

const reads = [...READ_BITS, ...READ_WORDS];
/** Registers follow a count of bytes, which stands after other numbers in requests to write. */
const registersAt: Locate = (view, at, end, frame) => {
  if (at >= end) return -1;
  const code = view[at]!;
  const asked = isRequest(end, at, frame);
  const skip = asked ? (code === WRITE_WORDS ? 6 : 0) : READ_WORDS.includes(code) ? 2 : 0;
  return skip === 0 || at + skip >= end ? -1 : at + skip;
};

const fields = header({
  exception: bits('', 1),
  code: bits('modbus.func_code', 7, { title: 'Function code', values: namesOf('modbus-functions') }),
  exceptionCode: optional(
    (view, at) => (view[at]! & EXCEPTION) !== 0,
    uint8('modbus.exception_code', { values: namesOf('modbus-exceptions') }),
    1,
  ),
  reference: optional(
    (view, at, end, frame, layer) =>
      request(...reads)(view, at, end, frame, layer) ||
      either(WRITE_BIT, WRITE_WORD, WRITE_BITS, WRITE_WORDS, MASK_WRITE)(view, at, end, frame, layer),
    uint16('modbus.reference_num', { title: 'Reference number' }),
    1,
  ),
  bitCount: optional(
    (view, at, end, frame, layer) => request(...READ_BITS)(view, at, end, frame, layer) || view[at] === WRITE_BITS,
    uint16('modbus.bit_cnt', { title: 'Bit count' }),
    3,
  ),
  wordCount: optional(
    (view, at, end, frame, layer) => request(...READ_WORDS)(view, at, end, frame, layer) || view[at] === WRITE_WORDS,
    uint16('modbus.word_cnt', { title: 'Word count' }),
    3,
  ),
  readReference: optional(request(READ_WRITE), uint16('modbus.read_reference_num'), 1),
  readCount: optional(request(READ_WRITE), uint16('modbus.read_word_cnt'), 3),
  writeReference: optional(request(READ_WRITE), uint16('modbus.write_reference_num'), 5),
  writeCount: optional(request(READ_WRITE), uint16('modbus.write_word_cnt'), 7),
  andMask: optional(either(MASK_WRITE), uint16('modbus.and_mask', { display: 'hex' }), 3),
  orMask: optional(either(MASK_WRITE), uint16('modbus.or_mask', { display: 'hex' }), 5),
  diagnostic: optional(either(DIAGNOSTICS), uint16('modbus.diagnostic_code'), 1),
  byteCount: optional(
    response(...reads, READ_WRITE),
    uint8('modbus.byte_cnt', { title: 'Byte count', unit: 'bytes' }),
    1,
  ),
  writtenByteCount: optional(
    request(WRITE_BITS, WRITE_WORDS),
    uint8('modbus.byte_cnt', { title: 'Byte count', unit: 'bytes' }),
    5,
  ),
  bothByteCount: optional(request(READ_WRITE), uint8('modbus.byte_cnt', { title: 'Byte count', unit: 'bytes' }), 9),
  registers: repeated({
    from: registersAt,
    to: (view, at, end, frame, layer) => {
      const from = registersAt(view, at, end, frame, layer);
      return from + view[from - 1]!;
    },
    next: (_view, at, end) => (at + 2 <= end ? at + 2 : -1),
    item: header({ value: uint16('modbus.regval_uint16', { title: 'Register value' }) }),
    title: 'Register',
  }),
});

/** Modbus application protocol V1.1b3, function code and its numbers. Which registers answer a request, it does not say. */
export const modbus = defineDissector({
  name: 'modbus',
  title: 'Modbus',
  claims: [modbusProtocol.at(0)],
  fields,
  minimum: 1,
});
