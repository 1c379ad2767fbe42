/**
 * One thing wrong with a question. `kind` says how: `malformed` questions cannot be read, `unanswerable` ones
 * can be, but nothing satisfies them, and `unknown` ones ask for a revision that does not exist. Codes are
 * stable; `message` is workerd's own sentence where workerd has one; `fix` says what to do, or is null where
 * nobody can tell.
 *
 * @example
 * ```ts
 * import { type Issue, parseRequirement } from 'pinwheel-py';
 *
 * const advice = ({ message, fix }: Issue) => (fix === null ? message : `${message}\n${fix}`);
 * const outcome = parseRequirement('numpy=1');
 * outcome.ok ? '' : advice(outcome.issues[0]!).split('\n').at(-1); // → 'Write == in the place of =.'
 * ```
 */
export interface Issue {
  kind: 'malformed' | 'unanswerable' | 'unknown';
  code: string;
  message: string;
  fix: string | null;
}

/**
 * What was asked for, or everything that stands in its way. Nothing is thrown for a question that has no answer.
 *
 * @example
 * ```ts
 * import { type Outcome, parseRequirement } from 'pinwheel-py';
 *
 * const unwrap = <Value>(outcome: Outcome<Value>): Value => {
 *   if (outcome.ok) return outcome.value;
 *   throw new Error(outcome.issues.map(({ message }) => message).join('\n'));
 * };
 * unwrap(parseRequirement('Jinja2>=3')).name; // → 'jinja2'
 * ```
 */
export type Outcome<Value> = { ok: true; value: Value } | { ok: false; issues: Issue[] };
