import type { Diagnostic, ResolveAnswer } from '../../../resolver/answer.ts';
import type { CatalogSet } from '../../../resolver/catalog.ts';
import { isArchived } from '../../../resolver/closure/archives.ts';
import type { PreparedSet } from '../../../resolver/closure/prepare.ts';
import type { Issue } from '../../../resolver/issue.ts';
import type { Asked } from '../../http/form.ts';
import { CopyLines } from '../parts/copy-lines.tsx';
import { Document, PURPOSE } from '../parts/document.tsx';
import { Issues } from '../parts/issues.tsx';
import { addressOf, queryOf } from '../parts/links.ts';
import { PATCHED_PATH } from '../parts/patcher.tsx';
import { Standing } from '../parts/standing.tsx';
import { type Answer, Diagnostics, TargetAnswer } from '../parts/target-answer.tsx';
import { ClosureTable } from './closure-table.tsx';
import { HomeForm } from './home-form.tsx';
import { curlLine, pinnedLines, pinwheelLine } from './lines.ts';
import { Places } from './places.tsx';

export interface HomePageProps {
  asked: Asked;
  sets: readonly CatalogSet[];
  /** Of the registry, for lines to copy. */
  origin: string;
  issues?: readonly Issue[];
  /** About what was pasted. */
  remarks?: readonly Diagnostic[];
  answer?: Answer;
  requirements?: readonly string[];
  closure?: ResolveAnswer;
  set?: PreparedSet;
}

/** What this is, a form for a whole question, and its answer. */
export function HomePage({ asked, sets, origin, issues = [], remarks = [], ...found }: HomePageProps) {
  const { answer, requirements = [], closure, set } = found;
  const line = { question: answer?.question, requirements };
  return (
    <Document title={`${titleOf(asked, issues, requirements)}Pinwheel`}>
      <h1>Which packages does a Python Worker get?</h1>
      {!asked.anything && <Introduction sets={sets} />}
      <HomeForm asked={asked} sets={sets} />
      {issues.length > 0 && <Issues issues={issues} />}
      {remarks.length > 0 && <Diagnostics target={{ diagnostics: [...remarks], moved_forward: null }} />}
      {closure && set && <ClosureTable closure={closure} />}
      {answer && (
        <TargetAnswer answer={answer} calls={[curlLine(origin, line)]}>
          {closure && set && hasWheels(closure) && (
            <CopyLines
              id="_pinned"
              caption="Pinned, for requirements.txt"
              lines={pinnedLines(origin, closure, set)}
            />
          )}
          <CopyLines id="_command" caption="On the command line" lines={[pinwheelLine(line)]} />
        </TargetAnswer>
      )}
      {answer && requirements.length === 0 && (
        <p class="prose">
          No requirements were given.{' '}
          <a href={`/packages?${queryOf(addressOf(answer.question))}`}>All packages of this target</a>
        </p>
      )}
      {!asked.anything && <Places />}
      {answer && <StandingOf answer={answer} requirements={requirements} />}
    </Document>
  );
}

function Introduction({ sets }: { sets: readonly CatalogSet[] }) {
  const hasOwn = sets.some(({ source }) => source.registry === 'pinwheel');
  return (
    <div class="prose">
      <p>
        A Python Worker names no versions: its compatibility date and flags decide.{' '}
        {PURPOSE.replace('Which', 'Pinwheel says which')} It says why each was chosen, and what to change
        where an answer is no.
      </p>
      {hasOwn && (
        <p>
          httpx and aiohttp work too, over <code>fetch</code>: Pinwheel’s own package sets have{' '}
          <a href={PATCHED_PATH}>patched wheels</a> of them.
        </p>
      )}
      <p>
        Try it: <a href="/?date=2025-11-02&flag=python_workers&requirement=fastapi">fastapi on 2025-11-02</a>,{' '}
        <a href="/?flag=python_workers&requirement=numpy&requirement=pandas%3E%3D2">numpy and pandas today</a>
        , <a href="/?date=2025-11-02&flag=python_workers&requirement=polars">what is refused, and why</a>.
      </p>
    </div>
  );
}

function StandingOf({ answer, requirements }: { answer: Answer; requirements: readonly string[] }) {
  const { question, target, stamp } = answer;
  const query = new URLSearchParams(
    queryOf({
      ...addressOf(question),
      date: target.compatibility_date,
      as_of: target.as_of,
      revision: stamp.revision,
    }),
  );
  for (const requirement of requirements) query.append('requirement', requirement);
  return <Standing asOf={target.as_of} stamp={stamp} permanent={`/?${query}`} />;
}

/** Whether requirements.txt may name its packages: pip takes no archives. */
function hasWheels({ packages }: ResolveAnswer): boolean {
  return !packages.some(({ name, kind, wheel: { filename } }) => isArchived({ name, kind, filename }));
}

function titleOf(asked: Asked, issues: readonly Issue[], requirements: readonly string[]): string {
  if (issues.length > 0) return 'No answer · ';
  if (!asked.anything) return '';
  return requirements.length === 1 ? 'One requirement · ' : `${requirements.length} requirements · `;
}
