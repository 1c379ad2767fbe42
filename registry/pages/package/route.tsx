import { type Context, Hono } from 'hono';
import { isPackageFlag } from '../../../resolver/compatibility/package-set.ts';
import { minorOf } from '../../../resolver/compatibility/view.ts';
import {
  type CatalogView,
  canonicalName,
  type Issue,
  type Outcome,
  type Target,
  type TargetQuestion,
} from '../../../resolver/index.ts';
import { sayFixes } from '../../../resolver/issues/fixes.ts';
import { firstPart } from '../../../resolver/python/modules.ts';
import { isName } from '../../../resolver/requirements/name.ts';
import { sortedBy } from '../../../resolver/sorted-by.ts';
import { printable } from '../../../resolver/text/printable.ts';
import { unpinned } from '../../api/packages.ts';
import type { Env } from '../../env.ts';
import { documents } from '../../facts/standard-library.ts';
import { isOfTests, testedName } from '../../facts/test-packages.ts';
import { PROBLEMS } from '../../http/problem.ts';
import { hasProject } from '../../package-index/beyond.ts';
import { openSized, type PackageVersion } from '../../storage/history.ts';
import { packagePath, setPath } from '../components/addresses.ts';
import { CopyAlone } from '../components/copy.tsx';
import { MissingPage } from '../components/no-answer.tsx';
import { refuse, replyWithFacts, sendPage } from '../components/respond.tsx';
import { onItsDay, settledTarget } from '../facts/listing.ts';
import { IN_AN_INDEX, pipLine, WITH_PIP } from '../matrix/answer.ts';
import { openMatrix } from '../matrix/made.ts';
import { pastedName } from '../matrix/search.ts';
import { knownOn } from '../security/findings.tsx';
import { aboutPackage, evidenceOfPackage } from './evidence.tsx';
import { factsOf, type PackageFacts } from './facts.ts';
import { PackagePage } from './package-page.tsx';

export const packagePage = new Hono<Env>();

packagePage.get('/packages/:name', async (c) => {
  const written = c.req.param('name');
  if (isPackageFlag(written)) return c.redirect(setPath(written), 302);
  const name = canonicalName(written.slice(0, 200));
  return replyWithFacts(c, '/packages', async ({ view, question }) => {
    const no = (issues: readonly Issue[]) => refuse(c, '/packages', printable(name), issues);
    const target = settledTarget(view, onItsDay(view, question));
    if (!target.ok) return no(target.issues);
    const facts = await factsOf(c.env, view, question.as_of, name);
    if (!facts || isProvided(written)) return missing(c, view, written, target.value);
    if (written !== name && isName(written)) {
      return c.redirect(`${packagePath(name)}${new URL(c.req.url).search}`, 301);
    }
    const selected = shownTarget(view, question, target.value, facts);
    if (!selected.ok) return no(selected.issues);
    const { package_set } = selected.value.target;
    return (
      <PackagePage
        facts={facts}
        view={view}
        {...selected.value}
        set={await openSized(c.env, view, package_set)}
        about={await aboutPackage(c.env, view, package_set.flag, facts)}
        evidence={await evidenceOfPackage(c.env, view, package_set.flag, name)}
        origin={c.env.PUBLIC_URL}
        known={await knownOn(c.env, view, question.as_of)}
      />
    );
  });
});

/** A part of a module of the runtime, such as `pyodide.http`, which is not the package pyodide-http. */
const isProvided = (written: string) =>
  written.includes('.') &&
  documents.facts.provided.some(({ modules }) => modules.includes(firstPart(written)));

/**
 * The requested target, if its set has the package; otherwise that of another set that the requested runtime can use,
 * or of the newest set that has it, with the reason. A set that was released after the day of the question has no target.
 */
