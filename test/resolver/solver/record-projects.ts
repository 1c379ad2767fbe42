/**
 * Writes test/fixtures/projects.jsonl from what pip reports of the newest wheels of projects:
 *
 *     pip install --dry-run --ignore-installed --no-deps --only-binary=:all: --report FILE NAME…
 *     node test/resolver/solver/record-projects.ts FILE…
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { canonicalName } from '../../../resolver/requirements/name.ts';
import type { RecordedProject } from './real-projects.ts';

interface Report {
  install: {
    metadata: { name: string; version: string; requires_python?: string; requires_dist?: string[] };
  }[];
}

const projects = new Map<string, RecordedProject>();
for (const file of process.argv.slice(2)) {
  const { install } = JSON.parse(readFileSync(file, 'utf8')) as Report;
  for (const { metadata } of install) {
    const { name, version, requires_python = null, requires_dist = [] } = metadata;
    projects.set(canonicalName(name), { version, requires_python, requires_dist });
  }
}
const lines = [...projects].sort(([a], [b]) => (a < b ? -1 : 1));
const text = lines.map(([name, project]) => `${JSON.stringify({ name, ...project })}\n`).join('');
writeFileSync(new URL('../../fixtures/projects.jsonl', import.meta.url), text);
console.log(`${projects.size} projects`);
