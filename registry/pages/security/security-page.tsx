import { dayNumber } from '../../../resolver/compatibility/date.ts';
import { printable } from '../../../resolver/text/printable.ts';
import { setPath } from '../components/addresses.ts';
import { type Dated, FactPage } from '../components/document.tsx';
import { flagName, SetLink } from '../components/links.tsx';
import { Section, Table } from '../components/text.tsx';
import { setsByPython } from '../facts/listing.ts';
import { countText, FindingTable, type Known, type Span } from './findings.tsx';

interface SecurityPageProps extends Dated {
  /** Null if the revision has no advisories, or they cannot be read. */
  known: Known | null;
}

const FEED = '/security.atom';

/** Known vulnerabilities: of the default set by day, of that of the day, and of every set. */
export function SecurityPage({ view, known, asOf }: SecurityPageProps) {
  return (
    <FactPage
      title="Known vulnerabilities"
      description="Known vulnerabilities in the packages that a compatibility date pins, day by day, in every package set, and which newer set pins a fixed version."
      place="/security"
      feed={{ path: FEED, title: 'New vulnerabilities in the default package set' }}
      {...{ view, asOf }}
    >
      <p class="prose">
        A compatibility date pins packages for years, and their vulnerabilities with them
        {known && [': those known on ', <span class="whole">{[known.source.day, asOf].sort()[0]}</span>]}.
        Whether one can be exploited depends on the Worker: <code>pinwheel audit</code> looks at the packages
        that a project requires, and tries what clears each. Of some it is known that they are without effect
        in a Worker: they are counted apart, and last in each table, with the reason.
      </p>
      {known === null ? (
        <p class="notice">
          Nothing is known here of vulnerabilities: this revision has no advisories, or they cannot be read
          now.
        </p>
      ) : (
        <>
          <DefaultSets {...{ known, asOf }} />
          <Section id="_sets" title="In every package set">
            <Table
              columns={['Package flag', 'Known', 'Fixed in a later set of the same ABI']}
              rows={setsByPython(view.sets.values())
                .flatMap(([, sets]) => sets)
                .map(({ flag }) => {
                  const findings = known.findingsIn(flag);
                  return [
                    <a class="long" href={`${setPath(flag)}#_security`}>
                      {flagName(flag)}
                    </a>,
                    countText(findings),
                    findings.filter(({ affected, cleared }) => affected && cleared !== null).length,
                  ];
                })}
            />
          </Section>
          <Section id="_source" title="Source">
            <p class="prose">
              The <a href={known.source.repository}>Python Packaging Advisory Database</a>, as of{' '}
              <span class="whole">{known.source.day}</span>, commit{' '}
              <code>{known.source.commit.slice(0, 12)}</code>, Copyright (c) its contributors, under{' '}
              <a href="https://creativecommons.org/licenses/by/4.0/">{printable(known.source.license)}</a>,
              shortened, and merged by aliases. It knows no libraries in C, and not Python itself.
            </p>
          </Section>
        </>
      )}
    </FactPage>
  );
}

function DefaultSets({ known, asOf }: { known: Known; asOf: string }) {
  const spans = known.spans();
  const flag = spans.at(-1)?.flag;
  if (flag === undefined) return null;
  const findings = known.findingsIn(flag);
  return (
    <>
      <Section id="_days" title="In the default package set, by day of publication">
        <TimePicture spans={spans} known={known.source.day} />
        <Table
          columns={['Package set', 'At its end', 'At its start', 'Default from', 'to']}
          rows={spans
            .toReversed()
            .map(({ flag, from, to, counts }) => [
              <SetLink flag={flag} />,
              counts.at(-1)!.count,
              counts[0]!.count,
              <span class="whole">{from}</span>,
              <span class="whole">{to}</span>,
            ])}
        />
        <p class="quiet">
          A project with a date in one of these periods keeps its set, and what was found in it since. New
          ones, with the set that pins a fixed version: <a href={FEED}>feed</a>.
        </p>
      </Section>
      <Section id="_default" title={`In the default package set of ${asOf}`}>
        <p>
          <SetLink flag={flag} />: {countText(findings)}.
        </p>
        <FindingTable {...{ findings, flag }} />
      </Section>
    </>
  );
}

const WIDTH = 900;
const HEIGHT = 260;
/** Room for the labels of both axes. */
const LEFT = 40;
const BOTTOM = 28;
const TOP = 12;
const STEPS = 4;

/**
 * The number of published vulnerabilities in the default package set, by day: a line that rises between sets, and falls with
 * each. The table beside it has the same numbers.
 */
function TimePicture({ spans, known }: { spans: readonly Span[]; known: string }) {
  const steps = spans.flatMap(({ counts }) => counts);
  const most = Math.max(STEPS, ...steps.map(({ count }) => count));
  const { from } = spans[0]!;
  const { to } = spans.at(-1)!;
  const days = Math.max(1, dayNumber(to) - dayNumber(from));
  const x = (day: string) => LEFT + Math.round(((dayNumber(day) - dayNumber(from)) / days) * (WIDTH - LEFT));
  const y = (count: number) => TOP + Math.round((1 - count / most) * (HEIGHT - TOP - BOTTOM));
  const line = steps.map(({ day, count }) => `H${x(day)}V${y(count)}`).join('');
  const firstYear = Number(from.slice(0, 4)) + 1;
  const years = Array.from({ length: Number(to.slice(0, 4)) - firstYear + 1 }, (_, at) => firstYear + at);
  const levels = Array.from({ length: STEPS + 1 }, (_, step) => Math.round((most * step) / STEPS));
  return (
    <figure class="over-time">
      <svg
        viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
        role="img"
        aria-label={`The number of published vulnerabilities from ${from} to ${to}; the table below has it for each set`}
      >
        {levels.map((level) => (
          <>
            <path d={`M${LEFT} ${y(level)}H${WIDTH}`} />
            <text x={LEFT - 8} y={y(level) + 4} text-anchor="end">
              {level}
            </text>
          </>
        ))}
        {years.map((year) => (
          <text x={x(`${year}-01-01`)} y={HEIGHT - 8} text-anchor="middle">
            {year}
          </text>
        ))}
        {spans.slice(1).map((span) => (
          <path class="change" d={`M${x(span.from)} ${TOP}V${HEIGHT - BOTTOM}`} />
        ))}
        <path class="line" d={`M${LEFT} ${y(steps[0]!.count)}${line}H${WIDTH}`} />
      </svg>
      <figcaption>
        All that the database had published by the day, which may be long after they were known elsewhere,
        those without effect in a Worker too. After <span class="whole">{known}</span>, the day of this copy,
        only the set changes. A dashed line is the first compatibility date of the next set.
      </figcaption>
    </figure>
  );
}
