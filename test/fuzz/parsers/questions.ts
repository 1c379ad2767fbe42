/** Whole questions, of dates, flags and requirements, to the answer or the issues. */

import { readBox } from '../../../registry/http/box.ts';
import { answerResolve } from '../../../resolver/closure/resolve.ts';
import { isCalendarDay } from '../../../resolver/compatibility/date.ts';
import { isPackageFlag } from '../../../resolver/compatibility/package-set.ts';
import { selectTarget } from '../../../resolver/compatibility/target.ts';
import { scanPython } from '../../../resolver/python/scan.ts';
import { compare } from '../../../resolver/time/compare.ts';
import { when } from '../../../resolver/time/when.ts';
import { requirement } from '../../resolver/requirements/generate.ts';
import { AS_OF, source, view } from '../../resolver/time/data.ts';
import type { Parser } from '../parser.ts';

const FLAGS = [...view.flagByName.keys()];
const SETS = [...view.sets.keys()];
const DATES = [
  ...['2025-11-02', '2025-02-30', '2026-12-31', '1999-12-31', '3000-01-01', '2025-9-1', '20250901'],
  ...['2025-09-29T00:00', '２０２５-01-01', '2025-01-01\n', ''],
];
const PIECES = ['\n', '-', '0', '2025', ...DATES, ...FLAGS.slice(-30), ...SETS.slice(-10), 'no_', 'python_'];

/** The first line is the date, the second the day of the question, and the others are flags. */
function questionOf(text: string) {
  const [date = '', asOf = '', ...flags] = text.split('\n');
  return {
    compatibility_date: date === '' ? null : date,
    as_of: asOf === '' ? AS_OF : asOf,
    compatibility_flags: flags,
    experimental: text.length % 2 === 0,
  };
}

export const questionParsers: readonly Parser[] = [
  {
    name: 'date and flags',
    share: 60,
    read(text) {
      isCalendarDay(text);
      isPackageFlag(text);
      return selectTarget(view, questionOf(text)).ok;
    },
    samples: [
      '2025-11-02\n2026-11-20\npython_workers',
      `\n\n${SETS.at(-1)}`,
      '2025-11-02\n\npython_workers\nno_python_workers_314',
    ],
    pieces: PIECES,
    make: (random) =>
      [
        random.pick(DATES),
        random.maybe(50, () => random.pick(DATES)),
        'python_workers',
        ...random.list(0, 4, () => random.pick(random.chance(20) ? SETS : FLAGS)),
      ].join('\n'),
    longest: 32_000,
  },
  {
    name: 'the box of a page',
    share: 10,
    read(text) {
      const { requirements, dates, flags, wrangler } = readBox(text, {
        ...{ flags: new Set(FLAGS), scan: scanPython },
      });
      return [requirements, wrangler, ...dates, ...flags].some((part) => part !== '');
    },
    samples: [
      'numpy >= 2, <3 PIL.Image 2025-11-02 python_workers',
      'compatibility_date = "2025-11-02"\n[vars]\nA = "b"\nfastapi',
      'import os\nfrom PIL import Image\n',
      'pip install -U numpy "six>1" \\\n -r x.txt && npx pinwheel add pandas # both',
    ],
    pieces: [...PIECES, ' ', ',', '[', ']', '>=', '\n[project]', 'import ', 'compatibility_date = "'],
    make: (random) => random.list(0, 6, () => requirement(random)).join(random.chance(50) ? ' ' : '\n'),
    longest: 32_000,
  },
  {
    name: 'question: resolve, when and compare',
    share: 8,
    async read(text) {
      const [date = '', ...requirements] = text.split('\n');
      const question = { ...questionOf(date), compatibility_flags: ['python_workers'] };
      const answer = await answerResolve(view, { ...question, requirements }, source);
      await when(view, { requirement: requirements[0] ?? date, as_of: AS_OF }, source);
      const sides = { from: '2025-11-02', to: date };
      await compare(view, { ...sides, as_of: AS_OF, requirements }, source);
      return answer.ok;
    },
    samples: ['2025-11-02\nfastapi\nnumpy>=2', '2026-11-01\npolars\nPIL', '2025-11-02\nlangchain'],
    pieces: [
      ...DATES,
      '\n',
      'fastapi',
      'numpy',
      '>=2',
      '==',
      '; os_name == "posix"',
      'pydantik',
      SETS.at(-1)!,
    ],
    make: (random) => ['2025-11-02', ...random.list(0, 5, () => requirement(random))].join('\n'),
    longest: 4_000,
  },
];
