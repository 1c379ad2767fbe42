import { stepRemarks } from '../../../resolver/provenance.ts';
import { printable } from '../../../resolver/text/printable.ts';
import type { NamedVersion, PackageChanges, VersionChange } from '../../../resolver/time/answers.ts';
import { versionStep } from '../../../resolver/time/version-order.ts';
import { isOfTests } from '../../facts/test-packages.ts';
import { packagePath } from './addresses.ts';
import { SetLink, YANKED_MARK } from './links.tsx';
import { light, linkTo, Names, Table } from './text.tsx';
import { contentsOf } from './words.ts';

interface PackageChangesListProps {
  changes: PackageChanges;
  /** The package flags of both sides. */
  from: string;
  to: string;
  /** The text if there are no changes. */
  nothing?: string;
  /** Members that Python itself has at `to`. */
  builtIn?: readonly string[];
}

/** The changes between two sets, those that are most likely to break something first. */
export function PackageChangesList(props: PackageChangesListProps) {
  const { changes, from, to, nothing = 'No package differs.', builtIn = [] } = props;
  const { removed, changed, added } = withoutTests(changes);
  const rebuilt = changed.filter(({ direction }) => direction === 'rebuilt');
  const moved = changed.filter(({ direction }) => direction !== 'rebuilt');
  if (removed.length + changed.length + added.length === 0) return <p>{nothing}</p>;
  return (
    <>
      <Members title="Removed" list={goneOf(removed, builtIn)} flag={from} open />
      {moved.length > 0 && <MovedTable moved={moved} flag={to} />}
      <Members
        title="No longer in the closure, but in the set"
        list={removed.flatMap(({ in_set: version, ...rest }) => (version ? { ...rest, version } : []))}
        flag={to}
        open
      />
      <Members title="Added" list={added} flag={to} open={added.length <= MANY} />
      <Members
        title="Rebuilt, in the same version"
        list={rebuilt.map(({ to: version, ...rest }) => ({ ...rest, version }))}
        flag={to}
        open={false}
      />
    </>
  );
}

/** Without what the set of `to` has, though nothing needs it there, and without what Python has built in. */
export function goneOf(removed: PackageChanges['removed'], builtIn: readonly string[]): NamedVersion[] {
  return removed.filter(({ name, in_set }) => in_set === undefined && !builtIn.includes(name));
}

/** Leaves out the tests of packages, which no Worker needs. */
export function withoutTests({ removed, changed, added }: PackageChanges): PackageChanges {
  const counts = (entry: { name: string }) => !isOfTests(entry);
  return { removed: removed.filter(counts), changed: changed.filter(counts), added: added.filter(counts) };
}

/** More names than this are collapsed; the rest of a collapsed list is counted. */
const MANY = 60;

interface MembersProps {
  title: string;
  list: readonly NamedVersion[];
  flag: string;
  open: boolean;
}

function Members({ title, list, flag, open }: MembersProps) {
  if (list.length === 0) return null;
  const shown = open ? list : list.slice(0, MANY);
  return (
    <details class="group" open={open}>
      <summary>
        {title}: {contentsOf(list)}
      </summary>
      <Names
        items={shown.map(({ name, version, yanked }) => [
          linkTo(packagePath(name, flag), printable(name)),
          ' ',
          light('span', { class: 'muted' }, [printable(version)]),
          yanked !== undefined && YANKED_MARK,
        ])}
      />
      {shown.length < list.length && (
        <p>
          And {list.length - shown.length} more of <SetLink flag={flag} />
        </p>
      )}
    </details>
  );
}

function MovedTable({ moved, flag }: { moved: readonly VersionChange[]; flag: string }) {
  return (
    <details class="group" open={moved.length <= MANY}>
      <summary>Changed version: {contentsOf(moved)}</summary>
      <Table
        columns={[
          'Package',
          { name: 'Versions', label: null },
          { name: 'Remarks', style: 'quiet', label: null },
        ]}
        rows={moved.map((change) => [
          linkTo(packagePath(change.name, flag), printable(change.name)),
          [printable(change.from), ARROW, printable(change.to), change.yanked !== undefined && YANKED_MARK],
          remarksOn(change),
        ])}
      />
    </details>
  );
}

const ARROW = (
  <>
    {' '}
    <span aria-hidden="true">→</span>
    <span class="unseen">to</span>{' '}
  </>
);

/** A change of version in words. */
export function remarksOn(change: VersionChange) {
  const remarks = stepRemarks(change);
  const isOlder = remarks.includes('older');
  const isMajor = !isOlder && versionStep(change.from, change.to).isMajor;
  const said = [...(isMajor ? ['another major version'] : []), ...remarks].join(', ');
  return isOlder ? <span class="no">{said}</span> : said;
}
