/** Words that claim more of a package than that a set lists it. */
export const CLAIMS = /\b(?:supported|supports|works?|still works|gets)\b/i;
