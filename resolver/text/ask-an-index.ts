/** The fix for questions without an index; `index` is a member of the library's questions, too. */
export const ASK_AN_INDEX = 'Ask an index too: --index is PyPI, --index-url URL any other.';
