/**
 * One thing wrong with a question. `kind` says how: `malformed` questions cannot be read, `unanswerable` ones
 * can be, but nothing satisfies them, and `unknown` ones ask for a revision that does not exist. Codes are
 * stable; `message` is workerd's own sentence where workerd has one; `fix` says what to do, or is null where
 * nobody can tell.
 */
export interface Fault {
  kind: 'malformed' | 'unanswerable' | 'unknown';
  code: string;
  message: string;
  fix: string | null;
}

export type Outcome<Value> = { ok: true; value: Value } | { ok: false; faults: Fault[] };
