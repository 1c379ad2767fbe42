/** What only a project's files need: the script of its own that the page loads with the first folder. */
export { check } from '../../../../resolver/pinwheel/check.ts';
