/**
 * At most this many errors are listed in one problem; the rest are counted. A file of its own, so that scripts of pages
 * do not load zod.
 */
export const MOST_ERRORS = 20;
