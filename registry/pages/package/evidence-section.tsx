import { evidenceSentence, GROUNDS, runFacts } from '../../../resolver/evidence-words.ts';
import { printable } from '../../../resolver/text/printable.ts';
import { CopyAlone } from '../components/copy.tsx';
import { LEVEL_MARKS } from '../components/evidence.tsx';
import { Fact, markOf, Section } from '../components/text.tsx';
import type { PackageEvidence } from './evidence.ts';

/** The runs of a package in one set, and what they took. */
export function EvidenceSection({ name, flag, evidence, runs, lost }: PackageEvidence) {
  const [kind, mark] = LEVEL_MARKS[evidence.level];
  return (
    <Section id="_evidence" title="What was seen">
      <p class="prose">
        {markOf(mark, kind)}
        {evidenceSentence(evidence)} <a href="/evidence">All evidence</a>
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
        Pyodide {printable(runtime)} in {GROUNDS[ground]} ({printable(versions.join(', '))}), on {day}
      </Fact>
      {runFacts(result).map(([label, value]) => (
        <Fact name={label}>{value}</Fact>
      ))}
    </dl>
  );
}
