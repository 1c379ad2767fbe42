/** `pinwheel publish`: sends a document to a registry, and prints the outcome. */

import { readAddress } from '../../resolver/client/transport.ts';
import { selectedText } from '../../resolver/compatibility/answer-changes.ts';
import { addDays, today } from '../../resolver/compatibility/date.ts';
import type { AnswerChange } from '../../resolver/schemas.ts';
import { credentialOf, type PublicationOutcome, send } from '../ask/publish.ts';
import { misused } from '../common/failure.ts';
import { readText } from '../common/read-text.ts';
import { visible } from '../common/text.ts';
import { type LockOptions, setOfLock } from '../packages/set-of-lock.ts';
import { printAnswer, printRemarks } from '../print/print.ts';
import { terminal } from '../print/progress.ts';
import { hanging, type Screen } from '../print/table.ts';

export interface DocumentOptions extends LockOptions {
  yank?: string;
  sha256?: string;
  withdraw?: string;
  announce?: string;
  correct?: boolean;
  reason?: string;
  from?: string;
}

/** @param tomorrow the default of `--from`, except for announcements */
export async function documentOf(
  file: string | undefined,
  options: DocumentOptions,
  tomorrow: string,
): Promise<object> {
  const { yank, withdraw, announce, correct, reason } = options;
  const sources = [file, yank, withdraw].filter((choice) => choice !== undefined);
  const needsReason = yank !== undefined || withdraw !== undefined || correct === true;
  const wrong = {
    nothing_to_publish: sources.length === 0,
    several_documents: sources.length > 1,
    no_reason: needsReason && reason === undefined,
    needless_reason: !needsReason && reason !== undefined,
    options_of_yanks: yank === undefined && (options.sha256 ?? options.from) !== undefined,
    announced_yank: options.sha256 !== undefined && (announce ?? options.from) !== undefined,
    announced_correction: correct && announce !== undefined,
  };
  const problem = (Object.keys(wrong) as (keyof typeof wrong)[]).find((name) => wrong[name]);
  if (problem) throw misused({ problem });
  if (withdraw !== undefined) {
    if (!/^[1-9]\d*$/.test(withdraw)) throw misused({ problem: 'withdrawal_of_nothing' });
    return { kind: 'withdrawal', revision: Number(withdraw), reason };
  }
  const document =
    yank === undefined
      ? await readDocument(file!, options)
      : {
          kind: 'yank',
          subject: yank,
          sha256: options.sha256 ?? null,
          reason,
          from: options.from ?? announce ?? tomorrow,
        };
  if (correct) return { kind: 'correction', reason, document };
  return announce === undefined ? document : { kind: 'announcement', takes_effect: announce, document };
}

async function readDocument(file: string, options: LockOptions): Promise<object> {
  const text = await readText(file);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw misused({ problem: 'document_not_json', file, detail: (cause as Error).message });
  }
  if (typeof value !== 'object' || value === null) throw misused({ problem: 'no_document', file });
  if (!('kind' in value) && 'info' in value) return setOfLock(file, text, options, terminal);
  if (options.as !== undefined || options.baseUrl !== undefined || options.findLinks.length > 0)
    throw misused({ problem: 'options_of_locks' });
  return value;
}

export async function publishCommand(
  file: string | undefined,
  given: Partial<DocumentOptions> & { registry?: string; dryRun?: boolean; format: string },
): Promise<void> {
  const options = { wheel: [], findLinks: [], ...given };
  if (options.registry === undefined) throw misused({ problem: 'no_registry' });
  const address = readAddress(options.registry);
  const document = await documentOf(file, options, addDays(today(), 1));
  const credential = await credentialOf(address);
  const outcome = await send(address, credential, document, options.wheel, options.dryRun);
  printAnswer(options.format, outcome, (screen) => outcomeLines(outcome, screen));
  if (options.format !== 'json' && outcome.changes.length === 0 && outcome.status !== 'unchanged') {
    const message = 'No date selects another runtime or package set.';
    printRemarks([{ severity: 'info', message, fix: null }]);
  }
}

/** How many files with other bytes are named. */
const SHOWN = 10;
const more = (count: number) => (count > 0 ? [`and ${count} more files have other bytes`] : []);

export function outcomeLines(
  { status, publication, changes, other_bytes }: PublicationOutcome,
  { columns }: Screen,
): string[] {
  const { revision, kind, name, day } = publication;
  const what = `${kind} ${visible(name)}`;
  const said = {
    published: `Published ${what} as revision ${revision}.`,
    unchanged: `Nothing changes: ${what} is revision ${revision}, of ${day}.`,
    checked: `${what} is valid: it would be revision ${revision}.`,
  };
  const bytes = other_bytes.map(
    ({ filename, sha256, before }) =>
      `${visible(filename)} has other bytes than in the set before: ${before.slice(0, 12)} → ${sha256.slice(0, 12)}`,
  );
  const lines = [...changes.map(changeLine), ...bytes.slice(0, SHOWN), ...more(bytes.length - SHOWN)];
  return [said[status], ...lines.flatMap((line) => hanging('  ', 4, line, columns))];
}

function changeLine({ compatibility_flags, from, until, as_of, before, after }: AnswerChange): string {
  const dates = until === null ? `from ${from} on` : from === until ? from : `${from} to ${until}`;
  const flags = compatibility_flags.map(visible).join(', ');
  const asked = as_of > from ? `, asked on ${as_of}` : '';
  return `${dates} with ${flags}${asked}: ${selectedText(before)} → ${selectedText(after)}`;
}
