/**
 * Reads a page's question from its address or its form: the API's parameters, and pasted text. The upgrade view runs
 * this in the browser too, so it needs neither zod nor the Worker.
 */

import { isCalendarDay } from '../../resolver/compatibility/date.ts';
import { isPackageFlag } from '../../resolver/compatibility/package-set.ts';
import { readWranglerTables, wranglerSettings } from '../../resolver/formats/wrangler.ts';
import type { Diagnostic, Issue, Outcome, TargetQuestion } from '../../resolver/index.ts';
import { malformedWranglerFile } from '../../resolver/issues/documents.ts';
import { remark } from '../../resolver/issues/fixes.ts';
import { invalidParameter } from '../../resolver/issues/question.ts';
import { type Fields, fieldsNamed, TARGET_FIELDS } from '../../resolver/question/fields.ts';
import { LINE_END, parseRequirementsFile } from '../../resolver/requirements/requirements-file.ts';
import { listed } from '../../resolver/text/printable.ts';
import { type Form, longTogether, readFields, tooMany } from './question.ts';

/** The values of the form: the fields as given. */
export interface Asked {
  date: string;
  /** The flags of `flag` and `flags` together. */
  flags: string[];
  as_of: string;
  revision: string;
  experimental: boolean;
  /** Requirements as written, one on each line. */
  requirements: string;
  wrangler: string;
  /** Whether any field was given. */
  anything: boolean;
}

export interface FormQuestion {
  question: TargetQuestion;
  revision: number | undefined;
  /** Whether `as_of` was given; today otherwise. */
  asOfGiven: boolean;
  requirements: string[];
  /** Remarks about lines that were left out of the requirements. */
  remarks: Diagnostic[];
}

/** The fields of all forms: those of a question, and what is pasted. */
export const FORM = {
  ...fieldsNamed(...TARGET_FIELDS, 'requirements'),
  pasted_flags: { kind: 'texts', meaning: 'flags as a wrangler file has them', single: 'flags' },
  pasted_requirements: { kind: 'text', meaning: 'a requirements file', single: 'requirements' },
  wrangler: { kind: 'text', meaning: 'a wrangler file, which replaces the date and the flags' },
} as const satisfies Fields;

/** More than a file of requirements has, with its hashes and comments. */
const MOST_LINES = 10_000;

/**
 * Reads the fields. Empty ones, which forms send, count as not given. In addition to the repeated `flag` and
 * `requirement`, `flags` is text with several flags, and `requirements` a requirements file. The default of the date is
 * `as_of`, whose default is `today`; a package flag has a date of its own. The default flag is `python_workers`.
 */
export function readForm(form: Form, today: string): { asked: Asked; outcome: Outcome<FormQuestion> } {
  const { values, texts, issues } = readFields(form, FORM);
  const { experimental = false, pasted_requirements: pasted = '', requirements: single = [] } = values;
  const named = [...(values.pasted_flags ?? []).flatMap(splitFlags), ...(values.compatibility_flags ?? [])];
  const flags = named.length > 0 ? named : ['python_workers'];
  const as_of = values.as_of ?? today;
  const day = isCalendarDay(as_of) ? as_of : today;
  const date = values.compatibility_date ?? (flags.some(isPackageFlag) ? null : day);
  const hasTooManyLines = pasted.split(LINE_END).length > MOST_LINES;
  const lines = readRequirementLines(hasTooManyLines ? '' : pasted);
  const requirements = [...single, ...lines.requirements];
  const tooLong = longTogether(requirements);
  const asked: Asked = {
    date: texts.compatibility_date ?? '',
    flags,
    as_of: texts.as_of ?? '',
    revision: texts.revision ?? '',
    experimental,
    requirements: [...single, ...(pasted === '' ? [] : [pasted])].join('\n'),
    wrangler: texts.wrangler ?? '',
    anything: Object.keys(texts).length > 0,
  };
  // Found here, so that a page does not repeat all of them.
  if (hasTooManyLines) issues.push(invalidParameter({ problem: 'too_many_lines', most: MOST_LINES }));
  if (tooLong) issues.push(tooLong);
  issues.push(...tooMany({ requirements, compatibility_flags: flags }));
  if (issues.length > 0) return { asked, outcome: { ok: false, issues } };
  const value: FormQuestion = {
    question: { compatibility_date: date, compatibility_flags: flags, as_of, experimental },
    revision: values.revision,
    asOfGiven: values.as_of !== undefined,
    requirements,
    remarks: lines.remarks,
  };
  return { asked, outcome: { ok: true, value } };
}

