/** Answers as trees of the page's own elements. Text goes in as text, never as HTML. */
import type { Diagnostic, ResolveAnswer, ResolvedPackage, Target } from '../../../../resolver/answer.ts';
import type { Issue } from '../../../../resolver/issue.ts';
import { patcherOf } from '../../../../resolver/provenance/patched.ts';
import { printable } from '../../../../resolver/text/printable.ts';

export interface Tree {
  headline: string;
  branches: HTMLElement[];
}

/** The target and its reasons, then each requested package with what it needs, and so on. */
export function answerTree({ target, packages, diagnostics }: ResolveAnswer): Tree {
  const byName = new Map(packages.map((one) => [one.name, one]));
  const shown = new Set<string>();
  const draw = (one: ResolvedPackage): HTMLElement => {
    const { patched } = one.wheel;
    const label = `${one.name} ${one.version}${patched ? `, patched by ${patcherOf(patched.by)}` : ''}`;
    const needs = one.depends.flatMap((name) => byName.get(name) ?? []);
    if (needs.length === 0) return leaf(label);
    // A package that several need is drawn once, which also ends cycles.
    if (shown.has(one.name)) return leaf(`${label}, with what it needs: as above`);
    shown.add(one.name);
    return branch(label, needs.map(draw));
  };
  const requested = packages.filter((one) => one.requested).map(draw);
  const count = packages.length;
  return {
    headline: `Python ${target.runtime.python}, ${count} ${count === 1 ? 'package' : 'packages'}`,
    branches: [
      targetBranch(target),
      ...diagnostics.map(({ message, fix }) => remark(message, fix)),
      branch(requested.length > 0 ? 'Requested, and what it needs' : 'Nothing was requested', requested),
    ],
  };
}

function targetBranch({
  compatibility_date,
  runtime,
  package_set,
  reasons,
  diagnostics,
}: Target): HTMLElement {
  return branch(`Compatibility date ${compatibility_date}`, [
    branch(`Pyodide ${runtime.pyodide}, Python ${runtime.python}`, [leaf(reasons.runtime.message)]),
    branch(package_set.flag, [leaf(reasons.package_set.message)]),
    ...diagnostics.map(({ message, fix }) => remark(message, fix)),
  ]);
}

/** Each requirement with what is wrong with it and what would do; issues of the question itself come first. */
export function refusalTree(issues: readonly Issue[], requirements: readonly string[]): Tree {
  const about = (issue: Issue) => ('index' in issue ? requirements[issue.index] : undefined);
  const byRequirement = Map.groupBy(issues, about);
  const branches = [...byRequirement].map(([requirement, list]) =>
    branch(
      requirement ?? 'The question itself',
      list.map(({ message, fix }) => remark(message, fix)),
    ),
  );
  const fine = requirements.filter((requirement) => !byRequirement.has(requirement));
  const rest = byRequirement.has(undefined)
    ? []
    : fine.map((requirement) => leaf(`${requirement}: nothing is wrong with it`));
  const count = issues.length;
  return {
    headline: count === 1 ? 'There is no answer: one issue' : `There is no answer: ${count} issues`,
    branches: [...branches, ...rest],
  };
}

/** What is to be said before everything else. */
export function remarkBranches(remarks: readonly Diagnostic[]): HTMLElement[] {
  return remarks.map(({ message, fix }) => remark(message, fix));
}

function remark(message: string, fix: string | null): HTMLElement {
  return fix === null ? leaf(message) : branch(message, [leaf(fix, 'leaf fix')]);
}

function branch(label: string, children: HTMLElement[]): HTMLElement {
  if (children.length === 0) return leaf(label);
  const item = document.createElement('li');
  const details = document.createElement('details');
  const summary = document.createElement('summary');
  const list = document.createElement('ul');
  details.open = true;
  summary.textContent = printable(label);
  list.append(...children);
  details.append(summary, list);
  item.append(details);
  return item;
}

function leaf(label: string, kind = 'leaf'): HTMLElement {
  const item = document.createElement('li');
  item.className = kind;
  item.textContent = printable(label);
  return item;
}
