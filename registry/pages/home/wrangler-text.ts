/** The compatibility date and flags of a wrangler file that somebody pasted. */
import { type ParseError, parse as parseJson } from 'jsonc-parser';
import { parse as parseToml } from 'smol-toml';
import type { Fault, Outcome } from '../../../resolver/fault.ts';
import { printable } from '../../../resolver/text/printable.ts';

export interface WranglerSettings {
  compatibility_date: string;
  compatibility_flags: string[];
}

/** Reads the top level of TOML, or of JSON with comments. */
export function readWranglerText(text: string): Outcome<WranglerSettings> {
  const table = tableOf(text);
  if (typeof table === 'string') return { ok: false, faults: [malformed(table, 'Paste the whole file.')] };
  const date = Object.hasOwn(table, 'compatibility_date') ? table.compatibility_date : undefined;
  const flags = Object.hasOwn(table, 'compatibility_flags') ? table.compatibility_flags : [];
  const faults: Fault[] = [];
  if (date === undefined) {
    faults.push(
      malformed('it has no compatibility_date at its top level', 'Add compatibility_date = "2025-11-02".'),
    );
  } else if (typeof date !== 'string') {
    const quoted = date instanceof Date ? date.toISOString().slice(0, 10) : '2025-11-02';
    faults.push(
      malformed('compatibility_date is no string', `Write it between quotation marks: "${quoted}".`),
    );
  }
  if (!Array.isArray(flags) || !flags.every((flag) => typeof flag === 'string')) {
    faults.push(malformed('compatibility_flags is no list of strings', 'Write it as ["python_workers"].'));
  }
  if (faults.length > 0) return { ok: false, faults };
  const value = { compatibility_date: date as string, compatibility_flags: flags as string[] };
  return { ok: true, value };
}

/** The settings, or what is wrong with the text. */
function tableOf(text: string): Record<string, unknown> | string {
  try {
    if (!/^\s*(\{|\/[/*])/.test(text)) return parseToml(text);
    const errors: ParseError[] = [];
    const value: unknown = parseJson(text, errors, { allowTrailingComma: true });
    const [wrong] = errors;
    if (wrong) return `it is no JSON on line ${text.slice(0, wrong.offset).split('\n').length}`;
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return 'it is no object';
    return value as Record<string, unknown>;
  } catch (error) {
    if (error instanceof RangeError) return 'it is nested too deep';
    return `it is no TOML: ${(error as Error).message.split('\n')[0]}`;
  }
}

function malformed(problem: string, fix: string): Fault {
  const message = `The wrangler file could not be understood: ${printable(problem)}.`;
  return { kind: 'malformed', code: 'malformed_wrangler_file', message, fix };
}
