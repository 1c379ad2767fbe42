import { archivesAmong, archivesRemark, wheelSets } from '../../../resolver/closure/archives.ts';
import type { PinnedPackage } from '../../../resolver/closure/prepare.ts';
import { totalsOf, walk } from '../../../resolver/closure/prepare.ts';
import { yankedWheels } from '../../../resolver/closure/resolve.ts';
import { minorOf } from '../../../resolver/compatibility/view.ts';
import { copyBlocks, dateThatGives } from '../../../resolver/formats/copy-blocks.ts';
import { type CatalogView, canonicalName, type PreparedSet, type Target } from '../../../resolver/index.ts';
import type { FixOf } from '../../../resolver/issues/fixes.ts';
import { HTTPX2_USERS, httpx2Remark, licencesText } from '../../../resolver/provenance.ts';
import { knownName } from '../../../resolver/python/known-names.ts';
import { printable } from '../../../resolver/text/printable.ts';
import { documents } from '../../facts/standard-library.ts';
import { packagePath } from '../components/addresses.ts';
import { AnswerFooter, ClosureSize, Diagnostics } from '../components/answer.tsx';
import { Copies, CopyLines } from '../components/copy.tsx';
import { Document } from '../components/document.tsx';
import { LEVEL_MARKS } from '../components/evidence.tsx';
import { flagName, SetLink, YANKED } from '../components/links.tsx';
import { delivered, markOf, Section, sentence } from '../components/text.tsx';
import { datesOf } from '../facts/listing.ts';
import { kindOf } from '../facts/package-table.tsx';
import { todayOf } from '../matrix/columns.ts';
import type { Verdict } from '../matrix/verdict.ts';
import { type Known, PackageFindings } from '../security/findings.tsx';
import { type About, EvidenceSection, type PackageEvidence } from './evidence.tsx';
import type { PackageFacts } from './facts.ts';
import { Neighbours, PackageLinks, WheelFacts } from './in-set.tsx';
import { DateBar, VersionTable } from './versions.tsx';

export interface PackagePageProps {
  facts: PackageFacts;
  view: CatalogView;
  target: Target;
  set: PreparedSet;
  /** The facts from METADATA; null if nobody saw the bytes. */
  about: About | null;
  evidence: PackageEvidence;
  /** Why another set is shown than the requested one, if it is. */
  instead: string | null;
  origin: string;
  /** The known vulnerabilities, if there are any. */
  known: Known | null;
}

export function PackagePage(props: PackagePageProps) {
  const { facts, view, target, set, about, evidence, instead, origin, known } = props;
  const { name, versions, columns, row, verdict } = facts;
  const at = set.index.get(name)!;
  const member = set.members[at]!;
  const closure = walk(set, [at]).members.map((index) => set.pinned(index));
  const totals = totalsOf(closure);
  const findings = known?.findingsIn(set.flag, name) ?? [];
  const wheels = wheelSets(view, view.sets.get(set.flag)!).find(({ flag }) =>
    versions.some((version) => version.flag === flag),
  );
  const archives = archivesRemark(archivesAmong(closure), wheels ?? null);
  // What these say is about packages that are vendored.
  const remarks = member.kind === 'package' ? [target.diagnostics, archives ?? []] : [];
  const diagnostics = [remarks, yankedWheels(view, closure)].flat(2);
  return (
    <Document
      title={`${printable(name)} on Python Workers: ${verdict.short}`}
      description={verdict.sentences.join(' ')}
      place="/packages"
      feed={{ path: `${packagePath(name)}.atom`, title: `Versions of ${printable(name)}` }}
    >
      <h1>
        {printable(name)}{' '}
        <span class="version">
          {printable(member.version)}
          {(view.yankedWheels.has(member.sha256) || view.yankedSets.has(set.flag)) && [', ', YANKED]}
          {set.flag !== todayOf(columns)?.set.flag && [' in ', flagName(set.flag)]}
        </span>
      </h1>
      <VerdictLine verdict={verdict} />
      {about && <AboutLine {...about} />}
      <Limit known={knownName(name, documents, target, view)} />
      {row.kind !== 'standard_library' && (
        <DateBar {...{ name, columns }} cells={row.cells} asOf={target.as_of} />
      )}
      {totals.unknown_sizes < totals.packages && (
        <ClosureSize totals={totals} delivery={target.package_set.delivery} />
      )}
      {instead !== null && <p class="notice">{instead}</p>}
      <PackageFindings findings={findings} flag={set.flag} />
      <EvidenceSection {...evidence} />
      <Section id="_add" title="How to get it">
        <AddLines at={at} {...{ closure, set, view, target, origin }} />
        <Httpx2 name={name} />
        <Diagnostics list={diagnostics} moved={target.moved_forward} />
      </Section>
      <Section id="_about" title="In this set">
        <p class="prose">
          A {kindOf(member, set)} in <SetLink flag={set.flag} />, for Python{' '}
          {minorOf(printable(target.runtime.python))}. Delivery: {delivered(target, member.kind)}.{' '}
          <a href="#_sets">All sets that have it</a>
        </p>
        <PackageLinks member={member} set={view.sets.get(set.flag)!} origin={origin} />
      </Section>
      <Section id="_neighbours" title="Dependencies in this set">
        <Neighbours set={set} at={at} />
      </Section>
      <Section id="_wheel" title="The file in this set">
        <WheelFacts member={member} />
        <p class="quiet">{licencesText(view.sets.get(set.flag)!.source)}</p>
      </Section>
      <Section id="_sets" title="In every package set">
        <VersionTable {...{ name, versions, view, known }} chosen={set.flag} datesOf={datesIn(facts)} />
      </Section>
      <AnswerFooter path={packagePath(name, set.flag)} asOf={target.as_of} stamp={view.stamp} />
    </Document>
  );
}

