/** The rows of the table of issues: what kind each code is, and the template of its message and its fix. */

/**
 * `malformed` questions cannot be read, `unanswerable` ones can be, but nothing satisfies them, `unknown` ones name
 * what does not exist, `conflict` is of a publication that another one stands against, and `unreachable` is what did
 * not answer.
 */
export type IssueKind = 'malformed' | 'unanswerable' | 'unknown' | 'conflict' | 'unreachable';

/** An issue of one code: what all of them have, and the fields of its own. */
export type IssueOf<Code extends string, Kind extends IssueKind, Fields extends object> = {
  kind: Kind;
  code: Code;
  message: string;
  fix: string | null;
} & Fields;

/** Makes issues of one code out of their fields. */
export interface Row<Code extends string, Kind extends IssueKind, Fields extends object> {
  (fields: Fields): IssueOf<Code, Kind, Fields>;
  readonly code: Code;
  readonly kind: Kind;
}

/** `say` is the template. If the caller states the text, `message` and `fix` are among the fields. */
export function define<const Code extends string, const Kind extends IssueKind, Fields extends object>(
  kind: Kind,
  code: Code,
  say: (fields: Fields) => readonly [message: string, fix: string | null],
): Row<Code, Kind, Fields> {
  const row = (fields: Fields) => {
    const [message, fix] = say(fields);
    // An issue that is made out of another one has its fields in their order, and words of its own.
    return Object.assign({ kind, code, message, fix }, fields, { message, fix });
  };
  return Object.assign(row, { kind, code });
}
