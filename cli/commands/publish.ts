/** `pinwheel publish`: sends a document to a registry, and prints the outcome. */

import { readAddress } from '../../resolver/client/address.ts';
import type { AnswerChange } from '../../resolver/compatibility/answer-changes.ts';
import { selectedText } from '../../resolver/compatibility/answer-changes.ts';
import { addDays } from '../../resolver/compatibility/date.ts';
import { credentialOf } from '../ask/publish/credential.ts';
import { type PublicationOutcome, send } from '../ask/publish/send.ts';
import { misused } from '../common/failure.ts';
import { visible, wrap } from '../common/text.ts';
import { print, printRemarks } from '../print/print.ts';
import { type Screen, screenOf } from '../print/screen.ts';
import { type DocumentOptions, documentOf } from './publish-document.ts';

export interface PublishOptions extends DocumentOptions {
  registry?: string;
  wheel: string[];
  dryRun?: boolean;
  format: string;
}

export async function publishCommand(file: string | undefined, options: PublishOptions): Promise<void> {
  if (options.registry === undefined) {
    throw misused('publish needs the address of a registry.', 'Give --registry URL.');
  }
  const address = readAddress(options.registry);
  const today = new Date().toISOString().slice(0, 10);
  const document = await documentOf(file, options, addDays(today, 1));
  const credential = await credentialOf(address);
  const dryRun = options.dryRun ?? false;
  const outcome = await send({ address, credential, document, wheels: options.wheel, dryRun });
  if (options.format === 'json') return print([JSON.stringify(outcome)]);
  print(outcomeLines(outcome, screenOf(process.stdout)));
  if (outcome.changes.length === 0 && outcome.status !== 'unchanged') {
    printRemarks([
      { severity: 'info', message: 'No date selects another runtime or package set.', fix: null },
    ]);
  }
}

export function outcomeLines(
  { status, publication, changes }: PublicationOutcome,
  { columns }: Screen,
): string[] {
  const { revision, kind, subject, published } = publication;
  const what = `${kind} ${visible(subject)}`;
  const said = {
    published: `Published ${what} as revision ${revision}.`,
    unchanged: `Nothing changes: ${what} is revision ${revision}, of ${published}.`,
    checked: `${what} is valid: it would be revision ${revision}.`,
  };
  const broken = (line: string) => (columns === null ? [line] : wrap(line, Math.max(20, columns - 4)));
  const lines = changes.flatMap((change) =>
    broken(changeLine(change)).map((part, at) => (at === 0 ? '  ' : '    ') + part),
  );
  return [said[status], ...lines];
}

function changeLine({ compatibility_flags, from, until, as_of, before, after }: AnswerChange): string {
  const dates = until === null ? `from ${from} on` : from === until ? from : `${from} to ${until}`;
  const flags = compatibility_flags.map(visible).join(', ');
  const asked = as_of > from ? `, asked on ${as_of}` : '';
  return `${dates} with ${flags}${asked}: ${selectedText(before)} → ${selectedText(after)}`;
}
