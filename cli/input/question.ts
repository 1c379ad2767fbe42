/** What is asked: from the options, and where they leave it to a wrangler file, from that. */
import { type Complaint, misused } from '../failure.ts';
import { printRemarks } from '../output/print.ts';
import { findWranglerFile, readWranglerFile } from './wrangler-file.ts';

/** The options of every command, as commander hands them over. */
export interface QuestionOptions {
  date?: string;
  flag: string[];
  config?: string;
  env?: string;
  asOf?: string;
  revision?: string;
  experimental?: true;
  registry?: string;
  format: string;
}

export interface Question {
  compatibility_date: string | null;
  compatibility_flags: string[];
  /** Null for today. */
  as_of: string | null;
  /** Null for the newest. */
  revision: number | null;
  experimental: boolean;
}

/** Reads the question; says so on standard error where a wrangler file is used that nobody named. */
export async function readQuestion(options: QuestionOptions): Promise<Question> {
  const { date, flag, env, asOf, experimental = false } = options;
  const left = date === undefined && flag.length === 0;
  const path = options.config ?? (left || env !== undefined ? findWranglerFile() : null);
  if (path === null && env !== undefined) {
    throw misused('--env needs a wrangler file, and this folder has none.', 'Name one with --config.');
  }
  const settings = path === null ? null : await readWranglerFile(path, env ?? null);
  const question = {
    compatibility_date: date ?? settings?.compatibility_date ?? null,
    compatibility_flags: flag.length > 0 ? flag : (settings?.compatibility_flags ?? []),
    as_of: asOf ?? null,
    revision: options.revision === undefined ? null : readRevision(options.revision),
    experimental,
  };
  if (path !== null && options.config === undefined) announce(path, env, question);
  return question;
}

function readRevision(text: string): number {
  if (!/^\d{1,15}$/.test(text)) {
    throw misused(`--revision ${text} is no revision.`, 'A revision is a whole number, such as 12.');
  }
  return Number(text);
}

function announce(path: string, environment: string | undefined, question: Question): void {
  const { compatibility_date: date, compatibility_flags: flags } = question;
  const place = environment === undefined ? path : `${path}, environment ${environment}`;
  const found = `date ${date ?? 'none'}, flags ${flags.length > 0 ? flags.join(', ') : 'none'}`;
  printRemarks([{ severity: 'info', message: `Asked with ${place}: ${found}.`, fix: null }]);
}

/** Tells those who gave no date how to give one; programs that read JSON get the refusal as everyone does. */
export function withHints(complaints: readonly Complaint[], options: QuestionOptions): Complaint[] {
  if (options.format === 'json') return [...complaints];
  return complaints.map((complaint) => {
    if (complaint.code !== 'missing_compatibility_date') return complaint;
    const hint = options.config
      ? `Add compatibility_date to ${options.config}, or give --date YYYY-MM-DD.`
      : 'Give --date YYYY-MM-DD and --flag, or name a wrangler file with --config.';
    return { ...complaint, fix: complaint.fix === null ? hint : `${complaint.fix}\n${hint}` };
  });
}