function shownTarget(
  view: CatalogView,
  { compatibility_flags: flags, as_of, experimental }: TargetQuestion,
  target: Target,
  { versions, columns, row, verdict }: PackageFacts,
): Outcome<{ target: Target; instead: string | null }> {
  const { flag } = target.package_set;
  if (versions.some((version) => version.flag === flag))
    return { ok: true, value: { target, instead: null } };
  const { compatibility_date } = target;
  const last = verdict.is === 'no' && verdict.at !== null ? columns[verdict.at] : undefined;
  const cell = row.cells[columns.findIndex(({ set }) => set.flag === flag)];
  const candidates: { date: string | null; flags: readonly string[]; set: string; what: string }[] = [];
  if (last && !flags.some(isPackageFlag)) {
    const what = 'that of the last date which gives it';
    candidates.push({ date: last.date, flags, set: last.set.flag, what });
  }
  if (cell?.is === 'other') {
    const what = `${cell.flag}, which the same runtime can use`;
    candidates.push({ date: compatibility_date, flags: [...flags, cell.flag], set: cell.flag, what });
  }
  for (const { flag: set } of sortedBy(versions, rank).reverse()) {
    candidates.push({ date: null, flags: [set], set, what: `the newest set that does, ${set}` });
  }
  let issues: Issue[] = [];
  for (const { date, flags, set, what } of candidates) {
    const asked = { compatibility_date: date, compatibility_flags: flags, as_of, experimental };
    const other = settledTarget(view, asked);
    const instead = `The package set ${flag} does not have it. This page shows ${what}.`;
    if (!other.ok) issues = other.issues;
    else if (other.value.package_set.flag === set)
      return { ok: true, value: { target: other.value, instead } };
  }
  return { ok: false, issues };
}

/** Orders by Python first: a set of a newer Python is more relevant than a later set of an older one. */
function rank({ python, released }: PackageVersion): string {
  return `${minorOf(python).slice(2).padStart(4, '0')} ${released}`;
}

/**
 * A requirement or an import redirects to what it names, an import name to its package, and so do tests; for others, there
 * is a page of similar names.
 */
async function missing(
  c: Context<Env>,
  view: CatalogView,
  written: string,
  target: Target,
): Promise<Response> {
  const named = pastedName(written);
  const toPage = (of: string) => c.redirect(`${packagePath(of)}${new URL(c.req.url).search}`, 302);
  if (named !== written && isName(named)) return toPage(canonicalName(named));
  const asked = written.slice(0, 200);
  const name = canonicalName(asked);
  const matrix = await openMatrix(c.env, view, target.as_of);
  const tested = matrix?.packages.filter((row) => isOfTests({ name }) && row.name === testedName({ name }));
  if (tested?.[0]) return toPage(tested[0].name);
  const { known, importing, near, beyond } = await unpinned(c.env, view, asked, target.as_of, target);
  if (importing.length === 1) return toPage(importing[0]!);
  const module = matrix
    ?.rows()
    .filter((row) => canonicalName(row.name) === (row.known ? canonicalName(firstPart(written)) : name))
    .map(({ made }) => made())
    .find((row) => row.module);
  const isKnown = module !== undefined || known !== null;
  // A possible typo is answered only if the index has a project of that very name, and an invalid name never is.
  const isAnswered = isName(written) && (near.length === 0 || hasProject(beyond));
  const isUnknown = matrix && isAnswered && !isKnown && (beyond === null || beyond.is === 'not_known');
  const pip = isUnknown ? pipLine(matrix.python, written) : (beyond?.pip ?? null);
  return sendPage(
    c,
    isAnswered ? 200 : PROBLEMS.unknown_package.status,
    <MissingPage
      title={`No package set has ${printable(written)}`}
      place="/packages"
      near={near.map((similar) => ({ name: similar, path: packagePath(similar) }))}
      more={module?.verdict ?? (known && sayFixes([known])) ?? beyond?.text ?? `Not in a set. ${IN_AN_INDEX}`}
    >
      {pip && <CopyAlone id="_index" caption={WITH_PIP} lines={[pip]} />}
    </MissingPage>,
  );
}
