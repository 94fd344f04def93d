import { describe, expect, it } from 'vitest';
import { modbusAnswer, modbusException, modbusRead, modbusTwo, toTcp } from './support/application-frames.ts';
import { dissect } from './support/registry.ts';
import { expectRefused, expectValues } from './support/values.ts';

// The values are those that tshark 4.0 prints for these bytes.
describe('mbtcp', () => {
  it('reads a request', () => {
    expectValues(modbusRead, {
      'mbtcp.trans_id': ['7'],
      'mbtcp.prot_id': ['0'],
      'mbtcp.len': ['6'],
      'mbtcp.unit_id': ['1'],
      'modbus.func_code': ['3'],
      'modbus.reference_num': ['107'],
      'modbus.word_cnt': ['3'],
    });
  });

  it('reads an answer', () => {
    expectValues(modbusAnswer, {
      'mbtcp.trans_id': ['7'],
      'mbtcp.prot_id': ['0'],
      'mbtcp.len': ['9'],
      'mbtcp.unit_id': ['1'],
      'modbus.func_code': ['3'],
      'modbus.byte_cnt': ['6'],
      'modbus.regval_uint16': ['555', '0', '100'],
    });
  });

  it('reads two requests in one segment', () => {
    expectValues(modbusTwo, {
      'mbtcp.trans_id': ['7', '8'],
      'mbtcp.prot_id': ['0', '0'],
      'mbtcp.len': ['11', '6'],
      'mbtcp.unit_id': ['1', '1'],
      'modbus.func_code': ['16', '5'],
      'modbus.reference_num': ['1', '172'],
      'modbus.word_cnt': ['2'],
      'modbus.byte_cnt': ['4'],
      'modbus.regval_uint16': ['10', '258'],
    });
  });

  it('reads an exception', () => {
    expectValues(modbusException, {
      'mbtcp.trans_id': ['7'],
      'mbtcp.prot_id': ['0'],
      'mbtcp.len': ['3'],
      'mbtcp.unit_id': ['1'],
      'modbus.func_code': ['3'],
      'modbus.exception_code': ['2'],
    });
  });

  it('refuses what it is not on port 502', () => {
    expectRefused('mbtcp', 502, toTcp);
  });

  it('pushes one layer for each data unit', () => {
    expect(dissect(modbusTwo).names.slice(-3)).toEqual(['mbtcp', 'modbus', 'modbus']);
  });
});
