/** Helpers for reading a project's tables. */

import { isTable, own, type Table } from '../../../resolver/formats/table.ts';
import { canonicalName } from '../../../resolver/index.ts';
import { malformedPyproject } from '../../../resolver/issues/documents.ts';
import type { FileRequirement } from '../../ask/file-requirement.ts';
import type { LocatedIssue } from '../../common/failure.ts';
import type { Remark } from '../../common/listener.ts';

/** A file being read: its name, its issues, and remarks about what is skipped. */
export interface Reading {
  file: string;
  issues: LocatedIssue[];
  remarks: Remark[];
}

/** The canonical names that a table has. */
export function namesIn(table: unknown): string[] {
  return isTable(table) ? Object.keys(table).map(canonicalName) : [];
}

/** A list of requirements; `place` names it inside the file. */
export function readList(value: unknown, place: string, reading: Reading): FileRequirement[] {
  if (value === undefined) return [];
  if (Array.isArray(value) && value.every((text) => typeof text === 'string')) {
    return value.map((text, at) => ({ text, where: `${reading.file}, ${place}, entry ${at + 1}` }));
  }
  malformed(reading, `${place} has to be a list of strings`, 'Write it as in ["fastapi", "httpx>=0.28"].');
  return [];
}

/** Adds a remark if a field is left to a build backend. */
export function noteDynamic(project: Table, field: string, { file, remarks }: Reading): void {
  const dynamic = own(project, 'dynamic');
  if (!Array.isArray(dynamic) || !dynamic.includes(field)) return;
  const message = `${file} leaves project.${field} to its build backend, which pinwheel does not run.`;
  const fix = 'Give the file that the backend reads with -r, or name the requirements.';
  remarks.push({ severity: 'warning', message, fix });
}

/** Adds an issue about a field. */
export function malformed({ file, issues }: Reading, problem: string, fix: string): void {
  issues.push({ ...malformedPyproject({ message: `${problem}.`, fix }), where: file });
}
