import { countsIn } from '../../../resolver/evidence-level.ts';
import { GROUNDS } from '../../../resolver/evidence-words.ts';
import type { CatalogEvidence } from '../../../resolver/schemas.ts';
import { printable } from '../../../resolver/text/printable.ts';
import { CopyAlone } from '../components/copy.tsx';
import { type Dated, FactPage } from '../components/document.tsx';
import { LevelLegend } from '../components/evidence.tsx';
import { packageLink, SetLink } from '../components/links.tsx';
import { Commas, copyable, Section, Table } from '../components/text.tsx';

const STEPS = { load: 'Not loaded', import: 'Not imported', smoke: 'Imported, but its line fails' };

/** The evidence for the packages of each set: how many, where and when, and what failed. */
export function EvidencePage({ view, asOf }: Dated) {
  const sets = [...view.sets.values()].reverse();
  const seen = sets.filter(({ flag }) => view.levels.has(flag));
  const unseen = sets.length - seen.length;
  const rowsOf = (flag: string) => view.evidence.get(flag) ?? [];
  const failing = seen.flatMap(({ flag }) => rowsOf(flag)).filter(({ failures }) => failures.length > 0);
  return (
    <FactPage
      title="Evidence"
      description="Which packages of which package set were imported and tested, on which Pyodide, and what failed."
      place="/evidence"
      {...{ view, asOf }}
    >
      <p class="prose">
        A package set is a list. Whether a package runs is another question: here is what was seen when
        packages ran, each in an interpreter of its own that had nothing but what the package says it needs.
      </p>
      <dl class="legend">
        <LevelLegend />
      </dl>
      <Section id="_sets" title="By package set">
        <Table
          columns={[
            'Package flag',
            { name: 'Listed', style: 'state' },
            'Obtainable',
            'Imported',
            'Tested',
            'Seen on',
          ]}
          rows={seen.map(({ flag, package_count }) => {
            const { obtainable, imported, tested } = countsIn(view, flag);
            return [
              <SetLink flag={flag} />,
              package_count,
              obtainable,
              imported,
              tested,
              copyable(
                rowsOf(flag).map(groundOf).join('; ') || `${view.seenFiles.get(flag)!.day}, its files alone`,
              ),
            ];
          })}
        />
        <p class="quiet">
          Of all members of a set, with libraries, tests and modules of Python; each count includes those to
          its right.{' '}
          {unseen > 0 && `Of ${unseen} further sets, all packages are listed, and none has run here yet.`}
        </p>
      </Section>
      <Section id="_failures" title="What failed, by its first error">
        {failing.length === 0 && <p>Nothing.</p>}
        {failing.map(({ set, ground, failures }) => (
          <>
            <h3>
              <SetLink flag={set} />, {GROUNDS[ground]}
            </h3>
            <ul>
              {failures.map(({ step, error, names }) => (
                <li>
                  {STEPS[step]}: <Commas items={names.map((name) => packageLink(name, set))} />:{' '}
                  <code>{printable(error)}</code>
                </li>
              ))}
            </ul>
          </>
        ))}
      </Section>
      <Section id="_repeat" title="How to repeat it">
        <p class="prose">
          In a clone of Pinwheel, with the files of a set in a folder. <code>--ground build</code> runs them
          in built Workers, which is Pinwheel’s own start of Pyodide on workerd, not Cloudflare’s platform.
        </p>
        <CopyAlone
          id="_again"
          caption="One package again"
          lines={[`npm run evidence -- --set ${seen[0]?.flag ?? 'FLAG'} --package numpy --from FOLDER`]}
        />
      </Section>
    </FactPage>
  );
}

function groundOf({ ground, runtime, day }: CatalogEvidence): string {
  return `Pyodide ${printable(runtime)} in ${GROUNDS[ground]}, ${day}`;
}
