/** What a refusal proposes to those who asked no index; `index` is a member of a question to the library too. */
export const ASK_AN_INDEX = 'Ask an index too: --index is PyPI, --index-url URL any other.';
