/** At most this many issues of a question are explained; the rest have no proposals. */
export const MOST_EXPLAINED = 50;
