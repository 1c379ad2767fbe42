/** A form with a pasted wrangler file instead of a date and flags. */
import { readWranglerTables, wranglerSettings } from '../../resolver/formats/wrangler.ts';
import type { Issue, Outcome } from '../../resolver/index.ts';
import { malformedWranglerFile } from '../../resolver/issues/documents.ts';
import { type Asked, FORM, type FormQuestion, readForm } from './form.ts';
import { type Form, readFields } from './question.ts';

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

/** Reads the top level. */
function readWranglerText(text: string): Outcome<PastedSettings> {
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
