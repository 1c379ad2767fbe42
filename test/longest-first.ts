/**
 * The order of a run: files that share a process stand together, so that it goes on from one to the next. Of all
 * others, what takes longest begins first, so that no core waits for it at the end.
 */
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** Projects of vitest.config.ts without isolation. */
const SHARED = ['workerd', 'pure'];

/** vitest knows how long files took last time; in a fresh clone it goes by their size, which says little of these. */
const LONGEST = [
  'browser/pages',
  'scripts/start',
  'scripts/killed',
  'scripts/deploy/deploy',
  'cli/publish',
  'cli/log',
  'cli/vendor',
  'cli/vendor-registry',
  'conformance/same-bytes',
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
