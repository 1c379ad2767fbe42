/** Everything in Pinwheel that reads external text. */
import type { Parser } from './parser.ts';
import { archiveParsers } from './parsers/archives.ts';
import { documentParsers } from './parsers/documents.ts';
import { fileParsers } from './parsers/files.ts';
import { httpParsers } from './parsers/http.ts';
import { pythonParsers } from './parsers/python.ts';
import { questionParsers } from './parsers/questions.ts';
import { requirementParsers } from './parsers/requirements.ts';

export const parsers: readonly Parser[] = [
  ...requirementParsers,
  ...fileParsers,
  ...questionParsers,
  ...pythonParsers,
  ...documentParsers,
  ...archiveParsers,
  ...httpParsers,
];
