import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { evaluateFlags } from '../../../resolver/compatibility/workerd.ts';
import { messages, revisionOf, view, viewAt } from './catalog.ts';

/** A row of the fixtures described in `test/fixtures/workerd-truth.md`. */
interface Row {
  group?: string;
  workerd?: string;
  date: string | null;
  flags: string[];
  experimental: boolean;
  bundle: string | null;
  errors: string[];
  warnings: string[];
}

function readRows(name: string): Row[] {
  const text = readFileSync(new URL(`../../fixtures/${name}`, import.meta.url), 'utf8');
  return text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
}

const MEASURED_ON = '2026-11-20';

/** About the age of one binary, not about the platform. */
const tooOld = (error: string) => error.startsWith('This Worker requires compatibility date ');

function verdictOf(row: Row, seen = view) {
  const options = { today: MEASURED_ON, experimental: row.experimental };
  const { selected, errors, warnings } = evaluateFlags(seen, row.date, row.flags, options);
  return {
    bundle: selected?.release.workerd_bundle ?? null,
    errors: messages(errors).sort(),
    warnings: messages(warnings).sort(),
  };
}

const title = (row: Row) => `${row.date} ${row.flags.join(' ')}${row.experimental ? ' --experimental' : ''}`;

describe('what workerd 1.20261117.1 said', () => {
  const rows = readRows('workerd-truth.jsonl');

  test('has 373 cases', () => expect(rows).toHaveLength(373));

  test.for(rows.map((row) => [`${row.group}: ${title(row)}`, row] as const))('%s', ([, row]) => {
    const errors = row.errors.filter((error) => !tooOld(error));
    expect(verdictOf(row)).toEqual({ bundle: row.bundle, errors, warnings: row.warnings });
  });
});

describe('what older binaries said', () => {
  const rows = readRows('workerd-truth-history.jsonl');
  const stopped = rows.filter((row) => row.bundle === null && row.errors.some(tooOld));
  const decided = rows.filter((row) => !stopped.includes(row));

  test('four of 31 cases stopped at the age of the binary', () => {
    expect([rows.length, stopped.length]).toEqual([31, 4]);
  });

  test.for(decided.map((row) => [`${row.workerd}: ${title(row)}`, row] as const))('%s', ([, row]) => {
    // These binaries request no bundle after an error.
    const bundle = row.errors.length > 0 ? expect.any(String) : row.bundle;
    const { errors, warnings } = row;
    expect(verdictOf(row, viewAt(revisionOf(row.workerd!)))).toEqual({ bundle, errors, warnings });
  });
});
