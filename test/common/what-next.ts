/**
 * Says at the end of a run what it left out and why, what failed, and how to run it again. What failed is also added to
 * the file that `FAILED_TESTS` names, so that scripts/test.ts can say it after all runs.
 */
import { appendFileSync, mkdirSync } from 'node:fs';
import { dirname, relative } from 'node:path';
import type { Reporter, SerializedError, TestModule } from 'vitest/node';
import { root } from '../../scripts/root.ts';

export class WhatNext implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], unhandledErrors: readonly SerializedError[]): void {
    // Its name, or that of what it belongs to, says why.
    const skipped = modules.flatMap((module) =>
      [...module.children.allTests('skipped')]
        .filter(() => module.state() !== 'failed')
        .map((test) => `${nameOf(module)}: ${test.fullName}`),
    );
    if (skipped.length > 0) console.log(['Skipped:', ...skipped].join('\n  '));
    const failed = modules.filter((module) => !module.ok());
    if (failed.length + unhandledErrors.length === 0) return;
    const names = failed.map(nameOf).join(' ');
    const lines = [
      ...failed.flatMap(failuresOf),
      ...unhandledErrors.map((error) => `outside of all tests: ${firstLine(error)}`),
      ...(names ? [`Run what failed again: npm test -- ${names}`] : []),
    ];
    const file = process.env.FAILED_TESTS;
    if (file) {
      mkdirSync(dirname(file), { recursive: true });
      appendFileSync(file, `${lines.join('\n')}\n`);
    } else console.log(lines.join('\n'));
  }
}

function failuresOf(module: TestModule): string[] {
  const tests = [...module.children.allTests('failed')];
  return [
    ...module.errors().map((error) => `${nameOf(module)}: ${firstLine(error)}`),
    ...tests.map(
      (test) => `${nameOf(module)}: ${test.fullName}: ${test.result().errors?.map(firstLine).join('; ')}`,
    ),
  ];
}

function firstLine({ message }: { message: string }): string {
  return message.split('\n', 1)[0]!;
}

function nameOf({ moduleId }: TestModule): string {
  return relative(root, moduleId);
}
