/** Issues of what is asked beyond a package set. */
import { printable } from '../text/printable.ts';
import { define } from './define.ts';
import type { Stated } from './documents.ts';
import type { Written } from './requirements.ts';

/** No file of an index satisfies a requirement. */
export const noVersion = /* @__PURE__ */ define(
  'unanswerable',
  'no_version',
  ({ message, fix }: Stated & Written & { package: string }) => [message, fix],
);

/** Requirements that contradict each other; the message is the proof. */
export const noSolution = /* @__PURE__ */ define(
  'unanswerable',
  'no_solution',
  ({ message, fix }: Stated) => [message, fix],
);

export const invalidCutoff = /* @__PURE__ */ define(
  'malformed',
  'invalid_cutoff',
  ({ cutoff }: { cutoff: string }) => [
    `${printable(cutoff)} is neither a day nor a moment up to which uploads could count.`,
    'Write a day like 2026-11-20, or a moment like 2026-11-20T12:00:00Z.',
  ],
);

export const invalidName = /* @__PURE__ */ define(
  'malformed',
  'invalid_name',
  ({ name }: { name: string }) => [
    `${printable(name)} is not the name of a package.`,
    'Write its name alone.',
  ],
);
