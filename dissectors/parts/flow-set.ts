import type { Field, Fields } from '../../core/declare/field.ts';
import { flag, header, located, masked, optional, repeated, uint16, uint32 } from '../../core/declare/kinds.ts';
import { type Find, u16 } from './vector.ts';

const SET_HEADER = 4;
const ENTERPRISE = 0x80;

const setOf =
  (wanted: number): Find =>
  (view, at, end) =>
    at + SET_HEADER < end && u16(view, at) === wanted ? at + SET_HEADER : -1;
const common = {
  id: uint16('cflow.flowset_id'),
  length: uint16('cflow.flowset_length', { unit: 'bytes' }),
};

/** Where the set after the one at `at` begins. */
export const nextSet: Find = (view, at, end) =>
  at + SET_HEADER <= end && u16(view, at + 2) >= SET_HEADER ? at + u16(view, at + 2) : -1;

/** A field of a template of version 9 (RFC 3954, 5.2). */
const plainField = (name: string) =>
  header({ type: uint16(name), length: uint16('cflow.template_field_length', { unit: 'bytes' }) });
const four: Find = (_view, at, end) => (at + 4 <= end ? at + 4 : -1);

/** A set of version 9: templates, templates of options, or data, which its template alone tells how to read. */
export const set9 = header({
  ...common,
  templates: repeated({
    from: setOf(0),
    next: (view, at, end) => (at + 4 <= end ? at + 4 + u16(view, at + 2) * 4 : -1),
    item: header({
      id: uint16('cflow.template_id'),
      count: uint16('cflow.template_field_count'),
      fields: repeated({
        from: (_view, at) => at + 4,
        next: four,
        item: plainField('cflow.template_field_type'),
        title: 'Field',
      }),
    }),
    title: 'Template',
  }),
  options: repeated({
    from: setOf(1),
    next: (view, at, end) => (at + 6 <= end ? at + 6 + u16(view, at + 2) + u16(view, at + 4) : -1),
    item: header({
      id: uint16('cflow.template_id'),
      scopeLength: uint16('cflow.option_scope_length', { unit: 'bytes' }),
      optionLength: uint16('cflow.option_length', { unit: 'bytes' }),
      scopes: repeated({
        from: (view, at) => (u16(view, at + 2) > 0 ? at + 6 : -1),
        to: (view, at) => at + 6 + u16(view, at + 2),
        next: four,
        item: plainField('cflow.scope_field_type'),
        title: 'Scope',
      }),
      fields: repeated({
        from: (view, at) => at + 6 + u16(view, at + 2),
        next: four,
        item: plainField('cflow.template_field_type'),
        title: 'Field',
      }),
    }),
    title: 'Template of options',
  }),
});

const isEnterprise = (view: Uint8Array, at: number): boolean => (view[at]! & ENTERPRISE) !== 0;
const typeOf = (name: string, enterprise: boolean): Field =>
  located((view, at) => (isEnterprise(view, at) === enterprise ? at : -1), masked(uint16(name), 0x7fff));
const nextField: Find = (view, at, end) => (at + 4 <= end ? at + (isEnterprise(view, at) ? 8 : 4) : -1);
/** A field of a template of IPFIX, with the number of the enterprise that defines it where IANA does not (RFC 7011, 3.2). */
const enterpriseField = header({
  provided: located((_view, at) => at, masked(flag('cflow.template_ipfix_pen_provided'), 0x8000, 2)),
  type: typeOf('cflow.template_ipfix_field_type', false),
  enterpriseType: typeOf('cflow.template_ipfix_field_type_enterprise', true),
  length: located((_view, at) => at + 2, uint16('cflow.template_field_length', { unit: 'bytes' })),
  enterprise: optional(isEnterprise, uint32('cflow.template_ipfix_field_pen'), 4),
});
/** Behind the fields of a template whose header has `size` bytes. */
const templateEnd =
  (size: number): Find =>
  (view, at, end) => {
    if (at + size > end) return -1;
    let place = at + size;
    for (let left = u16(view, at + 2); left > 0 && place < end; left -= 1) {
      const next = nextField(view, place, end);
      if (next < 0) return end;
      place = next;
    }
    return place;
  };
const templateFields = (size: number) =>
  repeated({ from: (_view, at) => at + size, next: nextField, item: enterpriseField, title: 'Field' });
const templates = (id: number, size: number, item: Fields) =>
  repeated({ from: setOf(id), next: templateEnd(size), item, title: 'Template' });

/** A set of IPFIX (RFC 7011, 3.3). */
export const set10 = header({
  ...common,
  templates: templates(
    2,
    4,
    header({
      id: uint16('cflow.template_id'),
      count: uint16('cflow.template_field_count'),
      fields: templateFields(4),
    }),
  ),
  options: templates(
    3,
    6,
    header({
      id: uint16('cflow.template_id'),
      total: uint16('cflow.template_ipfix_total_field_count'),
      scopes: uint16('cflow.template_ipfix_scope_field_count'),
      fields: templateFields(6),
    }),
  ),
});
