/** Says at the end of a run what it left out and why, and how to run again what failed. */
import { relative } from 'node:path';
import type { Reporter, TestModule } from 'vitest/node';
import { root } from '../../scripts/root.ts';

export class WhatNext implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    // Its name, or that of what it belongs to, says why.
    const skipped = modules.flatMap((module) =>
      [...module.children.allTests('skipped')]
        .filter(() => module.state() !== 'failed')
        .map((test) => `${nameOf(module)}: ${test.fullName}`),
    );
    if (skipped.length > 0) console.log(['Skipped:', ...skipped].join('\n  '));
    const failed = modules.filter((module) => !module.ok()).map(nameOf);
    if (failed.length > 0) console.log(`Run what failed again: npm test -- ${failed.join(' ')}`);
  }
}

function nameOf({ moduleId }: TestModule): string {
  return relative(root, moduleId);
}
