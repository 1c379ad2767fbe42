/** The check of a project's files: a separate script, which the page loads with the first folder. */
export { check } from '../../../../resolver/pinwheel/check.ts';
