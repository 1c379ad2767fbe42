/** A form with a pasted wrangler file instead of a date and flags. */
import { readWranglerTables, wranglerSettings } from '../../resolver/formats/wrangler.ts';
import type { Issue, Outcome } from '../../resolver/index.ts';
import { malformedWranglerFile } from '../../resolver/issues/documents.ts';
import { type Fields, textsOf } from './fields.ts';
import { type Asked, type FormQuestion, readForm } from './form.ts';

interface PastedSettings {
  compatibility_date: string;
  compatibility_flags: string[];
}

/** Reads the fields like {@link readForm}; a pasted file replaces the date and the flags. */
export function readWranglerForm(
  fields: Fields,
  today: string,
): { asked: Asked; outcome: Outcome<FormQuestion> } {
  const [wrangler = ''] = textsOf(fields, 'wrangler');
  const settings = wrangler.trim() === '' ? null : readWranglerText(wrangler);
  if (!settings) return readForm(fields, today);
  if (!settings.ok) {
    const { asked, outcome } = readForm(fields, today);
    return {
      asked,
      outcome: { ok: false, issues: [...settings.issues, ...(outcome.ok ? [] : outcome.issues)] },
    };
  }
  const { compatibility_date, compatibility_flags } = settings.value;
  return readForm({ ...fields, date: [compatibility_date], flag: compatibility_flags, flags: [] }, today);
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
