/** What the front page is asked: by an address, or by its form with files pasted into it. */
import type { Diagnostic } from '../../../resolver/answer.ts';
import type { Outcome } from '../../../resolver/issue.ts';
import { readSingles } from '../parts/parameters.ts';
import { type Asked, type PageQuestion, readQuestion } from '../parts/question.ts';
import { readRequirementLines } from './requirement-lines.ts';
import { readWranglerText } from './wrangler-text.ts';

export interface HomeAsked extends Asked {
  /** One on a line, as they were written. */
  requirements: string;
  wrangler: string;
  /** Whether anything was asked at all. */
  anything: boolean;
}

export interface HomeQuestion extends PageQuestion {
  requirements: string[];
  /** About what was left out of the requirements. */
  remarks: Diagnostic[];
}

/** Of all that can be asked. */
const NAMES = [
  ...['date', 'flag', 'flags', 'as_of', 'revision', 'experimental'],
  ...['requirement', 'requirements', 'wrangler'],
];

/** A pasted wrangler file takes the place of the date and the flags. */
export function readHomeQuestion(
  parameters: Record<string, string[]>,
  today: string,
): { asked: HomeAsked; outcome: Outcome<HomeQuestion> } {
  const { singles, issues } = readSingles(parameters, ['wrangler', 'requirements']);
  const { wrangler = '', requirements: pasted = '' } = singles;
  const settings = wrangler.trim() === '' ? null : readWranglerText(wrangler);
  const replaced = settings?.ok
    ? {
        ...parameters,
        date: [settings.value.compatibility_date],
        flag: settings.value.compatibility_flags,
        flags: [],
      }
    : parameters;
  const target = readQuestion(replaced, today);
  const given = (parameters.requirement ?? []).filter((text) => text !== '');
  const lines = readRequirementLines(pasted);
  const asked: HomeAsked = {
    ...target.asked,
    // The field stays empty where it was, so that the next question is about its own day.
    date: replaced.date?.[0] ?? '',
    requirements: [...given, ...(pasted === '' ? [] : [pasted])].join('\n'),
    wrangler,
    anything: NAMES.some((name) => (parameters[name] ?? []).some((text) => text !== '')),
  };
  for (const outcome of [settings, target.outcome])
    if (outcome && !outcome.ok) issues.push(...outcome.issues);
  if (issues.length > 0 || !target.outcome.ok) return { asked, outcome: { ok: false, issues } };
  const requirements = [...given, ...lines.requirements];
  const value = { ...target.outcome.value, requirements, remarks: lines.remarks };
  return { asked, outcome: { ok: true, value } };
}
