import type { Context } from 'hono';
import { advisoriesAbout, findingsIn } from '../../../resolver/audit/findings.ts';
import { answerResolve, parseRequirements } from '../../../resolver/closure/resolve.ts';
import { isCalendarDay } from '../../../resolver/compatibility/date.ts';
import { findFlagChange } from '../../../resolver/compatibility/flag-change.ts';
import { isPackageFlag } from '../../../resolver/compatibility/package-set.ts';
import { asOfIssue } from '../../../resolver/compatibility/target.ts';
import { copyBlocks, dateThatGives } from '../../../resolver/formats/copy-blocks.ts';
import {
  type CatalogView,
  type Issue,
  type Outcome,
  resolveClosure,
  selectTarget,
  type Target,
  type TargetQuestion,
} from '../../../resolver/index.ts';
import { allOf } from '../../../resolver/issue.ts';
import { malformedPyproject } from '../../../resolver/issues/files.ts';
import { firstPart } from '../../../resolver/python/modules.ts';
import { scanPython } from '../../../resolver/python/scan.ts';
import { IndexError } from '../../../resolver/solver/index.ts';
import { flagSwitches, mayAffectCode, questionOn } from '../../../resolver/time/compare.ts';
import { workerdFlagsOf } from '../../../resolver/time/targets.ts';
import { datesTogether } from '../../../resolver/time/together.ts';
import type { Bindings, Env } from '../../env.ts';
import { flagEffects } from '../../facts/flag-effects.ts';
import { readModules } from '../../facts/standard-library.ts';
import { type Known, readBoxForm } from '../../http/box.ts';
import type { FormQuestion } from '../../http/form.ts';
import { packagesNamed } from '../../http/module-names.ts';
import { statusOf } from '../../http/problem.ts';
import { type Form, MOST_ERRORS } from '../../http/question.ts';
import { endOfToday, today } from '../../http/reply.ts';
import { blocksBeyond, withBeyond } from '../../package-index/beyond.ts';
import { settledDay } from '../../package-index/kept-index.ts';
import { askBeyond, openFor } from '../../package-index/question.ts';
import { auditSourceOf, openSet, sourceOf } from '../../storage/history.ts';
import { openSnapshot } from '../../storage/isolate.ts';
import { orNull } from '../../structured-log.ts';
import { addressOf, changedQuestion, isChange, linkOf } from '../components/addresses.ts';
import { replyWithPage, sendPage } from '../components/respond.tsx';
import { flagNames, isListed } from '../components/words.ts';
import { withLimits } from '../facts/library.ts';
import { answerUpgrade, moveOf, readSides } from './move.ts';
import { type QuestionAnswer, QuestionPage, type QuestionPageProps } from './question-page.tsx';
import { type FromIndex, providedModule, unmetIn, without } from './words.ts';

/** A form that was read, with the flags to offer in it. */
export type ReadForm = Awaited<ReturnType<typeof readQuestion>>;

export async function readQuestion(c: Context<Env>, form: Form) {
  const { head } = await openSnapshot(c);
  const flags = new Set(head.flags.flatMap(({ enable, disable }) => [enable, disable ?? '']));
  const [written] = form.getAll('date');
  const given = typeof written === 'string' && isCalendarDay(written) ? written : today();
  const flagsFor: Known['flagsFor'] = (name, version, { dates, flags }) => {
    const date = dates[0] ?? given;
    const named = [...new Set(['python_workers', ...flags])];
    const releases = [...head.releases.values()];
    const wanted = releases.filter((release) => `${release[name]}.`.startsWith(`${version}.`));
    if (wanted.length === 0) {
      const known = new Set(releases.map((release) => release[name]));
      return { known: [...known].sort((a, b) => a.localeCompare(b, 'en', { numeric: true })) };
    }
    for (const { pyodide } of wanted.reverse()) {
      const change = findFlagChange(head, date, named, { pyodide });
      if (change) return change;
    }
    return null;
  };
  return {
    ...readBoxForm(form, { flags, scan: scanPython, malformed: malformedPyproject, flagsFor }, today()),
    known: flagNames(head),
  };
}

