import type { Child } from 'hono/jsx';
import { evidenceIn } from '../../../resolver/evidence-level.ts';
import {
  type CatalogView,
  canonicalName,
  type Member,
  type Outcome,
  type PreparedSet,
} from '../../../resolver/index.ts';
import { invalidParameter } from '../../../resolver/issues/question.ts';
import type { Fields } from '../../../resolver/question/fields.ts';
import { type Evidence, MemberKind } from '../../../resolver/schemas.ts';
import { sortedBy } from '../../../resolver/sorted-by.ts';
import { nearest } from '../../../resolver/text/nearest.ts';
import { printable } from '../../../resolver/text/printable.ts';
import { isOfTests, testedName } from '../../facts/test-packages.ts';
import { type Form, readFields } from '../../http/question.ts';
import { packagePath, setPath } from '../components/addresses.ts';
import { levelMark } from '../components/evidence.tsx';
import { fileLink, patcherLink, YANKED_MARK } from '../components/links.tsx';
import { AS_TYPED, Field, typed } from '../components/question-form.tsx';
import { breakable, Commas, linkTo, Table } from '../components/text.tsx';
import { buildOf, contentsOf } from '../components/words.ts';

/** Parameters of the address for the day and the revision, which links of the page repeat. */
export type Pinned = readonly (readonly [name: string, value: string])[];

interface PackageTableProps {
  set: PreparedSet;
  filter: Filter;
  view: CatalogView;
  pinned: Pinned;
}

/**
 * Every member of a set. Those that the filter excludes are hidden, so that the script can filter without another
 * request, and a link to one of them shows it.
 */
export function PackageTable({ set, filter, view, pinned }: PackageTableProps) {
  const traits = new Map(set.members.map((member) => [member, traitsOf(member)]));
  const kept = new Set(set.members.filter((member) => isKept(member, filter, traits.get(member))));
  const all = set.members.filter((member) => !isOfTests(member)).length;
  const contents = contentsOf(set.members);
  const evidenceOf = evidenceIn(view, set.flag);
  return (
    <section class="packages" aria-labelledby="_packages">
      <h2 id="_packages" class="unseen">
        Packages
      </h2>
      <form class="filter" action={`${setPath(set.flag)}#_packages`}>
        <Field id="_query" label="Package or import name">
          <input
            id="_query"
            name="query"
            type="search"
            value={typed(filter.query)}
            maxlength={LONGEST_FILTER}
            {...AS_TYPED}
          />
        </Field>
        <Field id="_kind" label="Kind">
          <select id="_kind" name="kind">
            <option value="">All kinds</option>
            {Object.entries(KIND_LABELS).map(([value, label]) => (
              <option value={value} selected={value === filter.kind}>
                {label}
              </option>
            ))}
          </select>
        </Field>
        {pinned.map(([name, value]) => (
          <input type="hidden" name={name} value={value} />
        ))}
        <button type="submit">Filter</button>
        <output id="_count" for="_query _kind" data-all={contents}>
          {kept.size < all ? `${kept.size} found` : contents}
        </output>
      </form>
      <NoMatch set={set} query={filter.query} hidden={kept.size > 0} />
      <Table
        id="_table"
        caption={`The packages of ${set.flag}, each pinned to one file`}
        columns={COLUMNS}
        rows={sortedBy(set.members, ({ name }) => name).map((member) => ({
          id: printable(member.name),
          is: traits.get(member)!.join(' '),
          isHidden: !kept.has(member),
          cells: cellsOf(member, set, evidenceOf(member.name), view.yankedWheels.has(member.sha256)),
        }))}
      />
    </section>
  );
}

const KIND_LABELS: Record<Kind, string> = {
  package: 'Packages',
  shared_library: 'Shared libraries',
  standard_library: 'Standard-library modules',
  compiled: 'Compiled code',
  pure: 'Pure Python',
  patched: 'Patched',
  tests: 'Tests of packages',
};

const COLUMNS = [
  'Name',
  { name: 'Version', label: null },
  { name: linkTo('/evidence', 'Seen'), label: null },
  { name: 'Kind', style: 'quiet', label: null },
  'Imports',
  'Depends on',
  'Patched by',
  { name: 'File', style: 'file' },
];

