/** The compatibility date and flags of a wrangler file that somebody pasted. */

import { readWranglerTables, wranglerSettings } from '../../../resolver/formats/wrangler.ts';
import type { Issue, Outcome } from '../../../resolver/issue.ts';

export interface PastedSettings {
  compatibility_date: string;
  compatibility_flags: string[];
}

/** Reads the top level. */
export function readWranglerText(text: string): Outcome<PastedSettings> {
  const kind = /^\s*(\{|\/[/*])/.test(text) ? 'json' : 'toml';
  const name = kind === 'json' ? 'wrangler.jsonc' : 'wrangler.toml';
  const tables = readWranglerTables(name, text, kind);
  if (!tables.ok) return { ok: false, issues: tables.issues.map(withoutExcerpt) };
  const settings = wranglerSettings(name, tables.value.tables);
  if (!settings.ok) return settings;
  const { compatibility_date, compatibility_flags } = settings.value;
  if (compatibility_date !== null) return { ok: true, value: { compatibility_date, compatibility_flags } };
  const issue: Issue = {
    kind: 'malformed',
    code: 'malformed_wrangler_file',
    message: `${name} could not be understood: it has no compatibility_date at its top level.`,
    fix: 'Add compatibility_date = "2025-11-02".',
  };
  return { ok: false, issues: [issue] };
}

/** The lines below the first show the place in the text, which may hold secrets. */
function withoutExcerpt(issue: Issue): Issue {
  return { ...issue, message: issue.message.split('\n')[0]! };
}