/** The answer to a question, perhaps about a move; a posted one is sent to its address, if it has one. */
export async function answerForm(c: Context<Env>, read: ReadForm, isMove: boolean): Promise<Response> {
  const { asked, outcome, text, known, form } = read;
  const until = endOfToday();
  const { sides = null, issues } = isMove ? readSides(form, read, today()) : { issues: [] };
  const frame = { asked, text, known, sides, origin: c.env.PUBLIC_URL };
  const refuse = (issues: readonly Issue[]) =>
    sendPage(c, statusOf(issues), <QuestionPage {...frame} issues={issues} />, isMove);
  if (!outcome.ok) return refuse([...outcome.issues, ...issues]);
  const asking = outcome.value;
  const { remarks, question } = asking;
  const wrongDay = asOfIssue(question.as_of);
  if (wrongDay || issues.length > 0) return refuse(wrongDay ? [wrongDay, ...issues] : issues);
  const address = { ...addressOf(asking), date: asked.date || null };
  const path = linkOf(sides ? moveOf({ asking, sides }) : address);
  const isPosted = c.req.method === 'POST';
  // A line that cannot be read as a requirement may be from a file with secrets.
  const isShareable = () => parseRequirements(asking.requirements).ok;
  if (isPosted && remarks.length === 0 && path !== null && isShareable()) {
    return c.redirect(`${path}#_answer`, 303);
  }
  const snapshot = await openSnapshot(c);
  const view = snapshot.view(asking.revision);
  if (!view.ok) return refuse(view.issues);
  let answer: Pick<QuestionPageProps, keyof QuestionAnswer | 'upgrade'> = {};
  if (sides) {
    const source = { ...sourceOf(c.env, view.value), readModules, explained: MOST_ERRORS };
    const arrived = questionOn(question, sides.to);
    const target = selectTarget(view.value, arrived);
    const named = target.ok && (await packagesNamed(c.env, view.value, target.value, asking.requirements));
    const modules = named ? named.modules.map(({ name }) => firstPart(name)) : [];
    const requirements = named ? [...named.requirements, ...modules] : asking.requirements;
    const replaced = named ? named.replaced : undefined;
    const moved = await answerUpgrade(view.value, { ...asking, requirements }, sides, source, { replaced });
    if (!moved.ok) return refuse(moved.issues);
    // The page's script knows packages, and not the modules that were typed.
    frame.asked = { ...asked, requirements: requirements.join('\n') };
    const { unmet, at } = moved.value;
    const { compatibility_date: day } = at.comparison.to;
    answer = {
      upgrade: { ...moved.value, unmet: await withBeyond(c.env, view.value, arrived, day, unmet) },
    };
  } else if (asked.anything) answer = await answerAt(c, view.value, asking);
  const { issues: open = [], unmet = [], closure } = answer;
  const refusing = closure ? open : [...open, ...unmet.filter(({ beyond }) => beyond?.is !== 'vendored')];
  const page = <QuestionPage {...frame} {...answer} remarks={remarks} />;
  if (isPosted || refusing.length > 0) {
    return sendPage(c, refusing.length > 0 ? statusOf(refusing) : 200, page, isMove);
  }
  const facts = { snapshot, view: view.value, asOf: question.as_of, question, until };
  return replyWithPage(c, facts, async () => page, isMove);
}