/** The compatibility dates at which the package is taken from each set, in words, by package flag. */
function datesIn({ columns, row }: PackageFacts) {
  return (flag: string) =>
    columns.flatMap((column, at) => {
      const cell = row.cells[at]!;
      if (cell.is === 'none' || cell.flag !== flag) return [];
      const { text, isNow } = datesOf(column);
      return { text: cell.is === 'own' ? text : `by its flag, ${text}`, isNow };
    });
}

const WORDS: Record<Exclude<Verdict['is'], 'yes'>, [style: string, mark: string]> = {
  flag: ['part', '◐'],
  no: ['no', '✕'],
};

/** The answer, before everything else. */
function VerdictLine({ verdict: { is, sentences, level } }: { verdict: Verdict }) {
  const [style, mark] = is === 'yes' ? LEVEL_MARKS[level] : WORDS[is];
  const [first = '', ...rest] = sentences;
  return (
    <div id="_verdict" class={`verdict ${style}`}>
      <p>
        {markOf(mark, style)}
        <strong>{sentence(printable(first))}</strong> {sentence(rest.join(' '))}
      </p>
    </div>
  );
}

/** The package in its own words, whose links may lead nowhere good. */
function AboutLine({ summary, license, home_page: home, version }: About) {
  return (
    <p class="prose">
      {summary !== null && <>{printable(summary)} – </>}
      <span class="quiet">
        {license !== null && <>Licence: {printable(license)}. </>}
        {home !== null && /^https?:/.test(home) && URL.canParse(home) && (
          <>
            <a href={home}>Home page</a>.{' '}
          </>
        )}
        From the METADATA of {printable(version)}.
      </span>
    </p>
  );
}

/** The package in the reviewed table of facts. */
function Limit({ known }: { known: FixOf<'leave_out'> | null }) {
  if (known === null || known.because === 'provided') return null;
  return (
    <p class="notice">
      {sentence(`Known limit: ${[`${known.why}.`, known.instead].filter(Boolean).join(' ')}`)}
    </p>
  );
}

/** A remark for readers who look for httpx because of a client that wants httpx2. */
function Httpx2({ name }: { name: string }) {
  const users = HTTPX2_USERS.filter((user) => user === name || name === 'httpx');
  const remark = users.length > 0 ? httpx2Remark(new Set(['httpx2']), new Set(users)) : null;
  return remark && <p class="prose">{remark.message}</p>;
}

interface AddLinesProps extends Pick<PackagePageProps, 'set' | 'view' | 'target' | 'origin'> {
  at: number;
  closure: readonly PinnedPackage[];
}

function AddLines({ at, closure, set, view, target, origin }: AddLinesProps) {
  const { name, kind, imports } = set.members[at]!;
  const packages = closure.map((pinned) => ({ ...pinned, requested: pinned.name === name }));
  const index = `${origin}/simple/${set.flag}/`;
  // Only packages are vendored.
  const copy =
    kind === 'package'
      ? copyBlocks({ target, packages, date: dateThatGives(view, target), index })
      : { remark: null, blocks: [] };
  const modules = imports.filter((module) => !module.startsWith('_'));
  const module = modules.find((module) => canonicalName(module) === name) ?? modules[0];
  const query = new URLSearchParams({ flag: set.flag, requirement: name });
  return (
    <Copies {...copy}>
      {module !== undefined && (
        <CopyLines id="_import" caption="In the Worker" lines={[`import ${printable(module)}`]} />
      )}
      <CopyLines
        id="_curl"
        caption="With its dependencies, from the API"
        lines={[`curl '${origin}/v1/resolve?${query}'`]}
      />
    </Copies>
  );
}
