/** Questions that name only a Pyodide version, for users who do not deploy Workers. */
import type { Target } from '../answer.ts';
import type { CatalogSet } from '../catalog.ts';
import type { CatalogView } from '../compatibility/view.ts';
import type { Outcome } from '../issue.ts';
import { invalidQuestion } from '../issues/question.ts';

interface Named {
  pyodide?: string | undefined;
  compatibility_date: string | null;
  compatibility_flags: readonly string[];
}

/** The question with the package flag of that Pyodide's set instead of the version. */
export function byPyodide<Question extends Named>(
  view: CatalogView,
  question: Question,
): Outcome<{ question: Question; set: CatalogSet }> {
  const { pyodide, compatibility_date, compatibility_flags } = question;
  if (compatibility_date !== null || compatibility_flags.length > 0) {
    return { ok: false, issues: [invalidQuestion({ problem: 'pyodide_and_target' })] };
  }
  const sets = [...view.sets.values()].filter(({ runtime }) => runtime === pyodide);
  const own = sets.find(({ source }) => source.package === 'pyodide') ?? sets[0];
  if (own)
    return { ok: true, value: { question: { ...question, compatibility_flags: [own.flag] }, set: own } };
  const known = [...new Set([...view.sets.values()].map(({ runtime }) => runtime))];
  const some = { known: known.slice(-10), older: Math.max(0, known.length - 10) };
  const issue = invalidQuestion({ problem: 'no_set_of_pyodide', pyodide: pyodide!, ...some });
  return { ok: false, issues: [issue] };
}

/** Leaves out the remarks that only matter for Workers. */
export function namedByPyodide<Answer>(answer: Answer, set: CatalogSet): Answer {
  const { target } = answer as { target?: Target };
  if (target) return { ...answer, target: withoutWorkerd(target, set) };
  return 'runtime' in (answer as object) ? withoutWorkerd(answer as Answer & Target, set) : answer;
}

function withoutWorkerd<Answer extends Target>(target: Answer, set: CatalogSet): Answer {
  const { runtime: pyodide, python, abi, platform } = set;
  const { workerd_bundle: bundle, pyodide: known } = target.runtime;
  const reason = { code: 'pyodide_named', message: `Pyodide ${pyodide} was requested by its version.` };
  return {
    ...target,
    runtime: {
      ...{ id: pyodide, pyodide, python, abi, platform },
      workerd_bundle: known === pyodide ? bundle : null,
    },
    reasons: { ...target.reasons, runtime: reason },
    diagnostics: target.diagnostics.filter(({ code }) => code === 'old_signature'),
  };
}
