/** Decodes the table of compatibility flags in the schema that every workerd binary embeds. */
import type { FlagFact } from '../../resolver/catalog.ts';
import { FIRST_DATE } from '../../resolver/compatibility/date.ts';
import { type Annotation, fieldsOf, findNode, Struct, textOf } from './capnp.ts';

/** The schema ids of the annotations in workerd's compatibility-date.capnp. */
const ENABLE_FLAG = 0xb6dabbc87cd1b03en;
const DISABLE_FLAG = 0xd145cf1adc42577cn;
const ENABLE_DATE = 0x91a5d5d7244cf6d0n;
const ENABLE_ALL_DATES = 0x9a1d37c8030d9418n;
const IMPLIED_BY_AFTER_DATE = 0xe3e5a63e76284d89n;
const EXPERIMENTAL = 0xe3e5a63e76284d88n;
export const PYTHON_SNAPSHOT_RELEASE = 0xef74c0cc5d18cc0cn;

/** A flag, and the annotations of its field, which have further facts. */
export interface DeclaredFlag {
  fact: FlagFact;
  annotations: Annotation[];
}

/** All flags, in the order of the schema. */
export function decodeFlags(binary: Buffer): DeclaredFlag[] {
  const node = findNode(binary, 'compatibility-date.capnp:CompatibilityFlags');
  if (!node) throw new Error('the binary has no schema of compatibility flags');
  return fieldsOf(node).map(({ name, ordinal, annotations }) => {
    const find = (id: bigint) => annotations.find((annotation) => annotation.id === id);
    const text = (id: bigint) => textOf(find(id)?.value ?? null);
    const implication = impliedBy(find(IMPLIED_BY_AFTER_DATE));
    return {
      fact: {
        field: name,
        ordinal,
        enable: text(ENABLE_FLAG),
        disable: text(DISABLE_FLAG),
        enable_date: find(ENABLE_ALL_DATES) ? FIRST_DATE : text(ENABLE_DATE),
        implied_by: implication.fields,
        implied_date: implication.date,
        experimental: find(EXPERIMENTAL) !== undefined,
        obsolete: name.startsWith('obsolete'),
        release: find(PYTHON_SNAPSHOT_RELEASE) !== undefined,
      },
      annotations,
    };
  });
}

/** The annotation has a date and one name or, in later schemas, a list of names. */
function impliedBy(annotation: Annotation | undefined): { fields: string[]; date: string | null } {
  const value = annotation?.value;
  if (!(value instanceof Struct)) return { fields: [], date: null };
  const isList = value.uint16(0) === 1;
  const names = isList ? value.list(0).map(textOf) : [value.text(0)];
  return { fields: names.filter((name) => name !== null), date: value.text(1) };
}
