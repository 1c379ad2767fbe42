import type { ResolveAnswer, ResolvedPackage, Target } from '../../resolver/answer.ts';

/** The constant parts of a package in an answer, as JSON: before its `required_by`, and after. */
interface Fragments {
  /** For a requested package. */
  requested: string;
  /** For a dependency. */
  required: string;
  after: string;
}

/** By wheel, because all answers from a set share its wheels. */
const fragments = new WeakMap<ResolvedPackage['wheel'], Fragments>();

/** By target, because all questions with the same date and flags share it. */
const targets = new WeakMap<Target, string>();

/**
 * The same bytes as `JSON.stringify(answer)`, in a fraction of the time: nine tenths of an answer are wheels, which are
 * serialized once for each set, and most of the rest is the target. The parts are joined, because concatenation makes a
 * tree of strings, which workerd takes longer to send.
 */
export function renderAnswer(answer: ResolveAnswer): string {
  const { target, packages, totals, diagnostics, ...stamp } = answer;
  const parts = [JSON.stringify(stamp).slice(0, -1), ',"target":', textOf(target), ',"packages":['];
  for (const [at, one] of packages.entries()) {
    const { requested, required, after } = fragmentsOf(one);
    if (at > 0) parts.push(',');
    parts.push(one.requested ? requested : required, listOf(one.required_by), after);
  }
  parts.push('],"totals":', JSON.stringify(totals), ',"diagnostics":', JSON.stringify(diagnostics), '}');
  return parts.join('');
}

function textOf(target: Target): string {
  let text = targets.get(target);
  if (text === undefined) {
    text = JSON.stringify(target);
    targets.set(target, text);
  }
  return text;
}

/** Canonical names need no escapes. */
function listOf(names: readonly string[]): string {
  return names.length === 0 ? '[]' : `["${names.length === 1 ? names[0] : names.join('","')}"]`;
}

function fragmentsOf({ name, version, kind, depends, wheel }: ResolvedPackage): Fragments {
  let fragment = fragments.get(wheel);
  if (!fragment) {
    const before = JSON.stringify({ name, version, kind }).slice(0, -1);
    fragment = {
      requested: `${before},"requested":true,"required_by":`,
      required: `${before},"requested":false,"required_by":`,
      after: `,${JSON.stringify({ depends, wheel }).slice(1)}`,
    };
    fragments.set(wheel, fragment);
  }
  return fragment;
}
