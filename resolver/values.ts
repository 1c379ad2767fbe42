/** Values that several documents have, as zod schemas. */
import * as z from 'zod';
import { isCalendarDay } from './compatibility/date.ts';

export const Sha256 = z.string().regex(/^[0-9a-f]{64}$/, 'a SHA-256 is 64 hexadecimal digits in lower case');

/** `YYYY-MM-DD`, of the years that workerd accepts. */
export const Day = z.iso
  .date({ abort: true, error: 'a day is YYYY-MM-DD' })
  .refine(isCalendarDay, 'a day is from 2000-01-01 to 2999-12-31');

export const Revision = z.int().positive();

/** Used in other files without escaping: one word, one line. */
export const Word = z.string().regex(/^[^\s\p{C}]+$/u, 'it is one word, without control characters');

/** A package's name as PEP 503 normalises it. */
export const CanonicalName = z
  .string()
  .regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, 'a canonical name (PEP 503) has a-z, 0-9 and single hyphens');

/** Behind the day, an operator's own sets can have a suffix, which upstream's and Pinwheel's never have. */
export const PackageFlag = z
  .string()
  .regex(
    /^python_3\.\d+_packages_\d{4}_\d{2}_\d{2}(?:_[a-z][a-z0-9]{0,19})?$/,
    'a package flag is python_X.Y_packages_YYYY_MM_DD, or that and a suffix of your own such as _acme',
  );

/** A text for people. */
export const Line = z
  .string()
  .regex(/^[^\p{C}\u2028\u2029]+$/u, 'it is one line, without control characters');
