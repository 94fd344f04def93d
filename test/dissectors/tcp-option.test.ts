import { describe, it } from 'vitest';
import {
  multipathAdds,
  multipathAnswers,
  multipathData,
  multipathJoins,
  multipathOpens,
  multipathRest,
  oldOptions,
} from './support/option-frames.ts';
import { expectValues } from './support/values.ts';

// The values are those that tshark 4.0 prints for these bytes.
describe('tcp options', () => {
  it('opens a multipath connection', () => {
    expectValues(multipathOpens, {
      'tcp.options': ['1e1801a10102030405060708111213141516171800101234'],
      'tcp.option_kind': ['30'],
      'tcp.option_len': ['24'],
      'tcp.options.mptcp.subtype': ['0'],
      'tcp.options.mptcp.version': ['1'],
      'tcp.options.mptcp.flags': ['0xa1'],
      'tcp.options.mptcp.checksumreq.flags': ['1'],
      'tcp.options.mptcp.extensibility.flag': ['0'],
      'tcp.options.mptcp.nomoresubflows.flag': ['1'],
      'tcp.options.mptcp.sha256.flag': ['1'],
      'tcp.options.mptcp.sendkey': ['72623859790382856'],
      'tcp.options.mptcp.recvkey': ['1230066625199609624'],
      'tcp.options.mptcp.datalvllen': ['16'],
      'tcp.options.mptcp.checksum': ['0x1234'],
    });
  });

  it('joins one', () => {
    expectValues(multipathJoins, {
      'tcp.options': ['1e0c11050a0b0c0d01020304'],
      'tcp.option_kind': ['30'],
      'tcp.option_len': ['12'],
      'tcp.options.mptcp.subtype': ['1'],
      'tcp.options.mptcp.flags': ['0x11'],
      'tcp.options.mptcp.backup.flag': ['1'],
      'tcp.options.mptcp.addrid': ['5'],
      'tcp.options.mptcp.recvtok': ['168496141'],
      'tcp.options.mptcp.sendrand': ['16909060'],
    });
  });

  it('answers a join', () => {
    expectValues(multipathAnswers, {
      'tcp.options': ['1e101005010203040506070801020304'],
      'tcp.option_kind': ['30'],
      'tcp.option_len': ['16'],
      'tcp.options.mptcp.subtype': ['1'],
      'tcp.options.mptcp.flags': ['0x10'],
      'tcp.options.mptcp.backup.flag': ['0'],
      'tcp.options.mptcp.addrid': ['5'],
      'tcp.options.mptcp.sendrand': ['16909060'],
      'tcp.options.mptcp.sendtrunchmac': ['72623859790382856'],
    });
  });

  it('maps data', () => {
    expectValues(multipathData, {
      'tcp.options': ['1e1a200f010203040506070811121314151617180000000100100000'],
      'tcp.option_kind': ['30', '0', '0'],
      'tcp.option_len': ['26'],
      'tcp.options.mptcp.subtype': ['2'],
      'tcp.options.mptcp.flags': ['0x0f'],
      'tcp.options.mptcp.datalvllen': ['16'],
      'tcp.options.mptcp.datafin.flag': ['0'],
      'tcp.options.mptcp.dseqn8.flag': ['1'],
      'tcp.options.mptcp.dseqnpresent.flag': ['1'],
      'tcp.options.mptcp.dataack8.flag': ['1'],
      'tcp.options.mptcp.dataackpresent.flag': ['1'],
      'tcp.options.mptcp.rawdataack': ['72623859790382856'],
      'tcp.options.mptcp.rawdataseqno': ['1230066625199609624'],
      'tcp.options.mptcp.subflowseqno': ['1'],
    });
  });

  it('adds an address', () => {
    expectValues(multipathAdds, {
      'tcp.options': ['1e1e300720010db80000000000000000000000011f9001020304050607080000'],
      'tcp.option_kind': ['30', '0', '0'],
      'tcp.option_len': ['30'],
      'tcp.options.mptcp.subtype': ['3'],
      'tcp.options.mptcp.addrid': ['7'],
      'tcp.options.mptcp.ipv6': ['2001:db8::1'],
      'tcp.options.mptcp.port': ['8080'],
      'tcp.options.mptcp.addaddrtrunchmac': ['72623859790382856'],
    });
  });

  it('removes addresses, changes priority, fails and resets', () => {
    expectValues(multipathRest, {
      'tcp.options': ['1e054007081e0451071e0c600001020304050607081e048102000000'],
      'tcp.option_kind': ['30', '30', '30', '30', '0', '0', '0'],
      'tcp.option_len': ['5', '4', '12', '4'],
      'tcp.options.mptcp.subtype': ['4', '5', '6', '8'],
      'tcp.options.mptcp.flags': ['0x51', '0x81'],
      'tcp.options.mptcp.backup.flag': ['1'],
      'tcp.options.mptcp.addrid': ['7', '8', '7'],
      'tcp.options.mptcp.rawdataseqno': ['72623859790382856'],
      'tcp.options.mptcp.flag_U.flag': ['0'],
      'tcp.options.mptcp.flag_V.flag': ['0'],
      'tcp.options.mptcp.flag_W.flag': ['0'],
      'tcp.options.mptcp.flag_T.flag': ['1'],
      'tcp.options.mptcp.rst_reason': ['0x02'],
    });
  });

  it('reads echo, connection count, accurate ECN and what is unknown', () => {
    expectValues(oldOptions, {
      'tcp.options': ['0606010203040b0600000007ac0b0000010000020000036305010203'],
      'tcp.option_kind': ['6', '11', '172', '99'],
      'tcp.option_len': ['6', '6', '11', '5'],
      'tcp.options.echo_value': ['16909060'],
      'tcp.options.cc_value': ['7'],
      'tcp.options.acc_ecn.ee0b': ['1'],
      'tcp.options.acc_ecn.eceb': ['2'],
      'tcp.options.acc_ecn.ee1b': ['3'],
      'tcp.options.unknown.payload': ['010203'],
    });
  });
});
