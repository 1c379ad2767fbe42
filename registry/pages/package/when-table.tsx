import type { WhenAnswer } from '../../../resolver/index.ts';
import { printable } from '../../../resolver/text/printable.ts';
import { SetLink, YANKED_MARK } from '../components/links.tsx';
import { Columns, Sentence } from '../components/text.tsx';
import { spanText } from '../components/words.ts';

interface WhenTableProps {
  answer: WhenAnswer;
  name: string;
  /** The package flags of sets whose pin was yanked. */
  yanked: ReadonlySet<string>;
  /** The announced last day of the set of the day of the question; null if none is. */
  end: string | null;
}

/** The compatibility dates that provide the package, by the date's set or by another one for the same runtime. */
export function WhenTable({ answer, name, yanked, end }: WhenTableProps) {
  const { flags, compatibility_flags } = answer;
  const rows = rowsOf(answer);
  const asked = compatibility_flags.join(', ');
  if (rows.length === 0) {
    return (
      <p class="notice">
        With {asked} alone, no compatibility date has {printable(name)}. To get it, name{' '}
        {flags.length === 1 ? 'the package set' : `one of the ${flags.length} package sets`} below by its
        flag.
      </p>
    );
  }
  return (
    <table>
      <caption>
        By compatibility date, with {asked}, as of {answer.as_of}; {flags.length} package flags have it
      </caption>
      <Columns names={['Compatibility dates', 'Version', 'Runtime', 'Package set']} />
      <tbody>
        {rows.map(({ from, to, version, runtime, flag, others }) => (
          <tr>
            <th scope="row">
              <Sentence text={spanText({ from, to }, answer.as_of)} />
              {to === answer.as_of && others === null && end !== null && (
                <span class="detail">
                  announced to end on <span class="whole">{end}</span>
                </span>
              )}
            </th>
            <td>
              {version !== null && printable(version)}
              {yanked.has(flag) && YANKED_MARK}
            </td>
            <td>
              Python {printable(runtime.python)}, Pyodide {printable(runtime.pyodide)}
            </td>
            <td>
              <SetLink flag={flag} />
              {others === null ? ', the default' : ', by its flag, on the same runtime'}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function rowsOf({ intervals, flag_intervals }: WhenAnswer) {
  const own = intervals.map(({ package_set, ...rest }) => ({
    ...rest,
    flag: package_set.flag,
    others: null,
  }));
  return [...own, ...flag_intervals].sort((a, b) => (a.from < b.from ? -1 : 1));
}
