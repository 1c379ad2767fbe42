import type { ResolvedPackage } from '../../../resolver/answer.ts';
import type { Issue } from '../../../resolver/issue.ts';
import { parseRequirement } from '../../../resolver/requirements/requirement.ts';
import { printable } from '../../../resolver/text/printable.ts';
import { MOST_ERRORS } from '../../http/most-errors.ts';
import type { Again } from './again.ts';
import { Fixes } from './fixes.tsx';
import { packagePath } from './links.ts';
import { Sentence } from './sentence.tsx';
import { SetLink } from './set-link.tsx';

interface ExplanationProps {
  requirements: readonly string[];
  /** The closure of the satisfied requirements. */
  packages: readonly ResolvedPackage[];
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
  const drawn = new Set<string>();
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
        const met = parsed.ok ? byName.get(parsed.value.name) : undefined;
        return (
          <li>
            <Mark kind={met ? 'yes' : 'muted'} />
            <code>{printable(text)}</code>{' '}
            {met ? (
              <>
                <span class="edge">is satisfied by the pin</span> <PackageLink one={met} set={set} />
                <Needs of={met} byName={byName} drawn={drawn} set={set} />
              </>
            ) : (
              <span class="edge">asks for nothing here: its marker is false</span>
            )}
          </li>
        );
      })}
      {others.length > MOST_MET && <li>And {others.length - MOST_MET} more that are met.</li>}
    </ul>
  );
}

interface NeedsProps {
  of: ResolvedPackage;
  byName: ReadonlyMap<string, ResolvedPackage>;
  /** Packages whose dependencies are drawn already: each is drawn once, which also ends cycles. */
  drawn: Set<string>;
  set: string;
}

function Needs({ of, byName, drawn, set }: NeedsProps) {
  const needs = of.depends.flatMap((name) => byName.get(name) ?? []);
  if (needs.length === 0) return null;
  if (drawn.has(of.name)) return <span class="edge"> with what it needs, as above</span>;
  drawn.add(of.name);
  return (
    <ul>
      {needs.map((one) => (
        <li>
          <span class="edge">needs {printable(one.name)}, pinned to</span> <PackageLink one={one} set={set} />
          <Needs of={one} byName={byName} drawn={drawn} set={set} />
        </li>
      ))}
    </ul>
  );
}

function PackageLink({ one: { name, version }, set }: { one: ResolvedPackage; set: string }) {
  return (
    <a class="long" href={packagePath(name, set)}>
      {printable(`${name} ${version}`)}
    </a>
  );
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
      <Mark kind="no" />
      <code>{printable(text)}</code> <Obstacle issue={issue} set={set} />
      <Fixes issue={issue} again={again} />
    </li>
  );
}

/** The reason, from the fields of the issue. */
function Obstacle({ issue, set }: { issue: Issue; set: string }) {
  switch (issue.code) {
    case 'unknown_package':
      return (
        <span class="edge">
          is not in <SetLink flag={issue.package_set} />
        </span>
      );
    case 'version_conflict':
      return (
        <span class="edge">
          excludes the pin{' '}
          <a class="long" href={packagePath(issue.package, set)}>
            {printable(`${issue.package} ${issue.pinned}`)}
          </a>{' '}
          of <SetLink flag={issue.package_set} />
        </span>
      );
    case 'missing_dependency':
      return (
        <span class="edge">
          {issue.chain.map((name) => (
            <>
              needs{' '}
              <a class="long" href={packagePath(name, set)}>
                {printable(name)}
              </a>
              , which{' '}
            </>
          ))}
          needs {printable(issue.package)}, which is not in <SetLink flag={issue.package_set} />
        </span>
      );
    default:
      return (
        <span class="edge">
          <Sentence text={issue.message} />
        </span>
      );
  }
}

const MARKS = { yes: ['✓', 'met: '], no: ['✕', 'not met: '], muted: ['–', ''] } as const;

function Mark({ kind }: { kind: keyof typeof MARKS }) {
  const [mark, said] = MARKS[kind];
  return (
    <>
      <span class={kind} aria-hidden="true">
        {mark}
      </span>
      <span class="unseen">{said}</span>{' '}
    </>
  );
}