/** Flags as pasted from a wrangler file: between spaces, commas, quotes or brackets. */
export function splitFlags(text: string): string[] {
  return text.split(/[\s,"'[\]]+/).filter((flag) => flag !== '');
}

/** Pasted requirements: a list, or a whole requirements file of pip. */
function readRequirementLines(text: string): { requirements: string[]; remarks: Diagnostic[] } {
  const { entries, remarks: skipped, refused } = parseRequirementsFile('Requirements', text);
  const remarks = [
    ...skipped,
    ...refused.map(({ code, message, fix, where }) => remark('error', code, `${where}: ${message}`, fix)),
  ];
  const requirements: string[] = [];
  const hashed: string[] = [];
  const unread: string[] = [];
  for (const entry of entries) {
    if (!('text' in entry)) unread.push(entry.where);
    else {
      requirements.push(entry.text);
      if (entry.hashes) hashed.push(entry.where);
    }
  }
  if (hashed.length > 0) {
    remarks.push(notRead(hashed, '--hash is skipped', 'The command line compares hashes with the set.'));
  }
  if (unread.length > 0) {
    remarks.push(notRead(unread, 'other files are not read', 'Paste their content too.'));
  }
  return { requirements, remarks };
}

/** The remark about lines that were left out. */
function notRead(places: readonly string[], what: string, fix: string): Diagnostic {
  return remark('warning', 'option_skipped', `${listed(places, 1)}: ${what}.`, fix);
}

interface PastedSettings {
  compatibility_date: string;
  compatibility_flags: string[];
}

const { wrangler, compatibility_date, compatibility_flags, pasted_flags } = FORM;

/** Reads a form like {@link readForm}; a pasted file replaces the date and the flags, but those `typed` beside it. */
export function readWranglerForm(
  form: Form,
  today: string,
  typed: readonly string[] = [],
): { asked: Asked; outcome: Outcome<FormQuestion> } {
  const { texts } = readFields(form, { wrangler });
  const settings = texts.wrangler?.trim() ? readWranglerText(texts.wrangler) : null;
  if (!settings) return readForm(form, today);
  if (!settings.ok) {
    const { asked, outcome } = readForm(form, today);
    return {
      asked,
      outcome: { ok: false, issues: [...settings.issues, ...(outcome.ok ? [] : outcome.issues)] },
    };
  }
  const { value } = settings;
  const own = value.compatibility_flags;
  const flags = typed.length > 0 && own.length === 0 ? ['python_workers'] : own;
  const replaced = new Map<string, string[]>([
    [compatibility_date.single, [value.compatibility_date]],
    [compatibility_flags.single, [...flags, ...typed.filter((flag) => !flags.includes(flag))]],
    [pasted_flags.single, []],
  ]);
  return readForm({ getAll: (name) => replaced.get(name) ?? form.getAll(name) }, today);
}

/** Lines of a JSON file, without its braces. */
const MEMBERS = /^\s*"[^"\n]*"\s*:/;

/** Reads the top level. */
function readWranglerText(pasted: string): Outcome<PastedSettings> {
  const text = MEMBERS.test(pasted) ? `{\n${pasted}\n}` : pasted;
  const kind = /^\s*(\{|\/[/*])/.test(text) ? 'json' : 'toml';
  const name = kind === 'json' ? 'wrangler.jsonc' : 'wrangler.toml';
  const tables = readWranglerTables(name, text, kind);
  if (!tables.ok) return { ok: false, issues: tables.issues.map(withoutExcerpt) };
  const settings = wranglerSettings(name, tables.value.tables);
  if (!settings.ok) return settings;
  const { compatibility_date, compatibility_flags } = settings.value;
  if (compatibility_date !== null) return { ok: true, value: { compatibility_date, compatibility_flags } };
  return { ok: false, issues: [malformedWranglerFile({ problem: 'no_date', file: name })] };
}

/** The lines below the first quote the text, which may contain secrets. */
function withoutExcerpt(issue: Issue): Issue {
  return { ...issue, message: issue.message.split('\n')[0]! };
}