/** The answer at a date, as the page shows it: the closure, or the issues, with the target if there is one. */
async function answerAt(c: Context<Env>, known: CatalogView, asking: FormQuestion): Promise<QuestionAnswer> {
  const { question } = asking;
  const target = selectTarget(known, question);
  if (!target.ok) {
    const parsed = parseRequirements(asking.requirements);
    return { issues: [...target.issues, ...(parsed.ok ? [] : parsed.issues)] };
  }
  const head = known.sets.get(target.value.package_set.flag)!;
  const offer = {
    ...{ target: target.value, date: dateThatGives(known, target.value) },
    index: `${c.env.PUBLIC_URL}/simple/${head.flag}/`,
  };
  const set = await openSet(c.env, head);
  const answer = {
    ...{ target: target.value, stamp: known.stamp, head },
    packageCount: set.members.filter(isListed).length,
    blocks: copyBlocks({ ...offer, packages: [], index: head.archive_count === 0 ? offer.index : null }),
  };
  const { requirements, modules } = await packagesNamed(c.env, known, target.value, asking.requirements);
  const about = (texts: readonly string[], provided: typeof modules = []) => ({
    answer: { ...answer, question: { ...asking, requirements: [...texts] } },
    modules: [...modules, ...provided].map((module) => withLimits(module, target.value.runtime.pyodide)),
  });
  if (requirements.length === 0) return { ...about([]), written: asking.requirements };
  const source = { ...sourceOf(c.env, known), explained: MOST_ERRORS };
  const ask = (texts: readonly string[], parsed = parseRequirements(texts)) =>
    answerResolve(known, { ...question, requirements: texts }, source, target, parsed);
  // A requirement that cannot be read hides nothing of the others.
  const read = parseRequirements(requirements);
  const readable = read.ok ? requirements : without(requirements, read.issues);
  const isReadable = new Set(readable);
  const whole = await ask(readable, read.ok ? read : undefined);
  const unknown = await unmetIn(whole.ok ? [] : whole.issues, source);
  // Other sets have packages of these names.
  const provided = unknown.flatMap((issue) => providedModule(issue) ?? []);
  const unmet = await withBeyond(
    c.env,
    known,
    question,
    target.value.compatibility_date,
    unknown.filter((issue) => !providedModule(issue)),
  );
  const rest = [...without(readable, unknown), ...requirements.filter((text) => !isReadable.has(text))];
  const asked = { unmet, written: asking.requirements };
  /** The lines to copy, including packages of the index. */
  const withIndex = async (met: readonly string[]): Promise<Pick<QuestionAnswer, 'fromIndex' | 'apart'>> => {
    const some = unmet.filter(({ beyond }) => beyond?.is === 'vendored');
    if (some.length === 0) return {};
    const texts = [...some.map(({ requirement }) => requirement), ...met];
    const outcome = await answerTogether(c.env, known, question, target.value, texts, offer.date);
    if (!outcome) return {};
    if (!outcome.ok) return { apart: outcome.issues };
    // Packages of the index may need a required package in another version.
    const needed = new Set(outcome.value.packages.map(({ name }) => name));
    return unmet.some((issue) => !some.includes(issue) && needed.has(issue.package))
      ? {}
      : { fromIndex: outcome.value };
  };
  if (rest.length === 0) {
    const open = unmet.map(({ requirement }) => requirement);
    return { ...about(open, provided), ...asked, ...(await withIndex([])) };
  }
  const first = read.ok && unknown.length === 0 ? whole : await ask(rest);
  const issues = first.ok ? [] : first.issues;
  const met = without(rest, issues);
  const closure = issues.length === 0 ? first : met.length > 0 ? await ask(met) : null;
  const isPinned = question.compatibility_flags.some(isPackageFlag);
  const datesOf = async (texts: readonly string[]) => {
    if (isPinned) return undefined;
    const dates = await datesTogether(known, { ...question, requirements: texts }, source);
    return dates.ok ? dates.value : undefined;
  };
  const elsewhere = issues.length > 0 ? await datesOf(rest) : undefined;
  const shown = { ...about(rest, provided), ...asked, issues, elsewhere };
  const fixed =
    issues.length > 0 ? await firstFix(c, known, { ...asking, requirements: rest }, issues) : undefined;
  if (!closure?.ok) return { ...shown, fixed };
  const { packages } = closure.value;
  const advisories = await orNull(advisoriesAbout(known, auditSourceOf(c.env, known), packages));
  const findings = advisories ? findingsIn(packages, target.value, advisories) : [];
  const { compatibility_date: date } = target.value;
  const together = (await datesOf(met)) ?? null;
  const named = new Set(workerdFlagsOf(question));
  const ahead =
    date < question.as_of
      ? flagSwitches(known, named, date, question.as_of, flagEffects, { onlyPython: true })
      : [];
  const fromIndex = issues.length === 0 ? await withIndex(met) : {};
  return {
    ...{ ...shown, ...fromIndex, fixed, closure: closure.value, findings, together },
    answer: { ...shown.answer, blocks: copyBlocks({ ...offer, packages }) },
    ahead: ahead.filter(mayAffectCode),
  };
}

/**
 * The first of the proposed changes that by itself answers the question. Each issue has the same other dates and sets.
 */
async function firstFix(
  c: Context<Env>,
  view: CatalogView,
  asking: FormQuestion,
  issues: readonly Issue[],
): Promise<QuestionAnswer['fixed']> {
  for (const issue of issues) {
    const changes = issue.fixes.filter(isChange);
    if (!('index' in issue) || changes.length === 0) continue;
    for (const change of changes) {
      const { question, requirements } = changedQuestion(asking, change, issue.index);
      const read = allOf(selectTarget(view, question), parseRequirements(requirements));
      if (!read.ok) continue;
      const [target, parsed] = read.value;
      const closure = resolveClosure(view, target, await openSet(c.env, target.package_set), parsed);
      if (!closure.ok) continue;
      const { packages } = closure.value;
      const index = `${c.env.PUBLIC_URL}/simple/${target.package_set.flag}/`;
      const copy = copyBlocks({ target, packages, index, date: dateThatGives(view, target) });
      return { change, copy };
    }
    return undefined;
  }
  return undefined;
}

/**
 * An answer of which the operator's index has a part, as what to copy: all of it, with what the set has. Null without one.
 * @param date that gives the target, or null
 */
async function answerTogether(
  env: Bindings,
  view: CatalogView,
  question: TargetQuestion,
  target: Target,
  requirements: readonly string[],
  date: string | null,
): Promise<Outcome<FromIndex> | null> {
  const open = openFor(env);
  if (open.url === null) return null;
  const exclude_newer = [target.compatibility_date, settledDay()].sort()[0]!;
  try {
    const asked = { ...question, exclude_newer, requirements, index: true };
    const outcome = await askBeyond(env, view, asked, undefined, open);
    if (!outcome.ok) return outcome;
    const { packages } = outcome.value.answer;
    const index = { url: open.url, exclude_newer };
    return {
      ok: true,
      value: { requirements, packages, blocks: blocksBeyond(env, { target, packages }, date, index), index },
    };
  } catch (error) {
    if (error instanceof IndexError) return null;
    throw error;
  }
}
