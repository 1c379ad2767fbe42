/** In one refusal; what is wrong beyond them is only counted. Apart, so that scripts of pages need not have zod. */
export const MOST_ERRORS = 20;
