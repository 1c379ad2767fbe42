/** The document to publish: from a file and the options. */
import { misused } from '../common/failure.ts';
import { readText } from '../common/read-text.ts';

export interface DocumentOptions {
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
  const sources = [file, yank, withdraw].filter((one) => one !== undefined);
  if (sources.length !== 1) {
    const fix = 'Give the file of a document, --yank, or --withdraw.';
    throw misused(
      sources.length === 0 ? 'There is nothing to publish.' : 'Only one document can be published at a time.',
      fix,
    );
  }
  const needsReason = yank !== undefined || withdraw !== undefined || correct === true;
  if (needsReason && reason === undefined) {
    throw misused('A yank, a correction or a withdrawal needs a reason.', 'Give --reason TEXT.');
  }
  if (!needsReason && reason !== undefined) {
    throw misused('--reason is for yanks, corrections and withdrawals.', 'Leave it out.');
  }
  if (yank === undefined && (options.sha256 ?? options.from) !== undefined) {
    throw misused('--sha256 and --from are for yanks.', 'Leave them out, or give --yank.');
  }
  if (options.sha256 !== undefined && (announce ?? options.from) !== undefined) {
    throw misused(
      'The yank of a wheel cannot be announced: it takes effect at once.',
      'Leave out --announce and --from.',
    );
  }
  if (correct && announce !== undefined) {
    throw misused(
      'A correction cannot be announced: it takes effect at once.',
      'Leave out --announce or --correct.',
    );
  }
  if (withdraw !== undefined) {
    if (!/^[1-9]\d*$/.test(withdraw))
      throw misused('--withdraw needs a revision.', 'Give a number, such as 51.');
    return { kind: 'withdrawal', revision: Number(withdraw), reason };
  }
  const document =
    yank === undefined
      ? await readDocument(file!)
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

async function readDocument(file: string): Promise<object> {
  const text = await readText(file);
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null) return value;
  } catch (cause) {
    throw misused(`${file} is not JSON: ${(cause as Error).message}.`, 'Give the document as JSON.');
  }
  throw misused(`${file} has no document.`, 'Give the document as one JSON object.');
}
