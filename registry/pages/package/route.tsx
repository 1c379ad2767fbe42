import { type Context, Hono } from 'hono';
import type { Target } from '../../../resolver/answer.ts';
import { selectTarget, type TargetQuestion } from '../../../resolver/compatibility/target.ts';
import { type CatalogView, minorOf } from '../../../resolver/compatibility/view.ts';
import type { Issue } from '../../../resolver/issue.ts';
import { canonicalName, isName } from '../../../resolver/requirements/name.ts';
import { nearest } from '../../../resolver/text/nearest.ts';
import { printable } from '../../../resolver/text/printable.ts';
import { when } from '../../../resolver/time/when.ts';
import type { Env } from '../../env.ts';
import { today } from '../../http/day.ts';
import { readForm } from '../../http/form.ts';
import { PROBLEMS, statusOf } from '../../http/problem.ts';
import { etagOf } from '../../http/reply.ts';
import { historyOf, sourceOf } from '../../storage/history.ts';
import { openSet, openSnapshot } from '../../storage/isolate.ts';
import type { PackageVersion } from '../../storage/packages.ts';
import { packagePath } from '../parts/links.ts';
import { MissingPage, RefusedPage } from '../parts/no-answer.tsx';
import { replyWithPage, sendPage } from '../parts/respond.ts';
import { PackagePage } from './package-page.tsx';

export const packagePage = new Hono<Env>();

packagePage.get('/packages/:name', async (c) => {
  const written = c.req.param('name');
  const name = canonicalName(written.slice(0, 200));
  const { outcome } = readForm(c.req.queries(), today());
  const snapshot = await openSnapshot(c);
  const refuse = (issues: readonly Issue[]) =>
    sendPage(statusOf(issues), <RefusedPage title={printable(name)} place="/packages" issues={issues} />);
  if (!outcome.ok) return refuse(outcome.issues);
  const { question, revision } = outcome.value;
  const view = snapshot.view(revision);
  if (!view.ok) return refuse(view.issues);
  const target = selectTarget(view.value, question);
  if (!target.ok) return refuse(target.issues);

  const known = view.value;
  const versions = await historyOf(c.env, known, name);
  if (versions.length === 0) return missing(c, written, target.value);
  if (written !== name && isName(written)) {
    return c.redirect(`${packagePath(name)}${new URL(c.req.url).search}`, 301);
  }
  const shown = await shownTarget(known, question, target.value, versions);
  return replyWithPage(c, {
    etag: etagOf(c, known.stamp.digest, question.as_of, target.value.compatibility_date),
    stale: snapshot.stale,
    page: async () => {
      const { as_of, experimental } = question;
      const times = await when(known, { requirement: name, as_of, experimental }, sourceOf(c.env, known));
      return (
        <PackagePage
          name={name}
          versions={versions}
          view={known}
          {...shown}
          set={await openSet(c.env, shown.target.package_set.digest)}
          when={times.ok ? times.value : null}
          stamp={known.stamp}
          origin={c.env.PUBLIC_URL}
        />
      );
    },
  });
});

/** The asked target where its set has the package, else that of the newest set which has it, and why. */
async function shownTarget(
  view: CatalogView,
  { as_of, experimental }: TargetQuestion,
  target: Target,
  versions: readonly PackageVersion[],
): Promise<{ target: Target; instead: string | null }> {
  const { flag } = target.package_set;
  if (versions.some((version) => version.flag === flag)) return { target, instead: null };
  const newest = versions.reduce((a, b) => (rank(b) >= rank(a) ? b : a)).flag;
  const other = selectTarget(view, {
    compatibility_date: null,
    compatibility_flags: [newest],
    as_of,
    experimental,
  });
  if (!other.ok) throw new Error(`the set ${newest} has no target`);
  const instead = `The package set ${flag} does not have it. Shown instead is the newest set that does, ${newest}.`;
  return { target: other.value, instead };
}

/** By Python first: a newer Python's set says more than a later set of an older one. */
function rank({ python, released }: PackageVersion): string {
  return `${minorOf(python).slice(2).padStart(4, '0')} ${released}`;
}

/** A page of names that are nearly it, from the set that was asked about. */
async function missing(c: Context<Env>, written: string, target: Target): Promise<Response> {
  const { index } = await openSet(c.env, target.package_set.digest);
  const near = nearest(canonicalName(written.slice(0, 200)), index.keys());
  return sendPage(
    PROBLEMS.unknown_package.status,
    <MissingPage
      title={`No package set has ${printable(written)}`}
      place="/packages"
      near={near.map((name) => ({ name, path: packagePath(name) }))}
      more="A pure-Python package can be vendored with the Worker instead."
    />,
  );
}
