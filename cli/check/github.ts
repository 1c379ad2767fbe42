/** A report as annotations of GitHub Actions: workflow commands, one on a line. */
import type { Finding } from '../../resolver/python/index.ts';
import { visible } from '../output/text.ts';

const COMMANDS = { error: 'error', warning: 'warning', info: 'notice' };

export function annotationLines(findings: readonly Finding[]): string[] {
  return findings.map(({ severity, path, line, column, code, message, fix }) => {
    const properties = Object.entries({ file: path, line, col: column, title: code })
      .map(([name, value]) => `${name}=${escapeProperty(visible(String(value)))}`)
      .join(',');
    const text = [message, ...(fix === null ? [] : [fix])].map(visible).join('\n');
    return `::${COMMANDS[severity]} ${properties}::${escapeData(text)}`;
  });
}

function escapeData(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

function escapeProperty(text: string): string {
  return escapeData(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}
