import type { Field, FieldOptions } from '../../core/declare/field.ts';
import { bytes, header, ipv4, ipv6, located, repeated, text, uint8, uint24, uint32 } from '../../core/declare/kinds.ts';
import { absoluteTimeText } from '../../core/frame/absolute-time.ts';
import { namesOf } from '../names.ts';
import { type Find, u32 } from './vector.ts';

const PASSWORD = 2;
const CHAP_PASSWORD = 3;
const VENDOR = 26;
/** The highest tag of a tunnel attribute (RFC 2868, 3.1); a higher first byte belongs to the value. */
const HIGHEST_TAG = 0x1f;

type Names = Readonly<Record<number, string>>;
const rest: Find = (_view, at, end) => end - at;
const valueAt =
  (type: number, skip = 0): Find =>
  (view, at, end) =>
    view[at] === type && at + 2 + skip < end ? at + 2 + skip : -1;
/** A value that has exactly `size` bytes. */
const exactly =
  (type: number, size: number): Find =>
  (view, at, end) =>
    view[at] === type && at + 2 + size === end ? at + 2 : -1;

const named = (names: Names, make: (type: number, name: string) => Field) =>
  Object.fromEntries(Object.entries(names).map(([type, name]) => [name, make(Number(type), `radius.${name}`)]));

const texts = named(
  {
    1: 'User_Name',
    11: 'Filter_Id',
    18: 'Reply_Message',
    19: 'Callback_Number',
    20: 'Callback_Id',
    22: 'Framed_Route',
    30: 'Called_Station_Id',
    31: 'Calling_Station_Id',
    32: 'NAS_Identifier',
    34: 'Login_LAT_Service',
    35: 'Login_LAT_Node',
    39: 'Framed_AppleTalk_Zone',
    44: 'Acct_Session_Id',
    50: 'Acct_Multi_Session_Id',
    63: 'Login_LAT_Port',
    68: 'Acct_Tunnel_Connection',
    77: 'Connect_Info',
    78: 'Configuration_Token',
    87: 'NAS_Port_Id',
    88: 'Framed_Pool',
    89: 'Chargeable_User_Identity',
    94: 'Originating_Line_Info',
    99: 'Framed_IPv6_Route',
    100: 'Framed_IPv6_Pool',
  },
  (type, name) => located(valueAt(type), text(name, rest)),
);
const numbers = named(
  {
    5: 'NAS_Port',
    6: 'Service_Type',
    7: 'Framed_Protocol',
    10: 'Framed_Routing',
    12: 'Framed_MTU',
    13: 'Framed_Compression',
    15: 'Login_Service',
    16: 'Login_TCP_Port',
    27: 'Session_Timeout',
    28: 'Idle_Timeout',
    29: 'Termination_Action',
    37: 'Framed_AppleTalk_Link',
    38: 'Framed_AppleTalk_Network',
    40: 'Acct_Status_Type',
    41: 'Acct_Delay_Time',
    42: 'Acct_Input_Octets',
    43: 'Acct_Output_Octets',
    45: 'Acct_Authentic',
    46: 'Acct_Session_Time',
    47: 'Acct_Input_Packets',
    48: 'Acct_Output_Packets',
    49: 'Acct_Terminate_Cause',
    51: 'Acct_Link_Count',
    52: 'Acct_Input_Gigawords',
    53: 'Acct_Output_Gigawords',
    61: 'NAS_Port_Type',
    62: 'Port_Limit',
    72: 'ARAP_Zone_Access',
    73: 'ARAP_Security',
    75: 'Password_Retry',
    76: 'Prompt',
    85: 'Acct_Interim_Interval',
    86: 'Acct_Tunnel_Packets_Lost',
    101: 'Error_Cause',
  },
  (type, name) => located(exactly(type, 4), uint32(name)),
);
const octets = named(
  {
    [PASSWORD]: 'User_Password_encrypted',
    24: 'State',
    25: 'Class',
    33: 'Proxy_State',
    60: 'CHAP_Challenge',
    70: 'ARAP_Password',
    79: 'eap_fragment',
    80: 'Message_Authenticator',
    96: 'Framed_Interface_Id',
    97: 'Framed_IPv6_Prefix',
    123: 'Delegated_IPv6_Prefix',
  },
  (type, name) => located(valueAt(type), bytes(name, rest)),
);
const addresses = named({ 4: 'NAS_IP_Address', 9: 'Framed_IP_Netmask' }, (type, name) =>
  located(exactly(type, 4), ipv4(name)),
);
const addressesSix = named({ 95: 'NAS_IPv6_Address', 98: 'Login_IPv6_Host' }, (type, name) =>
  located(exactly(type, 16), ipv6(name)),
);

