import { html } from 'hono/html';
import { type Issue, parseRequirement, type ResolvedPackage } from '../../../resolver/index.ts';
import { printable } from '../../../resolver/text/printable.ts';
import { MOST_ERRORS } from '../../http/most-errors.ts';
import type { Again } from './again.ts';
import { Fixes } from './fixes.tsx';
import { packagePath } from './links.ts';
import { spoken } from './sentence.tsx';
import { SetLink } from './set-link.ts';

type Drawn = Pick<ResolvedPackage, 'name' | 'version' | 'depends'>;

interface ExplanationProps {
  requirements: readonly string[];
  /** The closure of the satisfied requirements. */
  packages: readonly Drawn[];
  issues: readonly Issue[];
  /** The package flag of the set. */
  set: string;
  again: Again | undefined;
}

/** At most this many of those that are met are drawn; the rest are counted. */
const MOST_MET = 50;

/** Why each requirement is satisfied or not: a tree of links, with the requirement and the pin on each edge. */
export function Explanation({ requirements, packages, issues, set, again }: ExplanationProps) {
  const byName = new Map(packages.map((one) => [one.name, one]));
  const drawing = { byName, drawn: new Set<string>(), set };
  const issueOf = new Map(
    issues.flatMap((issue) =>
      'index' in issue ? [issue.index, ...issue.repeats].map((at) => [at, issue] as const) : [],
    ),
  );
  const failing = [...requirements.keys()].filter((at) => issueOf.has(at));
  const others = requirements.filter((_, at) => !issueOf.has(at));
  return (
    <ul class="tree">
      {failing.slice(0, MOST_ERRORS).map((at) => (
        <Unmet text={requirements[at]!} issue={issueOf.get(at)!} set={set} again={again} />
      ))}
      {failing.length > MOST_ERRORS && <li>And {failing.length - MOST_ERRORS} more that are not met.</li>}
      {others.slice(0, MOST_MET).map((text) => {
        const parsed = parseRequirement(text);
        return metBy(text, parsed.ok ? byName.get(parsed.value.name) : undefined, drawing);
      })}
      {others.length > MOST_MET && <li>And {others.length - MOST_MET} more that are met.</li>}
    </ul>
  );
}

interface Drawing {
  byName: ReadonlyMap<string, Drawn>;
  /** Packages whose dependencies are drawn already: each is drawn once, which also ends cycles. */
  drawn: Set<string>;
  /** The package flag of the set. */
  set: string;
}

/** Templates render in a third of the time of elements, and a tree has some hundred packages. */
function metBy(text: string, met: Drawn | undefined, drawing: Drawing) {
  const asked = html`${mark(met ? 'yes' : 'muted')}<code>${printable(text)}</code>`;
  if (!met)
    return html`<li>${asked} <span class="edge">asks for nothing here: its marker is false</span></li>`;
  const edge = html`<span class="edge">is satisfied by the pin</span>`;
  return html`<li>${asked} ${edge} ${packageLink(met, drawing.set)}${needsOf(met, drawing)}</li>`;
}

function needsOf(of: Drawn, drawing: Drawing): ReturnType<typeof html> | '' {
  const { byName, drawn, set } = drawing;
  const needs = of.depends.flatMap((name) => byName.get(name) ?? []);
  if (needs.length === 0) return '';
  if (drawn.has(of.name)) return html`<span class="edge"> with what it needs, as above</span>`;
  drawn.add(of.name);
  const items = needs.map((one) => {
    const edge = html`<span class="edge">needs ${printable(one.name)}, pinned to</span>`;
    return html`<li>${edge} ${packageLink(one, set)}${needsOf(one, drawing)}</li>`;
  });
  return html`<ul>${items}</ul>`;
}

function packageLink({ name, version }: Pick<Drawn, 'name' | 'version'>, set: string) {
  return html`<a class="long" href="${packagePath(name, set)}">${printable(`${name} ${version}`)}</a>`;
}

interface UnmetProps {
  text: string;
  issue: Issue;
  set: string;
  again: Again | undefined;
}

function Unmet({ text, issue, set, again }: UnmetProps) {
  return (
    <li class="unmet">
      {mark('no')}
      <code>{printable(text)}</code> {html`<span class="edge">${obstacle(issue, set)}</span>`}
      <Fixes issue={issue} again={again} />
    </li>
  );
}

/** The reason, from the fields of the issue. */
function obstacle(issue: Issue, set: string) {
  switch (issue.code) {
    case 'unknown_package':
      return html`is not in ${SetLink({ flag: issue.package_set })}`;
    case 'version_conflict': {
      const pin = packageLink({ name: issue.package, version: issue.pinned }, set);
      return html`excludes the pin ${pin} of ${SetLink({ flag: issue.package_set })}`;
    }
    case 'missing_dependency': {
      const link = (name: string) =>
        html`<a class="long" href="${packagePath(name, set)}">${printable(name)}</a>`;
      const chain = issue.chain.map((name) => html`needs ${link(name)}, which `);
      return html`${chain}needs ${printable(issue.package)}, which is not in ${SetLink({ flag: issue.package_set })}`;
    }
    default:
      return spoken(issue.message);
  }
}

const MARKS = { yes: ['✓', 'met: '], no: ['✕', 'not met: '], muted: ['–', ''] } as const;

function mark(kind: keyof typeof MARKS) {
  const [sign, said] = MARKS[kind];
  return html`<span class="${kind}" aria-hidden="true">${sign}</span><span class="unseen">${said}</span> `;
}
