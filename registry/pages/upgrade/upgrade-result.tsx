import type { Issue } from '../../../resolver/index.ts';
import type { Finding } from '../../../resolver/python/index.ts';
import { printable } from '../../../resolver/text/printable.ts';
import { askAgain, queryOf, questionPath } from '../components/addresses.ts';
import { AnswerFooter, Diagnostics, VerdictLine } from '../components/answer.tsx';
import { CopyAlone, CopyLines, toml } from '../components/copy.tsx';
import { Issues } from '../components/issues.tsx';
import { copyable, Fix, Section, Sentence } from '../components/text.tsx';
import { moveOf, type Upgrade } from './answer.ts';
import { ArrivalSection } from './arrival-section.tsx';
import { StepsTable } from './steps-table.tsx';
import { headlineOf, KINDS } from './verdict.ts';

interface UpgradeResultProps {
  upgrade: Upgrade;
  origin: string;
  /** The format of the wrangler file. */
  kind: 'toml' | 'json';
}

/** The verdict and the date to copy first, then every date, then the chosen one. */
export function UpgradeResult({ upgrade, origin, kind }: UpgradeResultProps) {
  const { answer, sides, at } = upgrade;
  const { verdict, text } = headlineOf(answer);
  const step = stepAt(upgrade);
  return (
    <>
      <section aria-labelledby="_answer">
        <VerdictLine kind={KINDS[verdict]} isSaid={false}>
          {copyable(text)}
        </VerdictLine>
        <div class="lines even first">
          <SafeDates upgrade={upgrade} kind={kind} />
        </div>
        <StepsTable upgrade={upgrade} />
      </section>
      {at.issues.length > 0 && (
        <Issues
          issues={at.issues}
          again={askAgain(moveOf(upgrade))}
          title={`What to do on ${printable(sides.to)}`}
        />
      )}
      {step && <FileFindings findings={step.findings} />}
      <ArrivalSection upgrade={upgrade} findings={upgrade.isJudged && step ? step.findings : null} />
      <Diagnostics target={{ diagnostics: [...at.remarks], moved_forward: null }} />
      <CopyAlone
        id="_curl"
        caption="The same from the API"
        lines={[`curl '${origin}/v1/compare?${queryOf(moveOf(upgrade))}'`]}
      />
      <AnswerFooter
        asOf={at.comparison.to.as_of}
        stamp={at.comparison.registry}
        permanent={questionPath(
          moveOf(upgrade, {
            as_of: at.comparison.to.as_of,
            revision: at.comparison.registry.revision,
          }),
        )}
      />
    </>
  );
}

/** The issues of a question that has no answer. */
export function RefusedMove({ issues }: { issues: readonly Issue[] }) {
  return (
    <>
      <h1 id="_answer">What changes if I move my date?</h1>
      <Issues issues={issues} />
    </>
  );
}

/** The step that contains the chosen date; undefined if a package flag was chosen. */
function stepAt({ answer, at, sides }: Upgrade) {
  const day = at.comparison.to.compatibility_date;
  if (day !== sides.to) return undefined;
  return answer.steps.find(({ from, to }) => from <= day && day <= to);
}

/** The newest date without changes and, if it is newer, the newest at which all requirements are met. */
function SafeDates({ upgrade: { answer }, kind }: Pick<UpgradeResultProps, 'upgrade' | 'kind'>) {
  const { newest_same: same, newest_working: working, requirements } = answer;
  return (
    <>
      {same && (
        <CopyLines
          id="_safe"
          caption="The newest date at which nothing changes"
          lines={[lineOf(same, kind)]}
        />
      )}
      {working && working !== same && requirements.length > 0 && (
        <CopyLines
          id="_working"
          caption="The newest date at which all requirements are met, in other versions"
          lines={[lineOf(working, kind)]}
        />
      )}
    </>
  );
}

function lineOf(date: string, kind: 'toml' | 'json'): string {
  return kind === 'json' ? `"compatibility_date": ${toml(date)},` : `compatibility_date = ${toml(date)}`;
}

/** The findings in the files of a dropped project on the chosen date. */
function FileFindings({ findings }: { findings: readonly Finding[] }) {
  if (findings.length === 0) return null;
  return (
    <Section id="_files" title="In your files">
      <ul class="notices">
        {findings.map(({ severity, message, fix, path, line }) => (
          <li class={`notice ${severity}`}>
            <p>
              <code>{printable(`${path}:${line}`)}</code> <Sentence text={message} />
            </p>
            <Fix fix={fix} />
          </li>
        ))}
      </ul>
    </Section>
  );
}