/** The tag of a tunnel's attribute; text that begins with a higher byte has none. */
const tags = (names: Names) =>
  named(names, (type, name) =>
    located(
      (view, at, end) => (view[at] === type && at + 2 < end && view[at + 2]! <= HIGHEST_TAG ? at + 2 : -1),
      uint8(`${name}.tag`, { display: 'hex' }),
    ),
  );
const tunnelNumbers = { 64: 'Tunnel_Type', 65: 'Tunnel_Medium_Type', 83: 'Tunnel_Preference' };
const tunnelTexts = {
  66: 'Tunnel_Client_Endpoint',
  67: 'Tunnel_Server_Endpoint',
  81: 'Tunnel_Private_Group_Id',
  82: 'Tunnel_Assignment_Id',
  90: 'Tunnel_Client_Auth_Id',
  91: 'Tunnel_Server_Auth_Id',
};
const tagged = Object.fromEntries(
  Object.entries(tags({ ...tunnelNumbers, ...tunnelTexts })).map(([name, field]) => [`${name}Tag`, field]),
);
const tunnels = {
  ...tagged,
  ...named(tunnelNumbers, (type, name) => located(valueAt(type, 1), uint24(name))),
  ...named(tunnelTexts, (type, name) =>
    located(
      (view, at, end) => {
        const place = valueAt(type)(view, at, end);
        return place >= 0 && view[place]! <= HIGHEST_TAG ? place + 1 : place;
      },
      text(name, rest),
    ),
  ),
};

const moment: FieldOptions = { format: (view, at) => absoluteTimeText(u32(view, at), 0) };

/** One attribute of RADIUS: RFC 2865, 2866, 2868, 2869, 3162. */
export const radiusAttribute = header({
  whole: located((_view, at) => at, bytes('radius.avp', rest, { title: 'Attribute' })),
  type: uint8('radius.avp.type', { values: namesOf('radius-attributes') }),
  length: uint8('radius.avp.length', { unit: 'bytes' }),
  ...texts,
  ...numbers,
  ...octets,
  ...addresses,
  ...addressesSix,
  ...tunnels,
  chap: located(valueAt(CHAP_PASSWORD), bytes('radius.CHAP_Password', rest)),
  chapId: located(valueAt(CHAP_PASSWORD), uint8('radius.CHAP_Ident', { display: 'hex' })),
  chapText: located(valueAt(CHAP_PASSWORD, 1), bytes('radius.CHAP_String', rest)),
  moment: located(exactly(55, 4), uint32('radius.Event_Timestamp', moment)),
  vendor: located(valueAt(VENDOR), uint32('radius.avp.vendor_id')),
  vendorAttributes: repeated({
    from: valueAt(VENDOR, 4),
    next: (view, at, end) => (at + 2 <= end && view[at + 1]! >= 2 ? at + view[at + 1]! : -1),
    item: header({
      type: uint8('radius.avp.vendor_type'),
      length: uint8('radius.avp.vendor_len', { unit: 'bytes' }),
    }),
    title: 'Vendor attribute',
  }),
});
