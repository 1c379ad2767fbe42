import { type Issue, parseRequirement, type ResolvedPackage } from '../../../resolver/index.ts';
import { printable } from '../../../resolver/text/printable.ts';
import { MOST_ERRORS } from '../../http/question.ts';
import type { Again } from './addresses.ts';
import { Fixes } from './issues.tsx';
import { PackageLink, SetLink } from './links.tsx';
import { Sentence } from './text.tsx';

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
  const byName = new Map(packages.map((drawn) => [drawn.name, drawn]));
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
        <li class="unmet">
          <Mark sign="✕" kind="no" said="not met: " />
          <code>{printable(requirements[at]!)}</code>{' '}
          <span class="edge">{obstacle(issueOf.get(at)!, set)}</span>
          <Fixes issue={issueOf.get(at)!} again={again} />
        </li>
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

function metBy(text: string, met: Drawn | undefined, drawing: Drawing) {
  return (
    <li>
      {met ? <Mark sign="✓" kind="yes" said="met: " /> : <Mark sign="–" kind="muted" said="" />}
      <code>{printable(text)}</code>{' '}
      {met ? (
        <>
          <span class="edge">is satisfied by the pin</span>{' '}
          <PackageLink name={met.name} version={met.version} set={drawing.set} />
          {needsOf(met, drawing)}
        </>
      ) : (
        <span class="edge">asks for nothing here: its marker is false</span>
      )}
    </li>
  );
}

/** A function instead of a component, so that what is drawn first is also first in the page. */
function needsOf({ name, depends }: Drawn, drawing: Drawing) {
  const { byName, drawn, set } = drawing;
  const needs = depends.flatMap((needed) => byName.get(needed) ?? []);
  if (needs.length === 0) return null;
  if (drawn.has(name)) return <span class="edge"> with what it needs, as above</span>;
  drawn.add(name);
  return (
    <ul>
      {needs.map((needed) => (
        <li>
          <span class="edge">needs {printable(needed.name)}, pinned to</span>{' '}
          <PackageLink name={needed.name} version={needed.version} set={set} />
          {needsOf(needed, drawing)}
        </li>
      ))}
    </ul>
  );
}

/** The reason, from the fields of the issue. */
function obstacle(issue: Issue, set: string) {
  switch (issue.code) {
    case 'unknown_package':
      return (
        <>
          is not in <SetLink flag={issue.package_set} />
        </>
      );
    case 'version_conflict':
      return (
        <>
          excludes the pin <PackageLink name={issue.package} version={issue.pinned} set={set} /> of{' '}
          <SetLink flag={issue.package_set} />
        </>
      );
    case 'missing_dependency':
      return (
        <>
          {issue.chain.map((name) => (
            <>
              needs <PackageLink name={name} set={set} />, which{' '}
            </>
          ))}
          needs {printable(issue.package)}, which is not in <SetLink flag={issue.package_set} />
        </>
      );
    default:
      return <Sentence text={issue.message} />;
  }
}

function Mark({ sign, kind, said }: { sign: string; kind: string; said: string }) {
  return (
    <>
      <span class={kind} aria-hidden="true">
        {sign}
      </span>
      <span class="unseen">{said}</span>{' '}
    </>
  );
}