/** Cells without content are empty, because the stylesheet hides empty cells of cards. */
function cellsOf(member: Member, set: PreparedSet, { level }: Evidence, isYanked: boolean): Child[] {
  const { name, version, depends, patched, imports } = member;
  return [
    linkTo(packagePath(name, set.flag), breakable(name)),
    [breakable(version), isYanked && YANKED_MARK],
    levelMark(level),
    kindOf(member, set),
    breakable(imports.join(', ')),
    depends.map((dependency, at) => [at > 0 && ', ', dependencyIn(set, dependency)]),
    patched && patcherLink(patched),
    fileLink(member, name),
  ];
}

const KIND_NAMES: Record<MemberKind, string> = {
  package: 'package',
  shared_library: 'shared library',
  standard_library: 'standard-library module',
};

/** Such as `compiled package`, `shared library`, or the package of a member with tests. */
export function kindOf(member: Member, set: PreparedSet) {
  const tested = isOfTests(member) ? testedName(member) : '';
  if (set.index.has(tested)) return <>tests of {rowLink(tested)}</>;
  const build = member.kind === 'shared_library' ? null : buildOf(member);
  return [build, KIND_NAMES[member.kind]].filter(Boolean).join(' ');
}

function dependencyIn(set: PreparedSet, name: string) {
  return set.index.has(name) ? rowLink(name) : `${printable(name)} (not in this set)`;
}

/** A link to a row of the same page, by its name: other ids begin with `_`, which names do not contain. */
function rowLink(name: string) {
  return linkTo(`#${encodeURIComponent(printable(name))}`, printable(name));
}

/** Help if the filter matches nothing; hidden otherwise. */
function NoMatch({ set, query, hidden }: { set: PreparedSet; query: string; hidden: boolean }) {
  const names = set.members.filter((member) => !isOfTests(member)).map(({ name }) => name);
  const near = hidden ? [] : nearest(canonicalName(query), names);
  return (
    <div id="_none" class="notice" hidden={hidden}>
      <p>
        <strong>Nothing in this set matches the filter.</strong> Shorten the name, choose all kinds, or search{' '}
        <a href="/">all packages</a>.
      </p>
      {near.length > 0 && (
        <p id="_near">
          Similar names: <Commas items={near.map(rowLink)} />
        </p>
      )}
    </div>
  );
}

/** The longest filter, in UTF-16 units. */
const LONGEST_FILTER = 100;

const FIELDS = {
  query: { kind: 'text', meaning: 'a part of the name' },
  kind: { kind: 'text', meaning: 'the kind of a member, or a trait' },
} as const satisfies Fields;

/** Kinds of members and traits that a filter can select. */
const KINDS = [...MemberKind.options, 'compiled', 'pure', 'patched', 'tests'] as const;
type Kind = (typeof KINDS)[number];

export interface Filter {
  query: string;
  kind: Kind | undefined;
}

export function readFilter(form: Form): Outcome<Filter> {
  const { texts, issues } = readFields(form, FIELDS);
  const { query = '', kind } = texts;
  if (query.length > LONGEST_FILTER) {
    issues.push(invalidParameter({ problem: 'long_filter', most: LONGEST_FILTER }));
  }
  if (kind !== undefined && !KINDS.includes(kind as Kind)) {
    issues.push(invalidParameter({ problem: 'not_among', field: 'kind', given: kind, known: [...KINDS] }));
  }
  if (issues.length > 0) return { ok: false, issues };
  return { ok: true, value: { query: query.trim(), kind: kind as Kind | undefined } };
}

/** The kind and the traits of a member. Tests are of no use to a Worker: they are listed only if they are selected. */
function traitsOf(member: Member): Kind[] {
  if (isOfTests(member)) return ['tests'];
  return [member.kind, buildOf(member) ?? [], member.patched ? ('patched' as const) : []].flat();
}

/** Matches a part of the canonical name or of an import name, as the page's script does. */
function isKept(member: Member, { query, kind }: Filter, traits = traitsOf(member)): boolean {
  if (kind === undefined ? traits.includes('tests') : !traits.includes(kind)) return false;
  const part = query.toLowerCase();
  const imports = member.imports.join(', ').toLowerCase();
  return member.name.includes(canonicalName(part)) || imports.includes(part);
}
