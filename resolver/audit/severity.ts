/** CVSS's qualitative scale, the least severe first. */
export const SEVERITIES = ['none', 'low', 'medium', 'high', 'critical'] as const;
export type Severity = (typeof SEVERITIES)[number];

/** @param score 0 to 10, of any version of CVSS */
export function severityOf(score: number): Severity {
  if (score === 0) return 'none';
  return score < 4 ? 'low' : score < 7 ? 'medium' : score < 9 ? 'high' : 'critical';
}
