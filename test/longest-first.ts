/**
 * The order of a run: files that share a process are together, so that the process is reused. Of the others, the
 * slowest start first, so that no core is idle at the end.
 */
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** Projects of vitest.config.ts without isolation. */
const SHARED = ['workerd', 'pure'];

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
      const shared = SHARED.indexOf(project.name);
      if (shared >= 0) return shared - SHARED.length;
      const at = LONGEST.findIndex((one) => moduleId.endsWith(one));
      return at < 0 ? LONGEST.length : at;
    };
    return (await super.sort(files)).sort((a, b) => place(a) - place(b));
  }
}
