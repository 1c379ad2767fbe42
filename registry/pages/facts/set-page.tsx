import { wheelSets } from '../../../resolver/closure/archives.ts';
import { sizeOf } from '../../../resolver/closure/sizes.ts';
import { minorOf } from '../../../resolver/compatibility/view.ts';
import { embeddedIn } from '../../../resolver/compatibility/workerd.ts';
import { copyBlocks, dateThatGives } from '../../../resolver/formats/copy-blocks.ts';
import type { CatalogView, PreparedSet, Target } from '../../../resolver/index.ts';
import { licencesText, publisherOf, sourceText } from '../../../resolver/provenance.ts';
import type { CatalogSet } from '../../../resolver/schemas.ts';
import { printable } from '../../../resolver/text/printable.ts';
import { memberChanges } from '../../../resolver/time/changes.ts';
import { releaseOfPyodide } from '../../facts/runtimes.ts';
import type { StoredFiles } from '../../storage/wheels.ts';
import { setPath } from '../components/addresses.ts';
import { AnswerFooter, Diagnostics } from '../components/answer.tsx';
import { PackageChangesList } from '../components/changes.tsx';
import { Copies, CopyLines } from '../components/copy.tsx';
import { Document } from '../components/document.tsx';
import { countsText } from '../components/evidence.tsx';
import { flagName, SetLink, YANKED } from '../components/links.tsx';
import { delivered, Fact, Section } from '../components/text.tsx';
import { abiText, contentsOf, isListed } from '../components/words.ts';
import { FoldedFindings, type SetFinding } from '../security/findings.tsx';
import { datesBySet } from './listing.ts';
import { type Filter, PackageTable, type Pinned } from './package-table.tsx';
import { Dates } from './sets-page.tsx';

interface SetPageProps {
  head: CatalogSet;
  set: PreparedSet;
  /** Which of the set's files this registry has; null if D1 cannot say. */
  stored: StoredFiles | null;
  /** The base of a Pinwheel-built set; null for others. */
  base: CatalogSet | null;
  /** The set that it is compared with: its base, or the previous one of the same ABI, if any. */
  previous: PreparedSet | null;
  target: Target;
  view: CatalogView;
  filter: Filter;
  pinned: Pinned;
  origin: string;
  /** Known vulnerabilities of its packages; null without advisories. */
  findings: readonly SetFinding[] | null;
  /** As the log has it: absent if it came with Pinwheel. */
  publisher: string | undefined;
}

