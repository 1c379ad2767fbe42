import { printable } from '../../../resolver/text/printable.ts';
import { setPath } from '../components/addresses.ts';
import { type Dated, FactPage } from '../components/document.tsx';
import { SetLink } from '../components/links.tsx';
import { Section, Table } from '../components/text.tsx';
import { setsByPython } from '../facts/listing.ts';
import { FindingTable } from './finding-table.tsx';
import { countText, type Known } from './findings.ts';
import { TimePicture } from './time-picture.tsx';

interface SecurityPageProps extends Dated {
  /** Null if the revision has no advisories, or they cannot be read. */
  known: Known | null;
}

export const FEED = '/security.atom';

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
        A compatibility date pins packages for years, and their vulnerabilities with them. Whether one can be
        exploited depends on the Worker: <code>pinwheel audit</code> looks at the packages that a project
        requires, and tries what clears each. Of some it is known that they are without effect in a Worker:
        they are counted apart, and last in each table, with the reason.
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
                      {printable(flag)}
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
        <TimePicture spans={spans} />
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
