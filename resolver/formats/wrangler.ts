/** Wrangler files, as wrangler reads them: TOML, or JSON with comments. */

import { type ParseError, parse as parseJson, printParseErrorCode } from 'jsonc-parser';
import { parse as parseToml } from 'smol-toml';
import type { Diagnostic } from '../answer.ts';
import type { Issue, Outcome } from '../issue.ts';
import { malformedWranglerFile, unknownEnvironment } from '../issues/documents.ts';
import { remark } from '../issues/fixes.ts';
import { isTable, own, type Table } from './table.ts';

export interface WranglerSettings {
  compatibility_date: string | null;
  compatibility_flags: string[];
}

export interface WranglerTables {
  /** The tables in which settings are looked up, in this order: the environment, if there is one, and the top level. */
  tables: Table[];
  remarks: Diagnostic[];
}

/** The tables of an environment; null, or an empty name, is the top level. Messages call the file `name`. */
export function readWranglerTables(
  name: string,
  text: string,
  kind: 'toml' | 'json',
  environment: string | null = null,
): Outcome<WranglerTables> {
  let top: unknown;
  try {
    top = kind === 'toml' ? parseToml(text) : readJson(text);
  } catch (error) {
    const detail = error instanceof RangeError ? 'it is nested too deep' : (error as Error).message.trimEnd();
    return refuse([malformedWranglerFile({ problem: 'not_parsed', file: name, form: kind, detail })]);
  }
  if (!isTable(top)) return refuse([malformedWranglerFile({ problem: 'no_object', file: name })]);
  if (!environment) return { ok: true, value: { tables: [top], remarks: [] } };
  const environments = own(top, 'env');
  const table = isTable(environments) ? own(environments, environment) : undefined;
  if (isTable(table)) return { ok: true, value: { tables: [table, top], remarks: [] } };
  const known = isTable(environments) ? Object.keys(environments) : [];
  const issue = unknownEnvironment({ file: name, environment, known });
  // Without any environment, wrangler warns and takes the top level.
  if (!environments) {
    const { code, message } = issue;
    const fix = 'The top level is used, as wrangler does. Leave out --env and CLOUDFLARE_ENV.';
    return { ok: true, value: { tables: [top], remarks: [remark('warning', code, message, fix)] } };
  }
  return refuse([issue]);
}

/** The settings that decide the target. The date is null if there is none: package flags have their own. */
export function wranglerSettings(name: string, tables: readonly Table[]): Outcome<WranglerSettings> {
  const issues = tables.flatMap((table) => settingIssues(name, table));
  if (issues.length > 0) return refuse(issues);
  const date = settingIn(tables, 'compatibility_date') as string | undefined;
  const flags = settingIn(tables, 'compatibility_flags') as string[] | undefined;
  return { ok: true, value: { compatibility_date: date ?? null, compatibility_flags: flags ?? [] } };
}

function settingIssues(name: string, table: Table): Issue[] {
  const date = own(table, 'compatibility_date');
  const flags = own(table, 'compatibility_flags');
  const issues: Issue[] = [];
  if (date !== undefined && typeof date !== 'string') {
    const meant = date instanceof Date ? date.toISOString().slice(0, 10) : '2025-11-02';
    issues.push(malformedWranglerFile({ problem: 'date_of_another_type', file: name, meant }));
  }
  if (flags !== undefined && !isListOfText(flags)) {
    issues.push(malformedWranglerFile({ problem: 'flags_of_another_type', file: name }));
  }
  return issues;
}

export function settingIn(tables: readonly Table[], key: string): unknown {
  return tables.map((table) => own(table, key)).find((value) => value !== undefined);
}

/** The classes of this Worker that its settings name, and the class of `workers` that each has to extend. */
export function projectClasses(settings: Table): { kind: string; name: string }[] {
  const objects = isTable(settings.durable_objects) ? settings.durable_objects.bindings : [];
  const of = (kind: string, bindings: unknown) =>
    (Array.isArray(bindings) ? bindings : []).flatMap((binding) =>
      isTable(binding) && binding.script_name === undefined && typeof binding.class_name === 'string'
        ? [{ kind, name: binding.class_name }]
        : [],
    );
  return [...of('DurableObject', objects), ...of('WorkflowEntrypoint', settings.workflows)];
}

export function isListOfText(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((item) => typeof item === 'string');
}

/** Throws naming the first place that cannot be read. */
function readJson(text: string): unknown {
  const errors: ParseError[] = [];
  const value: unknown = parseJson(text, errors, { allowTrailingComma: true });
  const [wrong] = errors;
  if (!wrong) return value;
  const before = text.slice(0, wrong.offset).split('\n');
  const what = printParseErrorCode(wrong.error)
    .replace(/(?<=[a-z])(?=[A-Z])/g, ' ')
    .toLowerCase();
  throw new SyntaxError(`${what} at line ${before.length}, column ${before.at(-1)!.length + 1}`);
}

function refuse<Value>(issues: Issue[]): Outcome<Value> {
  return { ok: false, issues };
}
