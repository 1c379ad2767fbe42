/** Content negotiation (PEP 691): by `Accept`, or by `?format=` for clients that cannot set it. */

import { type Accept, parseAccept } from 'hono/utils/accept';

/** `html` and `vendor_html` are the same bytes under two names. */
export type Form = 'html' | 'json' | 'vendor_html';

export const CONTENT_TYPES: Record<Form, string> = {
  html: 'text/html; charset=utf-8',
  json: 'application/vnd.pypi.simple.v1+json',
  vendor_html: 'application/vnd.pypi.simple.v1+html',
};

/** Every media type of a form. Of those that a client prefers equally, it gets the first. */
const NAMES = new Map<string, Form>([
  ['text/html', 'html'],
  ['application/vnd.pypi.simple.v1+json', 'json'],
  ['application/vnd.pypi.simple.latest+json', 'json'],
  ['application/vnd.pypi.simple.v1+html', 'vendor_html'],
  ['application/vnd.pypi.simple.latest+html', 'vendor_html'],
]);

export const MEDIA_TYPES: readonly string[] = [...NAMES.keys()];

const FORMS: readonly Form[] = ['html', 'json', 'vendor_html'];

/** The form for the value of `?format=`, one media type. Null if there is no such form. */
export function formOfFormat(format: string): Form | null {
  // A `+` that was not percent-encoded arrives as a space.
  return NAMES.get(format.replaceAll(' ', '+').toLowerCase()) ?? null;
}

/** The form that the client prefers, by `Accept` (RFC 9110). Null if it accepts none. */
export function formOfAccept(accept: string | null): Form | null {
  if (accept === null || accept.trim() === '') return 'html';
  const ranges = parseAccept(accept);
  let best: Form | null = null;
  let bestWeight = 0;
  for (const form of FORMS) {
    const weight = weightOf(form, ranges);
    if (weight <= bestWeight) continue;
    best = form;
    bestWeight = weight;
  }
  return best;
}

/** The weight of the most specific range that a form matches, the greatest of equally specific ones. */
function weightOf(form: Form, ranges: readonly Accept[]): number {
  let specificity = 0;
  let weight = 0;
  for (const range of ranges) {
    const matched = specificityOf(form, range.type.toLowerCase());
    if (matched === 0 || matched < specificity) continue;
    weight = matched === specificity ? Math.max(weight, range.q) : range.q;
    specificity = matched;
  }
  return weight;
}

function specificityOf(form: Form, type: string): 0 | 1 | 2 | 3 {
  if (NAMES.get(type) === form) return 3;
  if (type === (form === 'html' ? 'text/*' : 'application/*')) return 2;
  return type === '*/*' ? 1 : 0;
}
