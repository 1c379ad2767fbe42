import type { Child } from 'hono/jsx';
import type { CatalogView } from '../../../resolver/index.ts';
import { patcherOf, publisherOf } from '../../../resolver/provenance.ts';
import { printable } from '../../../resolver/text/printable.ts';
import type { PackageVersion } from '../../storage/history.ts';
import { packagePath } from '../components/addresses.ts';
import { fileLink, flagName } from '../components/links.tsx';
import { Table } from '../components/text.tsx';
import type { SetDates } from '../facts/listing.ts';
import { Dates } from '../facts/sets-page.tsx';
import { countText, type Known } from '../security/findings.ts';

interface VersionTableProps {
  name: string;
  versions: readonly PackageVersion[];
  view: CatalogView;
  chosen: string;
  /** The compatibility dates at which each set is used, in words, by package flag. */
  datesOf: (flag: string) => readonly SetDates[];
  known: Known | null;
}

/** Rows that are shown at once. */
const NEWEST = 8;

/** Every set's version with its dates and its file; the newest set first, older ones without a date folded. */
export function VersionTable({ name, versions, view, chosen, datesOf, known }: VersionTableProps) {
  const newestFirst = versions.toReversed();
  const isShown = ({ flag }: PackageVersion, at: number) =>
    at < NEWEST || flag === chosen || datesOf(flag).length > 0;
  const folded = newestFirst.filter((version, at) => !isShown(version, at));
  const rowOf = (pinned: PackageVersion): Child[] => {
    const { flag, version, python, runtime, released, sha256, patched_by } = pinned;
    const set = view.sets.get(flag);
    const yank = view.yankedWheels.get(sha256) ?? view.yankedSets.get(flag);
    const findings = known?.findingsIn(flag, name) ?? [];
    return [
      <a href={packagePath(name, flag)} aria-current={flag === chosen || undefined}>
        {flagName(flag)}
      </a>,
      [
        printable(version),
        patched_by && <span class="muted"> patched by {patcherOf(patched_by)}</span>,
        findings.length > 0 && <span class="detail"> {countText(findings)}</span>,
      ],
      <Dates dates={datesOf(flag)} />,
      `${printable(python)}, Pyodide ${printable(runtime)}`,
      [
        released,
        set && ` by ${publisherOf(set.source)}`,
        yank && <span class="muted">, yanked: {printable(yank.reason)}</span>,
      ],
      <td class="digest" title={sha256}>
        {sha256.slice(0, 16)}…
      </td>,
      fileLink(pinned, `${name} ${version}`),
    ];
  };
  return (
    <>
      <Table
        caption="The version in each package set that has it, the newest set first"
        columns={COLUMNS}
        rows={newestFirst.filter(isShown).map(rowOf)}
      />
      {folded.length > 0 && (
        <details class="group">
          <summary>
            {folded.length} more package {folded.length === 1 ? 'set' : 'sets'}
          </summary>
          <Table columns={COLUMNS} rows={folded.map(rowOf)} />
        </details>
      )}
    </>
  );
}

const COLUMNS = [
  'Package set',
  { name: 'Version', label: null },
  { name: 'Compatibility dates', label: 'Dates' },
  'Python',
  'Set dated',
  'SHA-256',
  { name: 'File', style: 'file' },
];
