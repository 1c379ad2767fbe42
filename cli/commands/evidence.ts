/** `pinwheel evidence`: what was seen when a package of the set ran. */
import { isImported } from '../../resolver/evidence-level.ts';
import { evidenceSentence, GROUNDS, runFacts } from '../../resolver/evidence-words.ts';
import type { CatalogView } from '../../resolver/index.ts';
import { fixed } from '../../resolver/issues/fixes.ts';
import { type CatalogEvidence, EvidenceDocument } from '../../resolver/schemas.ts';
import { sortedBy } from '../../resolver/sorted-by.ts';
import type { Backend } from '../ask/backend.ts';
import { answered, CommandError, misused } from '../common/failure.ts';
import { readPackageJson } from '../common/package-root.ts';
import { printAnswer } from '../print/print.ts';
import { fieldLines, joinSections, sentence } from '../print/table.ts';
import { askWhole, type ClosureOptions } from '../project/closure.ts';

export async function evidenceCommand(written: string, options: ClosureOptions): Promise<void> {
  const { backend, answer } = await askWhole([written], options).catch(withoutIndex);
  const { registry, target } = answer;
  const asked = answer.packages.find(({ requested }) => requested);
  // The marker of the requirement does not hold there.
  if (asked === undefined) throw misused({ problem: 'asks_nothing', requirement: written });
  const { name, version, evidence } = asked;
  const view = answered(await backend.pinwheel.source.view(registry.revision));
  const rows = evidence?.ground ? view.evidence.get(target.package_set.flag)! : [];
  const documents = await Promise.all(rows.map((row) => documentOf(backend, row)));
  const runs = documents.flatMap(({ kind: _, results, ...rest }) =>
    results.filter((result) => result.name === name).map((result) => ({ ...rest, result })),
  );
  const elsewhere = runs.length > 0 ? [] : runsInSets(view, name);
  const seen = evidence === null ? 'It is from no published set.' : evidenceSentence(evidence);
  printAnswer(options.format, { registry, target, name, version, evidence, runs }, (screen) =>
    joinSections([
      [`${name} ${version} of ${target.package_set.flag}`, seen].flatMap((text) => sentence(text, screen)),
      ...runs.map(({ runtime, ground, day, result }) => [
        ...sentence(`Pyodide ${runtime} in ${GROUNDS[ground]}, ${day}`, screen),
        ...fieldLines(
          runFacts(result).map(([label, value]) => ({ label: `  ${label}`, value })),
          screen,
        ),
      ]),
      elsewhere.length === 0 || screen.detail === 'answer'
        ? []
        : ['In other package sets, which --flag selects:', ...fieldLines(elsewhere, screen)],
    ]),
  );
}

/** The package flags of the sets in which a package ran, the newest first, each with what was seen there. */
function runsInSets({ levels, sets }: CatalogView, name: string) {
  const newest = sortedBy(sets.values(), ({ released }) => released).reverse();
  return newest.flatMap(({ flag }) => {
    const evidence = levels.get(flag)?.get(name);
    if (!evidence?.ground) return [];
    const level = isImported(evidence) ? evidence.level : `${evidence.level}, not imported`;
    return { label: `  ${flag}`, value: `${level} on Pyodide ${evidence.runtime}` };
  });
}

async function documentOf(
  { registry }: Backend,
  { set, ground, document }: CatalogEvidence,
): Promise<EvidenceDocument> {
  if (registry === null) return readPackageJson(`data/evidence/${set}.${ground}.json`) as EvidenceDocument;
  const { getDocument, getFrom } = await import('../ask/registry-log.ts');
  return EvidenceDocument.parse(await getDocument(registry, getFrom(), document));
}

/** There is no evidence about what an index has, so that this command has no option for one. */
function withoutIndex(error: unknown): never {
  if (!(error instanceof CommandError)) throw error;
  const issues = error.issues.map((issue) => {
    return { ...issue, ...fixed(issue.fixes.filter(({ kind }) => kind !== 'use_index')) };
  });
  throw new CommandError(error.exitCode, issues, { cause: error, remarks: error.remarks });
}
