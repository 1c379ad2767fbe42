/** Findings for services that show them next to the code: GitHub Actions, and readers of SARIF 2.1.0. */

import { readFileSync } from 'node:fs';
import { isAbsolute } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Finding } from '../../resolver/python/index.ts';
import { readPackageJson } from '../common/package-root.ts';
import { visible } from '../common/text.ts';
import { fixOf } from './remarks.ts';

const COMMANDS = { error: 'error', warning: 'warning', info: 'notice' };
const LEVELS = { error: 'error', warning: 'warning', info: 'note' };

/** Workflow commands of GitHub Actions, one on a line. A finding that is about no file has an empty path. */
function githubLines(annotations: readonly Finding[]): string[] {
  return annotations.map((annotation) => {
    const { severity, path, line, column, code } = annotation;
    const place = path === '' ? {} : { file: path, line, col: column };
    const properties = Object.entries({ ...place, title: code })
      .map(([name, value]) => `${name}=${escapeProperty(visible(String(value)))}`)
      .join(',');
    return `::${COMMANDS[severity]} ${properties}::${escapeData(textOf(annotation))}`;
  });
}

/** A whole SARIF log of one run. Paths are relative to the current folder, which is the root of the checkout. */
function sarifLog(annotations: readonly Finding[]): object {
  const { version } = readPackageJson('package.json') as { version: string };
  const codes = [...new Set(annotations.map(({ code }) => code))].sort();
  const rules = codes.map((id) => ({ id, shortDescription: { text: id.replaceAll('_', ' ') } }));
  const driver = { name: 'pinwheel', version, rules };
  const results = annotations.map((annotation) => ({
    ruleId: annotation.code,
    ruleIndex: codes.indexOf(annotation.code),
    level: LEVELS[annotation.severity],
    message: { text: textOf(annotation) },
    locations: annotation.path === '' ? [] : [locationOf(annotation)],
  }));
  return {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [{ tool: { driver }, columnKind: 'unicodeCodePoints', results }],
  };
}

function locationOf({ path, line: startLine, column: startColumn }: Finding) {
  const uri = isAbsolute(path)
    ? pathToFileURL(path).href
    : encodeURI(path.replaceAll('\\', '/')).replaceAll('#', '%23').replaceAll('?', '%3F');
  return { physicalLocation: { artifactLocation: { uri }, region: { startLine, startColumn } } };
}

function textOf(annotation: Finding): string {
  const { message } = annotation;
  const fix = fixOf(annotation);
  const lines = [message, ...(fix === null ? [] : [fix])].flatMap((part) => part.split('\n'));
  return lines.map(visible).join('\n');
}

function escapeData(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

function escapeProperty(text: string): string {
  return escapeData(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}

export function annotated(annotations: readonly Finding[], format: 'github' | 'sarif'): string[] {
  return format === 'github' ? githubLines(annotations) : [JSON.stringify(sarifLog(annotations))];
}

export function datePlace(config: string | null): Pick<Finding, 'path' | 'line' | 'column'> {
  if (config === null) return { path: '', line: 1, column: 1 };
  const lines = readFileSync(config, 'utf8').split('\n');
  const at = lines.findIndex((line) => line.includes('compatibility_date'));
  return { path: config, line: Math.max(at, 0) + 1, column: 1 };
}
