/**
 * The order of a run: files that share processes are together, so that these are reused. Of the others, the slowest
 * start first, so that no core is idle at the end.
 */
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** The project of vitest.config.ts without isolation; that of workerd runs by itself. */
const SHARED = 'pure';

/** vitest sorts by earlier durations; in a fresh clone it sorts by size, which says little about these files. */
const LONGEST = [
  'browser/smoke',
  'scripts/start',
  'cli/log',
  'cli/publish',
  'cli/vendor',
  'cli/vendor-registry',
  'conformance/same-bytes',
  'scripts/commands',
  'scripts/seed',
  'package/package',
].map((name) => `/test/${name}.test.ts`);

export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const place = ({ moduleId, project }: TestSpecification) => {
      if (project.name === SHARED) return -1;
      const at = LONGEST.findIndex((one) => moduleId.endsWith(one));
      return at < 0 ? LONGEST.length : at;
    };
    return (await super.sort(files)).sort((a, b) => place(a) - place(b));
  }
}
