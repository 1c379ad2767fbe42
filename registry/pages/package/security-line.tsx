import { printable } from '../../../resolver/text/printable.ts';
import { SetLink } from '../components/links.tsx';
import { Columns } from '../components/text.tsx';
import { FindingTable, Identified } from '../security/finding-table.tsx';
import { countText, type Known } from '../security/findings.ts';

interface SecurityLineProps {
  name: string;
  version: string;
  /** The package flag of the set that the page shows. */
  flag: string;
  known: Known;
}

/** Known vulnerabilities in one line, which unfolds to those of the version that is shown, and of every version. */
export function SecurityLine({ name, version, flag, known }: SecurityLineProps) {
  const versions = known.versionsOf(name);
  const affected = versions.filter(({ findings }) => findings.length > 0);
  if (affected.length === 0) return null;
  const own = known.findingsIn(flag, name);
  const summary =
    own.length > 0
      ? `${printable(version)} has ${countText(own).replace(' in 1 package', '')}`
      : `${printable(version)} has no known vulnerabilities; other versions have some`;
  return (
    <details class="group" id="_security">
      <summary>{summary}</summary>
      {own.length > 0 && <FindingTable findings={own} flag={flag} />}
      <table>
        <caption>Every version in package sets</caption>
        <Columns names={['Version', 'Known vulnerabilities', 'In']} />
        <tbody>
          {versions.map(({ version: other, findings, flags }) => (
            <tr>
              <th scope="row">{printable(other)}</th>
              <td data-label="Known vulnerabilities">
                {findings.length === 0 && 'none'}
                {findings.map((finding, at) => (
                  <>
                    {at > 0 && ', '}
                    <Identified {...finding} />
                  </>
                ))}
              </td>
              <td data-label="In">
                {flags.map((set, at) => (
                  <>
                    {at > 0 && ', '}
                    <SetLink flag={set} />
                  </>
                ))}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      <p class="quiet">
        <a href="/security">All known vulnerabilities, and their source</a>
      </p>
    </details>
  );
}
