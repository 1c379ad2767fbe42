import type { CatalogView } from '../../../resolver/index.ts';
import { patcherOf, publisherOf } from '../../../resolver/provenance.ts';
import { printable } from '../../../resolver/text/printable.ts';
import type { PackageVersion } from '../../storage/history.ts';
import { packagePath } from '../components/addresses.ts';
import { FileLink, FlagName } from '../components/links.tsx';
import { Columns } from '../components/text.tsx';
import { yankOf } from './facts.ts';

interface VersionTableProps {
  name: string;
  versions: readonly PackageVersion[];
  view: CatalogView;
  chosen: string;
}

/** Rows that are shown at once. */
const NEWEST = 8;

/** The data of the time line, with the file of each version; the newest set first, older ones folded. */
export function VersionTable({ name, versions, view, chosen }: VersionTableProps) {
  const newestFirst = versions.toReversed();
  const isShown = ({ flag }: PackageVersion, at: number) => at < NEWEST || flag === chosen;
  const folded = newestFirst.filter((version, at) => !isShown(version, at));
  const rowOf = (version: PackageVersion) => (
    <Row name={name} version={version} view={view} isChosen={version.flag === chosen} />
  );
  return (
    <>
      <table>
        <caption>The version in each package set that has it, the newest set first</caption>
        <Columns names={COLUMNS} />
        <tbody>{newestFirst.filter(isShown).map(rowOf)}</tbody>
      </table>
      {folded.length > 0 && (
        <details class="group">
          <summary>
            {folded.length} more package {folded.length === 1 ? 'set' : 'sets'}
          </summary>
          <table>
            <Columns names={COLUMNS} />
            <tbody>{folded.map(rowOf)}</tbody>
          </table>
        </details>
      )}
    </>
  );
}

const COLUMNS = ['Package set', 'Version', 'Python', 'Published', 'SHA-256', 'File'];

interface RowProps {
  name: string;
  version: PackageVersion;
  view: CatalogView;
  isChosen: boolean;
}

function Row({ name, version, view, isChosen }: RowProps) {
  const set = view.sets.get(version.flag);
  const yank = yankOf(view, version);
  return (
    <tr>
      <th scope="row">
        <a href={packagePath(name, version.flag)} aria-current={isChosen || undefined}>
          <FlagName flag={version.flag} />
        </a>
      </th>
      <td>
        {printable(version.version)}
        {version.patched_by && <span class="muted"> patched by {patcherOf(version.patched_by)}</span>}
      </td>
      <td data-label="Python">
        {printable(version.python)}, Pyodide {printable(version.runtime)}
      </td>
      <td data-label="Published">
        {version.released}
        {set && ` by ${publisherOf(set.source)}`}
        {yank && <span class="muted">, yanked: {printable(yank.reason)}</span>}
      </td>
      <td class="digest" title={version.sha256}>
        {version.sha256.slice(0, 16)}…
      </td>
      <td class="file" data-label="File">
        <FileLink wheel={version} of={`${name} ${version.version}`} />
      </td>
    </tr>
  );
}
