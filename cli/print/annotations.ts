/** Findings for services that show them next to the code: GitHub Actions, and readers of SARIF 2.1.0. */
import { isAbsolute } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Finding } from '../../resolver/python/index.ts';
import { readPackageJson } from '../common/package-root.ts';
import { visible } from '../common/text.ts';
import { fixOf } from './fixes.ts';

/** Empty if the finding is not about a file. */
export type Annotation = Finding;

const COMMANDS = { error: 'error', warning: 'warning', info: 'notice' };
const LEVELS = { error: 'error', warning: 'warning', info: 'note' };

/** Workflow commands of GitHub Actions, one on a line. */
export function githubLines(annotations: readonly Annotation[]): string[] {
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
export function sarifLog(annotations: readonly Annotation[]): object {
  const { version } = readPackageJson('package.json') as { version: string };
  const rules = [...new Set(annotations.map(({ code }) => code))].sort();
  return {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: { driver: { name: 'pinwheel', version, rules: rules.map(ruleOf) } },
        columnKind: 'unicodeCodePoints',
        results: annotations.map((annotation) => ({
          ruleId: annotation.code,
          ruleIndex: rules.indexOf(annotation.code),
          level: LEVELS[annotation.severity],
          message: { text: textOf(annotation) },
          locations: annotation.path === '' ? [] : [locationOf(annotation)],
        })),
      },
    ],
  };
}

function ruleOf(id: string) {
  return { id, shortDescription: { text: id.replaceAll('_', ' ') } };
}

function locationOf({ path, line: startLine, column: startColumn }: Annotation) {
  const uri = isAbsolute(path)
    ? pathToFileURL(path).href
    : encodeURI(path.replaceAll('\\', '/')).replaceAll('#', '%23').replaceAll('?', '%3F');
  return { physicalLocation: { artifactLocation: { uri }, region: { startLine, startColumn } } };
}

function textOf(annotation: Annotation): string {
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
