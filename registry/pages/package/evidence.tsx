/** The evidence for a package in one set, with the details of its runs from the documents. */
import { evidenceIn } from '../../../resolver/evidence-level.ts';
import { evidenceSentence, GROUNDS, runFacts } from '../../../resolver/evidence-words.ts';
import type { CatalogView } from '../../../resolver/index.ts';
import type { EvidenceDocument } from '../../../resolver/schemas.ts';
import { printable } from '../../../resolver/text/printable.ts';
import type { Bindings } from '../../env.ts';
import { readDocument, readFiles } from '../../storage/documents.ts';
import type { PackageVersion } from '../../storage/history.ts';
import { operations, within } from '../../storage/operations.ts';
import { orNull } from '../../structured-log.ts';
import { CopyAlone } from '../components/copy.tsx';
import { LEVEL_MARKS } from '../components/evidence.tsx';
import { Fact, markOf, Section } from '../components/text.tsx';

export type PackageEvidence = Awaited<ReturnType<typeof evidenceOfPackage>>;

export async function evidenceOfPackage({ STORE }: Bindings, view: CatalogView, flag: string, name: string) {
  const evidence = evidenceIn(view, flag)(name);
  const rows = evidence.ground === null ? [] : view.evidence.get(flag)!;
  const read = await Promise.all(rows.map(({ document }) => stored(readDocument(STORE, document))));
  const documents = read.flatMap((text): EvidenceDocument[] => (text === null ? [] : JSON.parse(text)));
  const runs = documents.flatMap((document) => {
    const result = document.results.find((each) => each.name === name);
    return result ? [{ document, result }] : [];
  });
  // If a document cannot be read, the level is that of the catalog.
  return { name, flag, evidence, runs, lost: read.includes(null) };
}

export type About = NonNullable<Awaited<ReturnType<typeof aboutPackage>>>;

/** METADATA's facts of the file of the set if its bytes were seen, else of the newest that was; null if none was. */
export async function aboutPackage(
  { STORE }: Bindings,
  { seenFiles }: CatalogView,
  flag: string,
  { name, versions }: { name: string; versions: readonly PackageVersion[] },
) {
  const shown = versions.find((version) => version.flag === flag);
  const same = versions.filter(({ sha256 }) => sha256 === shown?.sha256);
  for (const { flag, sha256, version } of [...same, ...versions.toReversed()]) {
    const row = seenFiles.get(flag);
    if (row?.sizes[name] === undefined) continue;
    const files = await stored(readFiles(STORE, row.digest));
    const seen = files?.find((file) => file.sha256 === sha256);
    if (seen && (seen.summary ?? seen.license ?? seen.home_page) !== null) return { ...seen, version };
  }
  return null;
}

function stored<Read>(reading: Promise<Read>): Promise<Read | null> {
  operations.r2++;
  return orNull(within(reading));
}

/** The runs of a package in one set, and what they took: their rows have the details, which the sentence leaves out. */
export function EvidenceSection({ name, flag, evidence, runs, lost }: PackageEvidence) {
  const [kind, mark] = LEVEL_MARKS[evidence.level];
  const summary = runs.length > 0 ? { ...evidence, detail: null } : evidence;
  return (
    <Section id="_evidence" title="What was seen">
      <p class="prose">
        {markOf(mark, kind)}
        {evidenceSentence(summary)} <a href="/evidence">All evidence</a>
      </p>
      {runs.map((run) => (
        <Run {...run} />
      ))}
      {lost && <p class="quiet">The document with the details cannot be read now.</p>}
      {runs.length > 0 && (
        <CopyAlone
          id="_rerun"
          caption="Runs it again, in a clone of Pinwheel with the files of the set in a folder"
          lines={runs.map(({ document: { ground } }) => {
            const on = ground === 'build' ? ' --ground build' : '';
            return `npm run evidence -- --set ${flag} --package ${name}${on} --from FOLDER`;
          })}
        />
      )}
    </Section>
  );
}

function Run({ document, result }: PackageEvidence['runs'][number]) {
  const { runtime, ground, day, programs } = document;
  const versions = Object.entries(programs).map(([program, version]) => `${program} ${version}`);
  return (
    <dl class="pairs">
      <Fact name="Where">
        Pyodide {printable(runtime)} in {GROUNDS[ground]} ({printable(versions.join(', '))}), on{' '}
        <span class="whole">{day}</span>
      </Fact>
      {runFacts(result).map(([label, value]) => (
        <Fact name={label}>{value}</Fact>
      ))}
    </dl>
  );
}