/** One package set: its packages, the lines that select it, its source, and its changes. */
export function SetPage(props: SetPageProps) {
  const { head, set, stored, base, previous, target, view, filter, pinned, origin } = props;
  const { findings, publisher } = props;
  const yank = view.yankedSets.get(head.flag);
  const [wheels] = wheelSets(view, head);
  const names = set.members.filter(isListed).map(({ name }) => name);
  const sizes = set.members.flatMap(({ size }) => size ?? []);
  const pyodide = releaseOfPyodide(head.runtime);
  const embedding = embeddedIn(view, head);
  const dates = datesBySet(view, target.as_of)(head.flag);
  const copy = copyBlocks({
    ...{ target, date: dateThatGives(view, target), packages: [] },
    index: head.archive_count === 0 ? `${origin}/simple/${head.flag}/` : null,
  });
  return (
    <Document
      title={head.flag}
      description={`The packages of ${head.flag}: Python ${minorOf(printable(head.python))}, Pyodide ${printable(head.runtime)}, dated ${head.released}.`}
      place="/packages"
    >
      <h1>
        {flagName(head.flag)}
        {yank && <span class="version"> {YANKED}</span>}
      </h1>
      <p class="prose">
        {contentsOf(set.members)} for Python {printable(head.python)}, by {publisherOf(head.source)} for
        Pyodide {printable(head.runtime)}: {countsText(view, head.flag, names)}. See{' '}
        <a href="#_select">how to get it</a>, <a href="#_facts">its source</a>,{' '}
        <a href="#_changes">what changed</a>.{yank && ` It was yanked: ${printable(yank.reason)}`}
      </p>
      <p class="hint">
        Delivery: {delivered(target)}. Modules of the standard library come with the runtime.
      </p>
      <PackageTable {...{ set, filter, pinned, view }} />
      {findings && (
        <Section id="_security" title="Known vulnerabilities">
          <FoldedFindings findings={findings} flag={head.flag} />
          <p class="quiet">
            <a href="/security">All sets, and the source</a>
          </p>
        </Section>
      )}
      <Section id="_select" title="How to get it">
        <Copies {...copy}>
          {head.archive_count === 0 && (
            <CopyLines
              id="_pip"
              caption="As a package index, for pip and uv"
              lines={[`--index-url ${origin}/simple/${head.flag}/`]}
            />
          )}
        </Copies>
        <Diagnostics list={target.diagnostics} moved={target.moved_forward} />
      </Section>
      <Section id="_facts" title="Facts">
        <dl class="pairs">
          <Fact name="Dated">{head.released}</Fact>
          <Fact name="Selected at">
            <Dates dates={dates} />
            {dates.length === 0 && ', only by its name'}
          </Fact>
          <Fact name="Built into workerd">
            {embedding.length === 0
              ? 'never'
              : `in ${printable(embedding.join(', '))} of the versions known here, in others not`}
          </Fact>
          {head.archive_count > 0 && (
            <Fact name="Archives">
              {head.archive_count}, which Pyodide and pinwheel vendor unpack, but pip and uv do not
              {wheels && (
                <>
                  ; the nearest set of wheels that runs there is <SetLink flag={wheels.flag} />
                </>
              )}
            </Fact>
          )}
          {stored && (
            <Fact name="Stored here">
              {stored.stored.length} of {stored.files} files; the others are fetched when they are asked for
            </Fact>
          )}
          {sizes.length > 0 && (
            <Fact name="Sizes">
              known of {sizes.length} of {set.members.length} files,{' '}
              {sizeOf(sizes.reduce((sum, size) => sum + size, 0))} in all
            </Fact>
          )}
          <Fact name="Licences">{licencesText(head.source)}</Fact>
          {pyodide && (
            <Fact name={`Pyodide ${printable(head.runtime)}`}>
              {pyodide.day}: {printable(pyodide.source)}
            </Fact>
          )}
          <Fact name="ABI">{abiText(head)}</Fact>
          <SourceFacts head={head} base={base} />
          <Fact name="Digest" style="digest">
            {head.digest}
          </Fact>
          <Fact name="Published">
            in revision {head.revision} of the registry
            {publisher === undefined ? ', with Pinwheel' : ` by ${printable(publisher)}`}
          </Fact>
          <Fact name="Documents">
            <a href={`/v1${setPath(head.flag)}`}>JSON</a>,{' '}
            <a href={`/v1${setPath(head.flag)}/pyodide-lock.json`}>pyodide-lock.json</a>,{' '}
            <a href={`/simple/${encodeURIComponent(head.flag)}/`}>simple index</a>
          </Fact>
        </dl>
      </Section>
      <Section id="_changes" title="What changed">
        {previous ? (
          <Changes previous={previous} set={set} view={view} isBase={base?.flag === previous.flag} />
        ) : (
          <p>Nothing to compare it with: {publisherOf(head.source)} published no earlier set for this ABI.</p>
        )}
        <p>
          <a href={`/compare?${new URLSearchParams({ from: target.as_of, to: head.flag })}`}>
            Compare it with what the date <span class="whole">{target.as_of}</span> gives
          </a>
          . There, both sides can be changed to another date or set.
        </p>
      </Section>
      <AnswerFooter path={setPath(head.flag)} asOf={target.as_of} stamp={view.stamp} />
    </Document>
  );
}

interface ChangesProps extends Pick<SetPageProps, 'set' | 'view'> {
  previous: PreparedSet;
  isBase: boolean;
}

function Changes({ previous, set, view, isBase }: ChangesProps) {
  const changes = memberChanges(previous.members, set.members, { view, from: previous, to: set });
  return (
    <>
      <p class="prose">
        Since <SetLink flag={previous.flag} />,{' '}
        {isBase ? 'on which it is based.' : 'the set that its publisher released for this ABI before.'}
      </p>
      <PackageChangesList changes={changes} from={previous.flag} to={set.flag} />
    </>
  );
}

/** The source of a set. `base` is that of a Pinwheel-built one. */
function SourceFacts({ head, base }: { head: CatalogSet; base: CatalogSet | null }) {
  if (base === null) {
    return <Fact name="Source">{printable(sourceText(head.source))}</Fact>;
  }
  const sides = new URLSearchParams({ from: base.flag, to: head.flag });
  return (
    <>
      <Fact name="Based on">
        <SetLink flag={base.flag} />, published by {publisherOf(base.source)}, with packages of earlier sets
        of its ABI, and some wheels replaced by patched ones.{' '}
        <a href={`/compare?${sides}`}>Compare the two</a>
      </Fact>
      <Fact name="Its digest" style="digest">
        {base.digest}
      </Fact>
    </>
  );
}
