/** The fix for questions without an index; `index` is a member of the library's questions, too. */
export const ASK_AN_INDEX = 'An index may have it: --index for PyPI, or --index-url URL.';
