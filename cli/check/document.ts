import type { TargetAnswer } from '../../resolver/answer.ts';
import type { Report } from '../../resolver/python/index.ts';

/** What `--json` prints, but for the nesting of `report`. */
export interface CheckDocument {
  target: TargetAnswer;
  project: {
    /** The folder that modules are imported from. */
    root: string;
    /** The main module; null where it is not known. */
    main: string | null;
    /** The files that requirements were read from. */
    requirements: string[];
  };
  report: Report;
}

export function jsonOf({
  target: { registry, answer_version, ...target },
  project,
  report,
}: CheckDocument): string {
  return JSON.stringify({ registry, answer_version, target, project, ...report });
}
