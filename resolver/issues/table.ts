/** The whole table of issues. Only edges need all of it at once; its rows are imported one by one elsewhere. */
import * as build from './build.ts';
import * as closure from './closure.ts';
import * as documents from './documents.ts';
import * as files from './files.ts';
import { answerDisproved, logBroken } from './log.ts';
import * as publication from './publication.ts';
import { invalidParameter, invalidQuestion, leftOut } from './question.ts';
import { outOfReach } from './reach.ts';
import {
  MISREAD_CODES,
  misread,
  READ,
  type SyntaxIssue,
  tooLong,
  tooManyRequirements,
} from './requirements.ts';
import * as solver from './solver.ts';
import * as target from './target.ts';
import { wrongUsage } from './usage.ts';

const ROWS = {
  ...target,
  ...closure,
  ...documents,
  ...publication,
  ...build,
  ...solver,
  ...files,
  invalidParameter,
  invalidQuestion,
  leftOut,
  wrongUsage,
  outOfReach,
  logBroken,
  answerDisproved,
  tooManyRequirements,
};

export type Issue = ReturnType<(typeof ROWS)[keyof typeof ROWS]> | SyntaxIssue;
export type IssueCode = Issue['code'];

export const KINDS = Object.fromEntries(
  [...Object.values(ROWS), ...MISREAD_CODES.map(misread), ...READ.map(tooLong)].map(({ code, kind }) => [
    code,
    kind,
  ]),
) as { [Code in IssueCode]: Extract<Issue, { code: Code }>['kind'] };
